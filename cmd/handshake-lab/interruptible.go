package main

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// interruptible is a reader whose reads end when a context does, even where
// the system call behind them does not: a pipe that nobody writes to.
type interruptible struct {
	ctx    context.Context
	from   io.Reader
	chunks chan []byte
	spare  chan []byte
	rest   []byte
	whole  []byte
	err    error // set before chunks is closed
}

func newInterruptible(ctx context.Context, r io.Reader) *interruptible {
	in := &interruptible{ctx: ctx, from: r, chunks: make(chan []byte, 1), spare: make(chan []byte, 3)}
	for range cap(in.spare) {
		in.spare <- make([]byte, 256<<10)
	}
	go func() {
		defer close(in.chunks)
		terminal.Settle()
		for buffer := range in.spare {
			n, err := r.Read(buffer)
			if n > 0 {
				in.chunks <- buffer[:n]
			}
			if err != nil {
				in.err = err
				return
			}
			if n == 0 {
				in.spare <- buffer
			}
		}
	}()
	return in
}

// Stat tells what is read from, where that is known: a file or a pipe.
func (in *interruptible) Stat() (fs.FileInfo, error) {
	if f, ok := in.from.(interface{ Stat() (fs.FileInfo, error) }); ok {
		return f.Stat()
	}
	return nil, errors.ErrUnsupported
}

// Read returns io.EOF once the context has ended.
func (in *interruptible) Read(p []byte) (int, error) {
	for len(in.rest) == 0 {
		if in.whole != nil {
			in.spare <- in.whole[:cap(in.whole)]
			in.whole = nil
		}
		select {
		case <-in.ctx.Done():
			return 0, io.EOF
		case chunk, ok := <-in.chunks:
			if !ok {
				return 0, in.err
			}
			in.whole, in.rest = chunk, chunk
		}
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}
