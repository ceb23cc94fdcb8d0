package main

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// foreknow is a file that is read twice, for a story that knows what became of
// each segment, and for whoever names clients, to know whether there are several. It
// is opened while there is the right to.
type foreknow struct {
	file    io.ReadCloser
	clients int // 0 where nobody knows
}

// openForeknow opens a file for its first reading, where it can be read twice
// and the view has a use for that. What is wrong with the file the second reading
// tells.
func openForeknow(path string, show *showFlags) *foreknow {
	k := &foreknow{file: openAgain(path, show)}
	show.clients = func() int { return k.clients }
	return k
}

func openAgain(path string, show *showFlags) io.ReadCloser {
	if f := format.Named(show.format); show.view != "story" && (f == nil || f.Machine || !isSmall(path)) {
		return nil
	}
	if scenarios.Is(path) {
		s, err := scenarios.Find(path)
		if err != nil {
			return nil
		}
		return io.NopCloser(bytes.NewReader(s.Capture()))
	}
	if _, regular := sizeOf(path); !regular {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	return file
}

// read is the first reading, for a view; nil where there is none, and where the
// view wants to know of each moment what was known by then.
func (k *foreknow) read(ctx context.Context, view string) *pipeline.Foreknown {
	if k.file == nil {
		return nil
	}
	file, err := capture.NewReader(k.file)
	if err != nil {
		return nil
	}
	defer file.Close()
	known, err := pipeline.Foreknow(ctx, file)
	if ctx.Err() != nil && err != nil {
		return nil
	}
	if k.clients = known.Streams; view != "story" {
		return nil
	}
	return known
}

func (k *foreknow) close() {
	if k.file != nil {
		k.file.Close()
	}
}
