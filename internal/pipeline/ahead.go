package pipeline

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/handshake-lab/handshake-lab/decode"
)

// A batch is how far reading and decoding run ahead in one step. A few of them
// go round between the two goroutines.
const (
	batchPackets = 256
	batchBytes   = 64 << 10 // of headers and payloads kept; what is more is allocated
	batchMost    = 1 << 20  // with what is more; a batch ends where it has come so far
	batches      = 4
)

// batch is a run of packets in capture order.
type batch struct {
	items [batchPackets]item
	count int
	bytes []byte
	err   error // that of the source, behind the last packet
}

// ahead does what packets does on two goroutines: one reads and decodes, this
// one tracks and hands on.
func (r *running) ahead(ctx context.Context) error {
	filled, empty := make(chan *batch, batches), make(chan *batch, batches)
	for range batches {
		empty <- &batch{bytes: make([]byte, 0, batchBytes)}
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	var fault any
	go func() {
		defer close(done)
		defer close(filled)
		defer func() {
			if fault = recover(); fault != nil {
				fault = fmt.Sprintf("%v\n%s", fault, debug.Stack())
			}
		}()
		r.fill(ctx, filled, empty)
	}()
	var err error
	for b := range filled {
		for i := 0; i < b.count && r.refused == nil; i++ {
			r.take(&b.items[i])
		}
		err = b.err
		if r.refused != nil {
			break
		}
		empty <- b
	}
	stop()
	<-done // the source is the caller's again
	if fault != nil {
		panic(fault) // where the caller can recover it
	}
	return unlessEnd(err)
}

// fill reads batches until the source or ctx ends.
func (f *Flow) fill(ctx context.Context, filled chan<- *batch, empty <-chan *batch) {
	decoder := decode.New()
	for {
		var b *batch
		select {
		case b = <-empty:
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil {
			return
		}
		f.fillOne(decoder, b)
		filled <- b // has room: there are no more batches than it holds
		if b.err != nil {
			return
		}
	}
}

// fillOne reads one batch. The bytes that segments point to are kept: the
// source and the decoder use theirs again.
func (f *Flow) fillOne(decoder *decode.Decoder, b *batch) {
	b.count, b.err, b.bytes = 0, nil, b.bytes[:0]
	for held := 0; b.count < batchPackets && held < batchMost; {
		it := &b.items[b.count]
		if b.err = f.read(decoder, it); b.err != nil {
			return
		}
		if kind := it.result.Kind; kind == decode.TCP || kind == decode.Quoted {
			used := len(b.bytes)
			held += len(it.segment.Header) + len(it.segment.Payload)
			kept := it.segment.Keep(b.bytes[used:used:cap(b.bytes)])
			if need := used + len(kept); need <= cap(b.bytes) {
				b.bytes = b.bytes[:need]
			}
		}
		held += len(it.packet.Comment)
		it.packet.Data = nil
		b.count++
	}
}
