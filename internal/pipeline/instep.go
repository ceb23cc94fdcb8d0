package pipeline

import (
	"context"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// inStep takes packets from the source to the sink: one after the other, or
// where Idle says when they have to be there, a few together. It returns the
// source's error. A few together buy 8 % of the time of live rows.
func (r *run) inStep(ctx context.Context) error {
	err := r.packets(ctx)
	r.out = &straight{run: r} // nothing is waited for any more
	r.finish(ctx)
	return err
}

func (r *run) packets(ctx context.Context) (err error) {
	of := burstSize
	if r.Idle == nil {
		of = size{1, 0}
	}
	decoder, p, b := decode.New(), new(capture.Packet), &r.newBatches(1, of)[0]
	stock, _ := r.Source.(interface{ AtHand() bool })
	deliver := func() { r.deliver(b, of) }
	for r.refused == nil && ctx.Err() == nil {
		if r.Idle != nil && (stock == nil || !stock.AtHand()) {
			if deliver(); r.refused == nil {
				r.refused = r.Idle()
			}
			if r.refused != nil {
				break
			}
		}
		if err = r.Source.Next(p); err != nil {
			break
		}
		if r.Tap != nil {
			if refused := r.Tap(p); refused != nil {
				if deliver(); r.refused == nil {
					r.refused = refused
				}
				break
			}
		}
		if b.add(p, decoder, &r.Filter) {
			deliver()
		}
	}
	deliver()
	return err
}

// deliver follows what has been read, and hands on what has come of it.
func (r *run) deliver(b *batch, of size) {
	r.takeAll(b)
	for i := 0; i < len(b.moments) && r.refused == nil; i++ {
		r.refused = r.Sink.Moment(b.moments[i])
	}
	b.clear(of)
}
