package pipeline

import (
	"context"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// batches is how many there are: they go round from goroutine to goroutine.
const batches = 16

// ahead buys the time on the clock that more than one processor gives. It does what
// inStep does on two goroutines, or with a sink that may be behind on three: one
// reads and decodes, this one follows, and the third hands on.
func (r *run) ahead(ctx context.Context) error {
	filled, empty := make(chan *batch, batches), make(chan *batch, batches)
	all := r.newBatches(batches, aheadSize)
	for i := range all {
		empty <- &all[i]
	}
	var sink *sinkWorker
	if r.gathers() {
		sink = newSinkWorker(r.Sink, empty)
		r.out = &behind{gathered: gathered{r}, sink: sink}
	}
	readable, stop := context.WithCancel(ctx)
	reader := newWorker()
	reader.start(func() {
		defer close(filled)
		r.fill(readable, filled, empty)
	})
	err := r.follow(filled, empty, sink)
	stop()
	fault := reader.wait() // the source is the caller's again
	if fault == nil && !r.isOver(sink) {
		r.finishBehind(ctx, sink)
	}
	if sink != nil {
		if late := sink.end(); fault == nil {
			fault = late
		}
		r.refused = sink.refused
	}
	if fault != nil {
		panic(fault) // where the caller can recover it
	}
	return err
}

// isOver reports whether nothing more is handed on.
func (r *run) isOver(sink *sinkWorker) bool {
	return r.refused != nil || sink != nil && sink.over.Load()
}

// follow takes the batches in order to the tracker. It returns the source's
// error.
func (r *run) follow(filled <-chan *batch, empty chan<- *batch, sink *sinkWorker) (err error) {
	for b := range filled {
		r.takeAll(b)
		err = b.err
		switch {
		case r.isOver(sink):
			return err
		case sink != nil:
			sink.batches <- b
		default:
			empty <- b
		}
	}
	return err
}

// finishBehind hands on what is still open, in batches where there is a sink.
func (r *run) finishBehind(ctx context.Context, sink *sinkWorker) {
	if sink == nil {
		r.finish(ctx)
		return
	}
	r.batch = sink.empty()
	r.out.(*behind).finishing = true
	r.finish(ctx)
	sink.batches <- r.batch
}

// fill reads batches until the source or ctx ends.
func (f *Flow) fill(ctx context.Context, filled chan<- *batch, empty chan *batch) {
	decoder, p := decode.New(), new(capture.Packet)
	for ctx.Err() == nil {
		select {
		case b := <-empty:
			b.clear(aheadSize)
			f.fillOne(decoder, p, b)
			filled <- b // has room: there are no more batches than it holds
			if b.err != nil {
				return
			}
		case <-ctx.Done():
		}
	}
}

// fillOne reads one batch.
func (f *Flow) fillOne(decoder *decode.Decoder, p *capture.Packet, b *batch) {
	for full := false; !full; {
		if b.err = f.Source.Next(p); b.err != nil {
			return
		}
		full = b.add(p, decoder, &f.Filter)
	}
}
