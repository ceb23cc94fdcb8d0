package main

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// foreknow is a file that is read twice, for a story that knows what became of
// each segment. It is opened while there is the right to.
type foreknow struct{ file io.ReadCloser }

// openForeknow opens a file for its first reading, where it can be read twice
// and the view has a use for that. What is wrong with the file the second reading
// tells.
func openForeknow(path, view string) *foreknow {
	if view != "story" {
		return &foreknow{}
	}
	if scenarios.Is(path) {
		s, err := scenarios.Find(path)
		if err != nil {
			return &foreknow{}
		}
		return &foreknow{io.NopCloser(bytes.NewReader(s.Capture()))}
	}
	if _, regular := sizeOf(path); !regular {
		return &foreknow{}
	}
	file, err := os.Open(path)
	if err != nil {
		return &foreknow{}
	}
	return &foreknow{file}
}

// read is the first reading; nil where there is none.
func (k *foreknow) read(ctx context.Context) *pipeline.Foreknown {
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
	return known
}

func (k *foreknow) close() {
	if k.file != nil {
		k.file.Close()
	}
}
