package pipeline

import (
	"context"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/hugepages"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A batch is how far reading and decoding run ahead in one step. A few of them
// go round from goroutine to goroutine.
const (
	batchPackets = 512
	batchMost    = 128 << 10 // a batch ends where its packets have so many bytes
	batches      = 16
	momentsMost  = 256 // how many moments go together once no packet comes any more
)

// batch is a run of packets in capture order, and what they mean.
type batch struct {
	items   []item
	count   int
	windows []*window // that the packets lie in
	err     error     // that of the source, behind the last packet

	// With Flow.Apart: what is handed on, the events it speaks of, and the
	// conversations that are over, which are the tracker's again when all
	// moments before have been shown.
	moments []timeline.Moment
	events  []conversation.Event // never beyond its first capacity, so that it stays where it is
	ended   []*conversation.Conversation
}

// ahead does what inStep does on two goroutines, or with Apart on three: one
// reads and decodes, this one follows, and the third hands on.
func (r *running) ahead(ctx context.Context) error {
	filled, empty := make(chan *batch, batches), make(chan *batch, batches)
	all := r.newBatches(batches, batchPackets)
	for i := range all {
		empty <- &all[i]
	}
	if r.gathers {
		r.shown = show(r.Sink, empty)
	}
	readable, stop := context.WithCancel(ctx)
	reader := newWorker()
	reader.start(func() {
		defer close(filled)
		r.fill(readable, filled, empty)
	})
	err := r.follow(filled, empty)
	stop()
	fault := reader.wait() // the source is the caller's again
	if fault == nil && !r.isOver() {
		r.finish(ctx)
	}
	if r.shown != nil {
		if late := r.shown.end(); fault == nil {
			fault = late
		}
		r.refused = r.shown.refused
	}
	if fault != nil {
		panic(fault) // where the caller can recover it
	}
	return err
}

// newBatches are all there are, each for so many packets, in as few pieces of
// memory as may be.
func (r *running) newBatches(n, packets int) []batch {
	all, items := make([]batch, n), make([]item, n*packets)
	var events []conversation.Event
	if r.gathers && r.wants.Has(timeline.Segment) {
		events = make([]conversation.Event, n*packets)
	}
	hugepages.Ask(items)
	hugepages.Ask(events)
	for i := range all {
		from, to := i*packets, (i+1)*packets
		all[i].items = items[from:to]
		if events != nil {
			all[i].events = events[from:from:to]
		}
	}
	return all
}

// isOver tells that nothing more is handed on.
func (r *running) isOver() bool {
	return r.refused != nil || r.shown != nil && r.shown.over.Load()
}

// follow takes the batches in order to the tracker. It returns the source's
// error.
func (r *running) follow(filled <-chan *batch, empty chan<- *batch) (err error) {
	for b := range filled {
		r.takeAll(b)
		err = b.err
		switch {
		case r.isOver():
			return err
		case r.shown != nil:
			r.shown.batches <- b
		default:
			empty <- b
		}
	}
	return err
}

// takeAll takes the packets of one batch.
func (r *running) takeAll(b *batch) {
	r.batch = b
	r.release(b)
	for i := 0; i < b.count && r.refused == nil; i++ {
		r.take(&b.items[i])
	}
}

// release gives the conversations of a batch that has been round back to the
// tracker.
func (r *running) release(b *batch) {
	for _, c := range b.ended {
		r.tracker.Release(c)
	}
	b.moments, b.events, b.ended = b.moments[:0], b.events[:0], b.ended[:0]
}

// pass sends the moments on, and goes on with another batch for those to come.
func (r *running) pass() {
	r.shown.batches <- r.batch
	r.batch = r.shown.empty()
}

// fill reads batches until the source or ctx ends.
func (f *Flow) fill(ctx context.Context, filled chan<- *batch, empty chan *batch) {
	decoder, p, w := decode.New(), new(capture.Packet), newWindows()
	f.Source.(keeper).ReadInto(w.fresh)
	for ctx.Err() == nil {
		select {
		case b := <-empty:
			w.begin(b)
			f.fillOne(decoder, p, w, b)
			filled <- b // has room: there are no more batches than it holds
			if b.err != nil {
				return
			}
		case <-ctx.Done():
		}
	}
}

// fillOne reads one batch.
func (f *Flow) fillOne(decoder *decode.Decoder, p *capture.Packet, w *windows, b *batch) {
	b.count, b.err = 0, nil
	for held := 0; b.count < len(b.items) && held < batchMost; {
		if err := f.Source.Next(p); err != nil {
			b.err = err
			return
		}
		held += len(p.Data) + len(p.Comment)
		w.hold(b)
		it := &b.items[b.count]
		b.count++
		it.decode(decoder, &f.Filter, p)
		held += decoder.Made()
	}
}
