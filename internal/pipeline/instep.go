package pipeline

import (
	"context"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// A burst is the packets at hand that go through each step together, so that
// the step's code comes into the processor's first cache once for all of them.
// What is known of more would not have room there itself.
const (
	burstPackets = 32
	burstMost    = 16 << 10 // a burst ends where its packets have so many bytes
)

// burst is a batch that stays on its goroutine.
type burst struct {
	*batch
	held []byte // all its packets but the last; never beyond its first capacity
}

// newBurst is one of one packet where none is to wait for others.
func (r *running) newBurst() *burst {
	if r.Idle == nil {
		return &burst{batch: &r.newBatches(1, 1)[0]}
	}
	return &burst{batch: &r.newBatches(1, burstPackets)[0], held: make([]byte, 0, burstMost)}
}

// add decodes a packet into the burst, and tells that none has room behind it.
// The last one need not be copied: it is through before the source uses its
// memory again.
func (b *burst) add(p *capture.Packet, decoder *decode.Decoder, filter *Filter) (full bool) {
	full = b.count == len(b.items)-1 || len(b.held)+len(p.Data) > cap(b.held)
	if !full {
		at := len(b.held)
		b.held = append(b.held, p.Data...)
		p.Data = b.held[at:len(b.held):len(b.held)]
	}
	b.items[b.count].decode(decoder, filter, p)
	b.count++
	return full
}

// inStep takes packets from the source to the sink: one after the other, or
// where Idle says when they have to be there, in bursts. It returns the source's
// error.
func (r *running) inStep(ctx context.Context) error {
	err := r.packets(ctx)
	r.gathers = false // nothing is waited for any more
	r.finish(ctx)
	return err
}

func (r *running) packets(ctx context.Context) (err error) {
	decoder, p, b := decode.New(), new(capture.Packet), r.newBurst()
	stock, _ := r.Source.(interface{ AtHand() bool })
	for r.refused == nil && ctx.Err() == nil {
		if r.Idle != nil && (stock == nil || !stock.AtHand()) {
			if r.deliver(b); r.refused == nil {
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
				if r.deliver(b); r.refused == nil {
					r.refused = refused
				}
				break
			}
		}
		if b.add(p, decoder, &r.Filter) {
			r.deliver(b)
		}
	}
	r.deliver(b)
	return err
}

// deliver follows what has been read, and hands on what has come of it.
func (r *running) deliver(b *burst) {
	r.takeAll(b.batch)
	for i := 0; i < len(b.moments) && r.refused == nil; i++ {
		r.refused = r.Sink.Moment(b.moments[i])
	}
	b.count, b.held = 0, b.held[:0]
}
