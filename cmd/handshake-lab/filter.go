package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/doctor"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/spf13/cobra"
)

// choice is what is shown of a capture: --stream, --port, and a BPF
// expression of bare words, as tcpdump takes it.
type choice struct {
	streams []int
	frames  []string
	steps   bool
	port    portNumber
	words   string // the expression
}

func (f *choice) flags(c *cobra.Command) {
	c.Flags().IntSliceVar(&f.streams, "stream", nil, "show only the conversations of these `numbers`, from 0: 2 or 0,3")
	c.Flags().StringSliceVar(&f.frames, "frame", nil, "show only the frames of these `numbers`: 4 or 1-3,7")
	c.Flags().BoolVar(&f.steps, "handshake", false, "show only the steps of handshakes: SYN, SYN+ACK and what completes them")
	c.Flags().Var(&f.port, "port", "show only conversations with this TCP port")
}

// filter is for a file: everything is tracked, the filter chooses what is shown.
func (f *choice) filter(words []string) (pipeline.Filter, error) {
	filter := pipeline.Filter{Streams: f.streams, Port: uint16(f.port), Steps: f.steps}
	for _, text := range f.frames {
		first, last, err := frameRange(text)
		if err != nil {
			return filter, err
		}
		for n := first; n <= last; n++ {
			filter.Frames = append(filter.Frames, n)
		}
	}
	for _, n := range f.streams {
		if n < 0 {
			return filter, useError("streams are numbered from 0", "--stream %d: want 0 or more", n)
		}
	}
	if len(words) == 0 {
		return filter, nil
	}
	if namesCapture(words[0]) {
		return filter, useError("what stands behind FILE is a filter, such as tcp port 6000", "one capture is taken, not %s too", words[0])
	}
	if err := shortEnough(words); err != nil {
		return filter, err
	}
	f.words = strings.Join(words, " ")
	m := &matcher{expression: f.words, byLink: make(map[capture.LinkType]*live.Filter)}
	var err error
	for _, link := range []capture.LinkType{capture.LinkEthernet, capture.LinkRaw, capture.LinkSLL} {
		if _, err = live.CompileFilter(link, capture.MaxCaptured, m.expression); err == nil {
			filter.Matches = m.match
			return filter, nil
		}
	}
	return filter, captureError(err)
}

// portNumber is a flag value: a TCP port, 0 where none was named.
type portNumber uint16

func (p *portNumber) String() string { return strconv.Itoa(int(*p)) }

// Type is what help shows for the value.
func (p *portNumber) Type() string { return "port" }

// Set takes a port.
func (p *portNumber) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return errors.New("want a number from 1 to 65535")
	}
	*p = portNumber(n)
	return nil
}

// namesCapture reports whether a word is the name of a capture, there or not, and so
// no part of a filter.
func namesCapture(word string) bool {
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(word), ".gz"), ".zst")
	switch filepath.Ext(name) {
	case ".pcap", ".pcapng", ".cap":
		return !strings.Contains(word, " ")
	}
	return scenarios.Is(word)
}

// maxFrames is the most frames of a range.
const maxFrames = 1 << 20

// frameRange reads 4, or 1-3.
func frameRange(text string) (first, last int, err error) {
	from, to, isRange := strings.Cut(text, "-")
	first, err = strconv.Atoi(from)
	if last = first; isRange && err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 1 || last < first || last-first >= maxFrames {
		return 0, 0, useError("frames are numbered from 1, as in Wireshark: --frame 4 or --frame 1-3,7", "--frame %s: want numbers of frames", text)
	}
	return first, last, nil
}

// String is what was asked for, as on the command line; "" for everything.
func (f *choice) String() string {
	var parts []string
	for _, n := range f.streams {
		parts = append(parts, fmt.Sprintf("--stream %d", n))
	}
	if len(f.frames) > 0 {
		parts = append(parts, "--frame "+strings.Join(f.frames, ","))
	}
	if f.steps {
		parts = append(parts, "--handshake")
	}
	if f.port != 0 {
		parts = append(parts, fmt.Sprintf("--port %d", f.port))
	}
	if f.words != "" {
		parts = append(parts, fmt.Sprintf("%q", f.words))
	}
	return strings.Join(parts, " ")
}

// isPart reports whether less than all was asked for.
func (f *choice) isPart() bool { return f.String() != "" }

// matcher matches packets against one expression, compiled once for each link
// type that a file turns out to hold.
type matcher struct {
	expression string
	byLink     map[capture.LinkType]*live.Filter
}

func (m *matcher) match(p *capture.Packet) bool {
	f, known := m.byLink[p.Link]
	if !known {
		f, _ = live.CompileFilter(p.Link, capture.MaxCaptured, m.expression) // nil where it has no meaning there
		m.byLink[p.Link] = f
	}
	return f != nil && f.Match(p.Data, p.Length)
}

// captureError marks an error of libpcap: permission, interface, filter.
func captureError(err error) error {
	switch {
	case errors.Is(err, live.ErrFilter):
		return fail(exitFilter, err, "filters are written as for tcpdump: tcp port 6000 and host 127.0.0.1; see pcap-filter(7)")
	case errors.Is(err, live.ErrPermission):
		hints := []string{"run with sudo, or " + doctor.GrantCapture()}
		if runtime.GOOS == "linux" {
			hints = append(hints, program+" run needs no root: it makes a network of its own where it may")
		}
		return fail(exitPermission, err, hints...)
	case errors.Is(err, live.ErrNoLibpcap):
		return fail(exitUnavailable, err, doctor.Libpcap())
	case errors.Is(err, live.ErrNoInterface):
		return fail(exitInterface, err, program+" interfaces lists what there is")
	case errors.Is(err, live.ErrDown):
		return fail(exitInterface, err, doctor.BringUp(downInterface(err)))
	}
	return fail(exitInterface, err, program+" doctor tells what works here")
}

// downInterface is the name of the interface that is down.
func downInterface(err error) string {
	var at *live.InterfaceError
	if errors.As(err, &at) {
		return at.Interface
	}
	return "NAME"
}

// maxExpression is the most bytes of a filter: what libpcap needs to compile one
// grows with more than the square of its length, to minutes and gigabytes.
const maxExpression = 2048

func shortEnough(words []string) error {
	if n := len(strings.Join(words, " ")); n > maxExpression {
		return fail(exitFilter, fmt.Errorf("a filter of %d bytes; at most %d are taken", n, maxExpression),
			"name networks instead of hosts: net 192.0.2.0/24")
	}
	return nil
}
