package main

import (
	"context"
	"os"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/stable"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/spf13/cobra"
)

// exportFlags are what export is told.
type exportFlags struct {
	show   showFlags
	choose choice
	force  bool
	bundle string
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	c := &cobra.Command{
		Use:   "export FILE [FILTER]",
		Short: "Write a capture as notes: tables, diagrams, documents, rows for programs",
		Long: `Write one view of a capture file in one format, or with --bundle all of them into
a folder. FILE is pcap or pcapng, plain or compressed with gzip or zstd; - is
standard input, scenario:NAME a recording that is part of the program (see
scenarios). The ending of -o chooses the format. The whole file is followed; the
filter, --stream, --port, --frame and --handshake choose what is written of it, so
that frame and stream numbers stay what they are in Wireshark.

-o x.html is one page without scripts, with everything that there is about the
capture; --view chooses a part. -o x.svg is a picture: of the story, of the handshake
alone, or of headers. A picture, and a page of the story, show 2000 moments at most.

-o x.pcapng writes all packets again, each with what is told of it as its comment,
which Wireshark shows in a column; the filter chooses those that have one.

A file is written whole or not at all, and one that is there is replaced with
--force only.

A compressed file is unpacked to 1 GiB and 64 times its size at most; IPComp to
64 KiB a packet, and to 16 MiB and 4 times the capture's size in all; more than 64
layers inside one another are not decoded. What is left out for that is said.

Rows of handshakes and conversations are sorted by the numbers of their clients;
of more than 1,000 conversations they stay in the order in which these end.`,
		Example: `  handshake-lab export lecture.pcapng --view handshake --format markdown
  handshake-lab export lecture.pcapng --view handshake --diagram -o handshake.md
  handshake-lab export lecture.pcapng --view segments -o segments.csv
  handshake-lab export lecture.pcapng -o lecture.html
  handshake-lab export lecture.pcapng --view handshake -o handshake.svg
  handshake-lab export lecture.pcapng -o annotated.pcapng
  handshake-lab export lecture.pcapng --frame 1-3 --columns frame.number,tcp.flags,lab.rule
  handshake-lab export lecture.pcapng --handshake --relative --name 192.0.2.1=web -o slide.svg
  handshake-lab export lecture.pcapng --bundle notes
  handshake-lab export lecture.pcapng --view conversations host 192.0.2.1
  handshake-lab export scenario:syn-lost --view conversations
  tcpdump -w - | handshake-lab export - --format ndjson`,
		Args:              captureArgument,
		ValidArgsFunction: completeCapture,
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.settle(); err != nil {
				return err
			}
			filter, err := f.choose.filter(args[1:])
			if err != nil {
				return err
			}
			return a.export(c.Context(), args[0], &f, filter)
		},
	}
	f.show.packets = true
	f.show.flags(c, "segments")
	c.Flags().BoolVar(&f.show.interactive, "interactive", false, "with --format html: a page to step through the story, in one file")
	f.choose.flags(c)
	c.Flags().DurationVar(&f.show.pace, "pace", 0, "a recording for asciinema shows a moment every so often, such as 400ms, instead of as it happened")
	c.Flags().BoolVar(&f.show.stable, "stable", false, stableHelp)
	c.Flags().BoolVar(&f.force, "force", false, "replace files that are there")
	c.Flags().StringVar(&f.bundle, "bundle", "", "write story, handshake, header and conversations in every format, the annotated capture and an index.html into this `folder`")
	return c
}

func (f *exportFlags) settle() error {
	if f.bundle != "" && f.show.interactive {
		return useError("leave --interactive out", "--bundle has the page to step through already: story.page.html")
	}
	if f.bundle != "" && (f.show.view != "" || f.show.format != "" || f.show.out != "") {
		return useError("leave out --view, --format and -o, or --bundle", "--bundle writes every view in every format")
	}
	if f.bundle != "" {
		f.show.view = "story"
	}
	if err := f.show.settle(); err != nil {
		return err
	}
	switch {
	case f.show.pace < 0:
		return useError("400ms shows a moment every 0.4 seconds", "--pace %v: a time is not negative", f.show.pace)
	case f.show.pace > 0 && f.bundle == "" && f.show.format != "cast":
		return useError("-o lecture.cast", "--pace is for a recording of asciinema, not for %s", f.show.format)
	}
	if format.Named(f.show.format).Packets && f.show.stable {
		return useError("leave one of them out", "--stable is for what is told; a capture has its packets as they came")
	}
	return nil
}

