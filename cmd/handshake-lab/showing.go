package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/spf13/cobra"
)

// showFlags is what run, watch, replay and export have in common: which view,
// in which format, in colour or not, and where it goes.
type showFlags struct {
	view, format, out string
	looks
	interactive bool          // the page to step through
	byDefault   string        // the view where none is named
	diagram     bool          // markdown has a diagram of Mermaid
	pace        time.Duration // of a recording; 0: as it happened
	endpoints   bool          // the story tells what changes of the numbers of both ends
	chosen      bool          // the view or the format was named: exactly that is written
	clients     func() int    // how many there are, once that is known; may be nil
	packets     bool          // the packets themselves may be what is written
	sorted      bool          // rows of conversations wait for the end, also of what is live
	stable      bool          // what hosts choose and what the clock made is replaced by what stands for it
	columns     []string      // keys of those that are written; nil for those of the view
	relative    bool          // sequence numbers count from the SYN
	raw         bool          // … or stand beside them, as the header has them
	labels      []string      // ADDRESS=LABEL
	manner      *view.Manner  // what the last three come to
	source      string        // where the moments come from, as a title has it
}

func (s *showFlags) flags(c *cobra.Command, byDefault string) {
	s.byDefault = byDefault
	views, formats := viewNames(), formatNames()
	flags := c.Flags()
	flags.StringVar(&s.view, "view", "", fmt.Sprintf("the `view`, what is told: %s (default %s)", strings.Join(views, ", "), byDefault))
	flags.StringVar(&s.format, "format", "", fmt.Sprintf("the `format` that it is written in: %s (default by the ending of -o, else text)", strings.Join(formats, ", ")))
	flags.StringVarP(&s.out, "output", "o", "", "write to this `file` instead of standard output; its ending chooses the format")
	flags.BoolVar(&s.endpoints, "endpoints", false, "below each segment of the story: what changed of SND.UNA, SND.NXT and RCV.NXT at both ends")
	flags.BoolVar(&s.diagram, "diagram", false, "markdown with a diagram of Mermaid: of the story, the handshake, each header")
	flags.StringSliceVar(&s.columns, "columns", nil, "only these `keys` of docs/keys.md, in this order, with commas: frame.number,tcp.flags")
	flags.BoolVar(&s.relative, "relative", false, "sequence and acknowledgment numbers count from the SYN, which is 0, as in Wireshark; with --raw both")
	flags.BoolVar(&s.raw, "raw", false, "sequence and acknowledgment numbers as the header has them (the default)")
	flags.StringArrayVar(&s.labels, "name", nil, "a label in the place of an address: `192.0.2.1=web`; may be repeated")
	_ = c.RegisterFlagCompletionFunc("columns", completeColumns)
	complete(c, "view", views...)
	complete(c, "format", formats...)
	s.looks.flags(c)
}

// settle fills in what was not named, and refuses a pair that makes no sense
// before anything is opened. Rows are the default for programs.
func (s *showFlags) settle() error {
	s.chosen = s.view != "" || s.format != ""
	if s.interactive {
		if s.format != "" && s.format != "html" && s.format != "page" {
			return useError("leave --format out, or --interactive", "--interactive is a page for a browser, not %s", s.format)
		}
		s.format, s.chosen = "page", true
	}
	if s.format == "" {
		s.format = "text"
		if s.diagram {
			s.format = "markdown"
		}
		if f := format.OfFile(s.out); f != nil && (!f.Packets || s.packets) {
			s.format = f.Name
			s.chosen = s.chosen || !f.Sections
		} else if ending := filepath.Ext(s.out); ending != "" && !isPlain(ending) && !isSpecial(s.out) {
			return useError(s.endings(), "-o %s: there is no format with the ending %s", s.out, ending)
		}
	}
	if s.diagram && s.format != "markdown" {
		return useError("--format mermaid is the diagram alone", "--diagram is for markdown, not for %s", s.format)
	}
	if f := format.Named(s.format); f != nil && f.Packets && s.packets {
		return s.settlePackets()
	}
	if s.view == "" {
		s.view = defaultView(s.format, s.byDefault)
	}
	if v := view.Named(s.view); s.diagram && v != nil && !format.Named("mermaid").Shows(v) {
		return useError("--view story, handshake or header", "--diagram: there is none of the view %s", s.view)
	}
	if _, err := format.Open(s.view, s.format, io.Discard, present.Options{Columns: s.columns}); err != nil {
		return fail(exitUse, err, s.nearest(), s.columnsHint(err))
	}
	if err := s.settleManner(); err != nil {
		return err
	}
	if !s.endpoints {
		return nil
	}
	switch f := format.Named(s.format); {
	case s.view != "story":
		return useError("add --view story, or take --view endpoints without it", "--endpoints is for the story, not for the view %s", s.view)
	case f.Machine:
		return useError("leave it out", "--endpoints: in %s each row of the story has these numbers already", s.format)
	}
	return nil
}

