package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// shown is one presenter with the sink that it writes to.
type shown struct {
	present.Presenter
	to *sink
}

// openShown opens where what is shown goes.
func (a *app) openShown(show *showFlags, flushed flushing) (*sink, error) {
	to, err := openSink(a.stdout, show.out)
	if err != nil {
		return nil, err
	}
	if !to.ours {
		to.screen = a.screen
	}
	to.goesOut(flushed)
	return to, nil
}

// openView opens the output and the presenter that writes to it. What is live
// is shown as it happens.
func (a *app) openView(show *showFlags, live bool, flushed flushing) (*shown, error) {
	to, err := a.openShown(show, flushed)
	if err != nil {
		return nil, err
	}
	options := show.options(to, live)
	options.Tell = func(what string) { a.say("%s", what) }
	p, err := format.Open(show.view, show.format, to, options)
	if err != nil {
		to.Close()
		return nil, fail(exitUse, err)
	}
	return &shown{p, to}, nil
}

// Wants implements timeline.Chooser.
func (s *shown) Wants() timeline.Wants { return timeline.WantsOf(s.Presenter) }

// Moment implements present.Presenter.
func (s *shown) Moment(m timeline.Moment) error {
	if err := s.Presenter.Moment(m); err != nil {
		return momentError(err)
	}
	return nil
}

// momentError marks what a presenter could not take.
func momentError(err error) error {
	if most := new(present.TooMuch); errors.As(err, &most) {
		return fail(exitOutput, err, "choose a part: --stream N, --port N, or a filter; handshake-lab export FILE --view conversations lists the streams",
			"or take a format that is written as it comes: text, markdown, csv, ndjson")
	}
	return err
}

// Close lets the presenter write what must come last, and closes its file.
func (s *shown) Close() error {
	err := s.Presenter.Close()
	if closed := s.to.Close(); err == nil {
		err = closed
	}
	return err
}

// discard closes the output without a word of the presenter's.
func (s *shown) discard() { s.to.Close() }

// openFile opens a capture file, or standard input; a read of that gives way
// to a signal. What is returned closes it. Of a recording of both ends it is
// one of them.
func (a *app) openFile(ctx context.Context, path string) (*wire.OneEnd, func(), error) {
	if path == "-" {
		if terminal.Is(a.stdin) {
			return nil, nil, useError("pipe one in: tcpdump -w - | "+program+" …", "standard input is a terminal, not a capture")
		}
		file, err := capture.Open(path, newInterruptible(ctx, a.stdin))
		if err != nil {
			return nil, nil, fileError(err)
		}
		return wire.AtOneEnd(file), func() { file.Close() }, nil
	}
	if scenarios.Is(path) {
		file, err := openScenario(path)
		if err != nil {
			return nil, nil, err
		}
		return wire.AtOneEnd(file), func() { file.Close() }, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fileError(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, nil, fail(exitFile, fmt.Errorf("%s is a folder, not a capture", path), captureHint)
	}
	source, stop := a.watchProgress(f)
	file, err := capture.NewReader(source)
	if err != nil {
		stop()
		f.Close()
		return nil, nil, fileError(fmt.Errorf("%s: %w", path, err))
	}
	return wire.AtOneEnd(file), func() { stop(); file.Close(); f.Close() }, nil
}

// finishFile writes what must come last, and tells what the file did not hold.
// An output that failed outweighs a file that broke off.
func (a *app) finishFile(ctx context.Context, path string, file *wire.OneEnd, to io.Closer, counts pipeline.Counts, err error) error {
	if closed := to.Close(); closed != nil && !isOutputFailure(err) {
		return closed
	}
	if file.IsOne() {
		a.say("%s is of both ends of a cable, and this is what the %v's end saw: replay %s tells both", path, file.End, path)
	}
	if counts.Undecoded > 0 {
		fmt.Fprintf(a.stderr, "%s: %d of %d packets could not be decoded\n", program, counts.Undecoded, counts.Packets)
	}
	if counts.Packed > 0 {
		a.say("%d of these were left packed (IPComp): what a packet, or a capture, is unpacked to is bounded", counts.Packed)
	}
	if counts.Foreign > 0 && (counts.Foreign < counts.Packets || err != nil) {
		a.say("nothing is known here of the link type of %d of %s: %s", counts.Foreign, plural(counts.Packets, "packet"), linkTypes(file.File))
	}
	if counts.Forgotten > 0 {
		fmt.Fprintf(a.stderr, "%s: %d of %s begin with a late segment and may go on an earlier stream: of the oldest of so many nothing is known any more\n",
			program, counts.Forgotten, plural(counts.Streams, "conversation"))
	}
	if err == nil && counts.Foreign == counts.Packets && counts.Packets > 0 {
		return fail(exitFile, fmt.Errorf("%s: nothing of its %s can be read: nothing is known here of link type %s",
			path, plural(counts.Packets, "packet"), linkTypes(file.File)))
	}
	if err == nil || ctx.Err() != nil && !isOutputFailure(err) { // a signal cuts what comes through a pipe
		return nil
	}
	if most := new(present.TooMuch); errors.As(err, &most) { // --stable, which reads all before it shows anything
		return fail(exitOutput, err, "cut a part out of the capture first: tshark -r FILE -Y 'tcp.stream == 0' -w part.pcapng")
	}
	var damage *capture.Damage
	if errors.As(err, &damage) {
		hints := []string{plural(counts.Packets, "packet") + " before that could be read"}
		if errors.Is(err, capture.ErrUnpacked) {
			hints = append(hints, "where it is no bomb, unpack it first: gzip -d or zstd -d")
		}
		return fail(exitFile, fmt.Errorf("%s: %w", path, err), hints...)
	}
	return fail(exitFile, err)
}

// tellEmpty tells why nothing is shown of a file: there is no TCP in it, or
// nothing of what was asked for, and then what there is.
func (a *app) tellEmpty(path string, asked *choice, counts pipeline.Counts, err error) {
	switch {
	case err != nil || counts.Packets == 0:
	case counts.Segments+counts.Undecoded+counts.Foreign == 0:
		a.say("%s: no TCP segment in its %s", path, plural(counts.Packets, "packet"))
	case counts.Shown == 0 && asked.String() != "" && counts.Streams > 0:
		a.say("nothing matches %s: %s holds %s, %s, in frames 1 to %d", asked, path, plural(counts.Streams, "conversation"), numbered(counts.Streams), counts.Packets)
		a.hint("%s export %s --view conversations lists them, with their ports", program, path)
	}
}

// numbered are the numbers of n streams.
func numbered(n int) string {
	if n == 1 {
		return "stream 0"
	}
	return fmt.Sprintf("streams 0 to %d", n-1)
}

// linkTypes lists the link types of a file's interfaces.
func linkTypes(file *capture.File) string {
	var list []string
	for _, i := range file.Interfaces() {
		if number := strconv.Itoa(int(i.Link)); !slices.Contains(list, number) {
			list = append(list, number)
		}
	}
	return strings.Join(list, ", ")
}

// isOutputFailure reports whether err comes from writing.
func isOutputFailure(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.code == exitOutput
}

// sourceName is what a title calls a capture: its name without the folders.
func sourceName(path string) string {
	if path == "-" {
		return ""
	}
	return filepath.Base(path)
}
