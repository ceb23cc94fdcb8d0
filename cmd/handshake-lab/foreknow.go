package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/stable"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// foreknow is a file that is read more than once: for a story that knows what became
// of each segment, for comments that tell what a conversation comes to, and for
// whoever names clients, to know whether there are several. It is opened while there
// is the right to.
type foreknow struct {
	file    io.ReadSeekCloser // nil where it can be read once only, or there is no use for more
	size    int64
	a       *app
	show    *showFlags
	clients int // 0 where nobody knows
}

// openForeknow opens a file for its first readings, where it can be read again and
// the view has a use for that. What is wrong with the file the last reading tells.
func (a *app) openForeknow(path string, show *showFlags) *foreknow {
	k := &foreknow{a: a, show: show}
	show.clients = func() int { return k.clients }
	size, regular := sizeOf(path)
	f := format.Named(show.format)
	if !regular || show.view != "story" && !slices.Contains(show.columns, "lab.also_matched") && (f == nil || f.Machine || !isSmall(path)) {
		return k
	}
	k.size = size
	if scenarios.Is(path) {
		if s, err := scenarios.Find(path); err == nil {
			k.file = inMemory{bytes.NewReader(s.Capture())}
		}
		return k
	}
	if file, err := os.Open(path); err == nil {
		k.file = file
	}
	return k
}

// inMemory is a recording that is part of the program.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// again begins another reading; nil where there is none. The function ends it.
func (k *foreknow) again() (capture.Source, func() error) {
	if k.file == nil {
		return nil, nil
	}
	if _, err := k.file.Seek(0, io.SeekStart); err != nil {
		return nil, nil
	}
	file, err := capture.NewReader(k.a.progress.count(k.file, k.size))
	if err != nil {
		return nil, nil
	}
	source := wire.AtOneEnd(file)
	if k.show.stable {
		return stable.New(source, nil), file.Close
	}
	return source, file.Close
}

// read is the first reading, for a view; nil where there is none, and where the
// view wants to know of each moment what was known by then.
func (k *foreknow) read(ctx context.Context, view string) *pipeline.Foreknown {
	file, end := k.again()
	if file == nil {
		return nil
	}
	defer end()
	known, err := pipeline.Foreknow(ctx, file)
	if ctx.Err() != nil && err != nil {
		return nil
	}
	if k.clients = known.Streams; view != "story" {
		return nil
	}
	return known
}

// tell tells a sink all that it wants to know of the file beforehand; false where
// it cannot be read again.
func (k *foreknow) tell(ctx context.Context, sink timeline.Sink, filter pipeline.Filter) bool {
	file, end := k.again()
	if file == nil {
		return false
	}
	defer end()
	flow := pipeline.Flow{Source: file, Sink: sink, Filter: filter, Ahead: k.size > smallCapture}
	_, _ = flow.Run(ctx) // what ends it early, the last reading meets again
	return ctx.Err() == nil
}

func (k *foreknow) close() {
	if k.file != nil {
		k.file.Close()
	}
}