// settlePackets refuses what makes no sense beside the packets themselves.
func (s *showFlags) settlePackets() error {
	if s.view != "" && s.view != "story" {
		return useError("leave --view out", "a capture has no views: its comments tell the story")
	}
	if s.endpoints {
		return useError("leave --endpoints out", "--endpoints is for the story as text")
	}
	if len(s.columns)+len(s.labels) > 0 || s.relative || s.raw {
		return useError("leave them out", "--columns, --name, --relative and --raw choose what is told; the packets of a capture stay as they are")
	}
	s.view = "story"
	return nil
}

const stableHelp = "the same bytes each time the same is said: no times, and symbols for x, y, chosen ports, timestamps, IP ids and checksums; clients in the order of what they say"

// isPlain reports whether a file of this ending is a page of text to everybody.
func isPlain(ending string) bool {
	switch strings.ToLower(ending) {
	case ".text", ".log", ".out":
		return true
	}
	return false
}

// endings is the hint for an ending that stands for no format.
func (s *showFlags) endings() string {
	hint := "the ending chooses the format: " + strings.Join(format.Extensions(), ", ") + "; --format text takes any"
	switch strings.ToLower(filepath.Ext(s.out)) {
	case ".pcap", ".pcapng", ".cap":
		hint = "a capture is written by run -w and watch -w; -o is for what is told\n" + hint
	}
	return hint + "\n" + didYouMean(strings.TrimPrefix(filepath.Ext(s.out), "."), formatNames(), "--format ")
}

// nearest is the hint for a view or a format that there is not.
func (s *showFlags) nearest() string {
	if view.Named(s.view) == nil {
		return didYouMean(s.view, viewNames(), "--view ")
	}
	if f := format.OfFile("." + s.format); f != nil && format.Named(s.format) == nil { // md
		return "did you mean --format " + f.Name + "?"
	}
	if format.Named(s.format) == nil {
		return didYouMean(s.format, formatNames(), "--format ")
	}
	return ""
}

// isSpecial reports whether a name is that of a device, a FIFO or the like.
func isSpecial(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

// defaultView is the view that a format is for: rows of segments for programs,
// byDefault for people, or the first that it has.
func defaultView(name, byDefault string) string {
	f := format.Named(name)
	if f == nil {
		return byDefault
	}
	switch {
	case f.Machine:
		byDefault = "segments"
	case f.Whole:
		return "story"
	}
	if f.Shows(view.Named(byDefault)) {
		return byDefault
	}
	for i := range view.Views {
		if f.Shows(&view.Views[i]) {
			return view.Views[i].Name
		}
	}
	return byDefault
}

// toStdout reports whether what is shown goes to standard output.
func (s *showFlags) toStdout() bool { return s.out == "" || s.out == "-" }

// see finds out what the ground is that the view is read on, where it goes to out, not
// to a file.
func (s *showFlags) see(in, out *os.File) {
	if !s.toStdout() {
		out = nil
	}
	s.looks.see(in, out)
}

// options fit what is written to where it goes.
func (s *showFlags) options(to *sink, live bool) present.Options {
	onTerminal := terminal.Is(to.file)
	return present.Options{
		Width:  terminal.Width(to.file),
		Color:  s.color.For(to.file, os.Getenv),
		Screen: s.screen,
		ASCII:  !to.ours && !terminal.UTF8(os.Getenv) && (onTerminal || localeIsSet()),
		Live:   live,

		Diagram: s.diagram,
		Pace:    s.pace,

		Manner:  s.manner,
		Columns: s.columns,

		Endpoints: s.endpoints,
		Source:    s.source,
		Clients:   s.clients,
		Sorted:    s.sorted || !live,
	}
}

// localeIsSet reports whether the environment names a locale, so that text in a
// pipe had better keep to it.
func localeIsSet() bool {
	return os.Getenv("LC_ALL")+os.Getenv("LC_CTYPE")+os.Getenv("LANG") != ""
}

func viewNames() (names []string) {
	for _, v := range view.Views {
		names = append(names, v.Name)
	}
	return names
}

func formatNames() (names []string) {
	for _, f := range format.Formats {
		names = append(names, f.Name)
	}
	return names
}

// complete makes the shell offer values for a flag.
func complete(c *cobra.Command, flag string, values ...string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}
