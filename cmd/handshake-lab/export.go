package main

import (
	"context"
	"os"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) exportCommand() *cobra.Command {
	var show showFlags
	var choose choice
	c := &cobra.Command{
		Use:   "export FILE [FILTER]",
		Short: "Write tables of a capture, for notes and programs",
		Long: `Write one view of a capture file in one format. FILE is pcap or pcapng, plain or
compressed with gzip or zstd; - is standard input, scenario:NAME a recording that
is part of the program (see scenarios). The whole file is followed; the filter,
--stream and --port choose what is written of it, so that frame and stream
numbers stay what they are in Wireshark.

A compressed file is unpacked to 1 GiB and 64 times its size at most; IPComp to
64 KiB a packet, and to 16 MiB and 4 times the capture's size in all; more than 64
layers inside one another are not decoded. What is left out for that is said.`,
		Example: `  handshake-lab export lecture.pcapng --view handshake --format markdown
  handshake-lab export lecture.pcapng --view segments --format csv -o segments.csv
  handshake-lab export lecture.pcapng --view conversations host 192.0.2.1
  handshake-lab export scenario:syn-lost --view conversations
  tcpdump -w - | handshake-lab export - --format ndjson`,
		Args:              captureArgument,
		ValidArgsFunction: completeCapture,
		RunE: func(c *cobra.Command, args []string) error {
			if err := show.settle(); err != nil {
				return err
			}
			filter, err := choose.filter(args[1:])
			if err != nil {
				return err
			}
			return a.export(c.Context(), args[0], &show, &choose, filter)
		},
	}
	show.flags(c, "segments")
	choose.flags(c)
	c.Flags().DurationVar(&show.pace, "pace", 0, "a recording for asciinema shows a moment every so often, such as 400ms, instead of as it happened")
	return c
}

func (a *app) export(ctx context.Context, path string, show *showFlags, choose *choice, filter pipeline.Filter) error {
	if err := a.apart(path, "", show.out); err != nil {
		return err
	}
	show.source = sourceName(path)
	show.see(a.stdin, a.stdout)
	foreknow := openForeknow(path, show)
	defer foreknow.close()
	to, err := a.openView(show, false, whenFull)
	if err != nil {
		return err
	}
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		to.discard()
		return err
	}
	defer closeFile()
	if err := giveUpRights(); err != nil {
		to.discard()
		return err
	}
	small := file.Compression == "" && isSmall(path)
	if !small {
		boundMemory()
	}
	flow := pipeline.Flow{Source: file, Sink: to, Filter: filter, Ahead: !small, Foreknown: foreknow.read(ctx, show.view)}
	counts, err := flow.Run(ctx)
	a.tellEmpty(path, choose, counts, err)
	return a.finishFile(ctx, path, file, to, counts, err)
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