func (a *app) export(ctx context.Context, path string, f *exportFlags, filter pipeline.Filter) error {
	f.show.source = sourceName(path)
	f.show.see(a.stdin, a.stdout)
	both, err := a.exportsBothEnds(ctx, path, f)
	if err != nil {
		return err
	}
	foreknow := a.openForeknow(path, &f.show)
	defer foreknow.close()
	e := &exporting{app: a, flags: f, several: f.bundle != ""}
	if err := e.open(path); err != nil {
		e.discard()
		return err
	}
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		e.discard()
		return err
	}
	defer closeFile()
	if err := e.files.Guard(); err != nil {
		e.discard()
		return fail(exitUnavailable, err)
	}
	if err := a.giveUpRights(); err != nil {
		e.discard()
		return err
	}
	small := file.Compression == "" && isSmall(path)
	if !small {
		boundMemory()
	}
	if both != nil {
		err := both.Tell(ctx, e)
		e.cut = ctx.Err() != nil || isOutputFailure(err)
		return a.finishFile(ctx, path, file, e, pipeline.Counts{}, err)
	}
	flow := pipeline.Flow{Source: file, Sink: e, Filter: filter, Ahead: !small}
	source := stable.New(file, nil)
	if f.show.stable {
		flow.Source = source
	}
	e.begin(ctx, &flow, file, foreknow)
	counts, err := flow.Run(ctx)
	if source.LeftOut > 0 {
		a.say("--stable leaves out %s without a TCP segment that stands bare in its frame", plural(source.LeftOut, "packet"))
	}
	e.cut = ctx.Err() != nil || isOutputFailure(err)
	a.tellEmpty(path, &f.choose, counts, err)
	return a.finishFile(ctx, path, file, e, counts, err)
}

// exportsBothEnds opens what a view of both ends is written from; nil where the view
// is of one.
func (a *app) exportsBothEnds(ctx context.Context, path string, f *exportFlags) (*staged.Recording, error) {
	v := view.Named(f.show.view)
	filters := f.choose.isPart()
	if f.bundle == "" && v.IsStory() && !filters && !f.show.stable && f.show.format != "pcapng" {
		return a.openBothEnds(ctx, path, "")
	}
	if f.bundle != "" || !v.Both {
		return nil, nil
	}
	if filters {
		return nil, useError("leave the filter out", "the view %s is of all that was on the cable", f.show.view)
	}
	if f.show.stable {
		return nil, useError("leave it out", "--stable is not for the view %s: its times are what it shows", f.show.view)
	}
	both, err := a.openBothEnds(ctx, path, "")
	if err == nil && both == nil {
		err = useError("take a scenario that the lab stages, or a recording of run --record", "%s is a capture at one place: the view %s is of both ends", path, f.show.view)
	}
	return both, err
}

// refuseTerminal refuses to write a capture's bytes to a terminal.
func (a *app) refuseTerminal() error {
	if terminal.Is(a.stdout) {
		return useError("name a file: -o annotated.pcapng; or pipe it on: | wireshark -k -i -", "the capture's bytes would go to the terminal")
	}
	return nil
}

// smallCapture is up to how many bytes a capture is read faster than
// goroutines, and the threads under them, are started.
const smallCapture = 128 << 10

func isSmall(path string) bool {
	size, regular := sizeOf(path)
	return regular && size <= smallCapture
}

// sizeOf is the bytes of a regular file, all of which are there already.
func sizeOf(path string) (size int64, regular bool) {
	if scenarios.Is(path) {
		s, err := scenarios.Find(path)
		if err != nil {
			return 0, false
		}
		return int64(len(s.Capture())), true
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}
