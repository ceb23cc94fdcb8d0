package main

import (
	"fmt"
	"os"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// saveFlags is -w: the capture file that a live capture is written to.
type saveFlags struct {
	path string
	to   *sink
	w    *savefile.Writer
}

// open makes the file; begin writes its header, once the capture is open. output
// is the name of the other one that will be opened.
func (s *saveFlags) open(a *app, output string) (err error) {
	if err := a.apart("", s.path, output); err != nil || s.path == "" {
		return err
	}
	if s.toStdout() && terminal.Is(a.stdout) {
		return useError("pipe it on: -w - | wireshark -k -i -", "-w - would write the capture's bytes to the terminal")
	}
	if s.to, err = openSink(a.stdout, s.path); err == nil {
		s.to.records = true
	}
	return err
}

// toStdout reports whether the capture goes to standard output, and so everything
// else to standard error.
func (s *saveFlags) toStdout() bool { return s.path == "-" }

// outBeside is where what is shown goes, where that is no file: standard output, or
// standard error where the capture has that to itself.
func (a *app) outBeside(save *saveFlags, show *showFlags) *os.File {
	if save.toStdout() && show.out == "" {
		return a.stderr
	}
	return a.stdout
}

func (s *saveFlags) begin(interfaces []capture.Interface) (err error) {
	if s.to == nil {
		return nil
	}
	s.w, err = savefile.NewWriter(s.to, savefile.FormatOf(s.path), capture.Section{}, interfaces)
	return saveError(err)
}

// tap is what a flow hands its packets to; nil where nothing is saved.
func (s *saveFlags) tap() func(*capture.Packet) error {
	if s.w == nil {
		return nil
	}
	return func(p *capture.Packet) error {
		return saveError(s.w.Write(p))
	}
}

// saveError is nil where err is. The writer's errors name the packet.
func saveError(err error) error {
	if err == nil {
		return nil
	}
	return outputError(fmt.Errorf("save %w", err))
}

func (s *saveFlags) close() error {
	if s.to == nil {
		return nil
	}
	return s.to.Close()
}
