//go:build js && wasm

// Command decoder is what reads captures within the page: capture, decode, track and
// tell, compiled to WebAssembly. It runs in a worker, and nothing is uploaded.
package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"syscall/js"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

func main() {
	debug.SetMemoryLimit(400 << 20)
	// decode(bytes, take) hands the story's moments to take, some at a time, as JSON
	// arrays, and returns what was wrong with the capture, "" for nothing.
	js.Global().Set("decode", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := make([]byte, args[0].Get("length").Int())
		js.CopyBytesToGo(data, args[0])
		return tell(data, args[1])
	}))
	js.Global().Call("ready")
	select {}
}

// tell hands over the story of a capture, that of both ends of a cable where the capture
// is of both.
func tell(data []byte, take js.Value) (wrong string) {
	defer func() {
		if fault := recover(); fault != nil {
			wrong = fmt.Sprintf("a fault of the program: %v", fault)
		}
	}()
	ctx := context.Background()
	out := &chunks{take: take}
	to := rows.NDJSON(view.Named("story"), out, present.Options{})
	defer out.flush()
	defer to.Close()
	file, err := capture.NewReader(bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	if file.Next(new(capture.Packet)) == nil && wire.IsOfBothEnds(file.Section()) {
		return tellBoth(ctx, data, to)
	}
	return tellOne(ctx, data, to)
}

// tellOne follows a capture twice, so that each moment knows the end of the file.
func tellOne(ctx context.Context, data []byte, to timeline.Sink) (wrong string) {
	first, err := capture.NewReader(bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	known, err := pipeline.Foreknow(ctx, first)
	if err != nil {
		known = nil // the second reading says what is wrong
	}
	second, err := capture.NewReader(bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	flow := pipeline.Flow{Source: second, Sink: to, Conclude: true, Foreknown: known}
	counts, err := flow.Run(ctx)
	switch {
	case err != nil:
		return fmt.Sprintf("%v; %d packets before that could be read", err, counts.Packets)
	case counts.Segments == 0:
		return fmt.Sprintf("no TCP segment in its %d packets", counts.Packets)
	}
	return ""
}

// tellBoth tells a recording of both ends of a cable.
func tellBoth(ctx context.Context, data []byte, to timeline.Sink) (wrong string) {
	file, err := capture.NewReader(bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	records, err := wire.Load(file)
	if err == nil {
		err = bothends.Tell(ctx, records, nil, to)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// chunks hands rows over some at a time: one by one they would be slow, all at once
// they would take the memory twice.
type chunks struct {
	take js.Value
	buf  bytes.Buffer
}

const chunk = 1 << 20

func (c *chunks) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		if c.buf.Len() == 0 {
			c.buf.WriteByte('[')
		} else {
			c.buf.WriteByte(',')
		}
		c.buf.Write(bytes.TrimSuffix(line, []byte("\n")))
	}
	if c.buf.Len() >= chunk {
		c.flush()
	}
	return len(p), nil
}

func (c *chunks) flush() {
	if c.buf.Len() == 0 {
		return
	}
	c.buf.WriteByte(']')
	c.take.Invoke(c.buf.String())
	c.buf.Reset()
}
