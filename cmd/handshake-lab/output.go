package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// flushing says when what is written goes out: a sink's affair alone.
type flushing uint8

const (
	eachMoment flushing = iota // at once: with a pause before the next, on a terminal, from a pipe that may be slow
	whenIdle                   // live: by Flush, called before more has to be waited for, in one write for all that has arrived
	whenFull                   // from a file: when there is enough for one write, and at the end
)

// sink is where a view is written: standard output or a file. Its errors end
// the program with exit 8, or quietly where the reader has gone.
type sink struct {
	file    *os.File
	name    string
	ours    bool // opened by us, so closed by us
	flushed flushing
	waiting []byte // for Flush; never more than enough for a write

	whole   bool            // nothing of it is left where it is not whole
	screen  *stepper.Screen // the file is this terminal; may be nil
	records bool            // a capture is written: whoever does so knows where its records end
}

// enough is how many bytes are worth a write.
const enough = 64 << 10

// openSink opens the file called name, or gives standard output for "" and "-".
func openSink(stdout *os.File, name string) (*sink, error) {
	if name == "" || name == "-" {
		return &sink{file: stdout, name: "standard output"}, nil
	}
	if err := privilege.CanDrop(); err != nil {
		return nil, rightsError(err)
	}
	f, err := privilege.Create(name)
	if err != nil {
		return nil, outputError(err)
	}
	return &sink{file: f, name: name, ours: true}, nil
}

// openWhole opens a file that is in its place once it is whole. What is no regular
// file, a device or a FIFO, takes what comes, and so does standard output.
func openWhole(files *privilege.Replacements, stdout *os.File, name string, force bool) (*sink, error) {
	if name == "" || name == "-" || isSpecial(name) {
		return openSink(stdout, name)
	}
	if err := privilege.CanDrop(); err != nil {
		return nil, rightsError(err)
	}
	f, err := files.Open(name, force)
	switch {
	case errors.Is(err, privilege.ErrThere):
		return nil, fail(exitOutput, err, "--force replaces it; or name another file")
	case err != nil:
		return nil, outputError(err)
	}
	return &sink{file: f, name: name, ours: true, whole: true}, nil
}

// goesOut settles when. On a terminal a person sees what there is at once.
func (s *sink) goesOut(flushed flushing) {
	if flushed == whenFull && terminal.Is(s.file) {
		flushed = eachMoment
	}
	s.flushed = flushed
}

func (s *sink) Write(p []byte) (int, error) {
	if s.flushed == eachMoment || len(s.waiting) == 0 && len(p) >= enough {
		return s.write(p)
	}
	s.waiting = append(s.waiting, p...)
	if len(s.waiting) < enough {
		return len(p), nil
	}
	return len(p), s.Flush()
}

// Flush writes what waits.
func (s *sink) Flush() error {
	if len(s.waiting) == 0 {
		return nil
	}
	_, err := s.write(s.waiting)
	s.waiting = s.waiting[:0]
	return err
}

func (s *sink) write(p []byte) (int, error) {
	var to io.Writer = s.file
	if s.screen != nil {
		to = s.screen
	}
	n, err := to.Write(p)
	if err != nil {
		err = fmt.Errorf("write to %s: %w", s.name, bare(err))
		if s.whole {
			return n, fail(exitOutput, err, "nothing is left of it: a file is written whole or not at all")
		}
		err = outputError(err)
		s.cutLine(p[:n])
	}
	return n, err
}

// cutLine takes off the half of a line that a full disk leaves.
func (s *sink) cutLine(written []byte) {
	half := len(written) - 1 - bytes.LastIndexByte(written, '\n')
	if s.records || half == 0 {
		return
	}
	if at, err := s.file.Seek(0, io.SeekCurrent); err == nil {
		_ = s.Truncate(at - int64(half))
	}
}

// Truncate cuts off the end of a file that openSink opened; others are not ours
// to be cut.
func (s *sink) Truncate(size int64) error {
	if info, err := s.file.Stat(); !s.ours || err != nil || !info.Mode().IsRegular() {
		return errors.ErrUnsupported
	}
	return s.file.Truncate(size)
}

// Close writes what waits, and closes what openSink opened: some file systems
// tell only now that they are full.
func (s *sink) Close() error {
	flushed := s.Flush()
	if !s.ours {
		return flushed
	}
	s.ours = false
	if err := s.file.Close(); flushed != nil {
		return flushed
	} else if err != nil {
		return outputError(fmt.Errorf("close %s: %w", s.name, bare(err)))
	}
	return nil
}

// bare takes off what os adds to a system error, the operation and the name,
// where the message around it names them already.
func bare(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}
