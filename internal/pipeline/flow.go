// Package pipeline connects the stages: a source of packets, the decoder, the
// tracker of conversations, and whoever takes the moments that come of them.
package pipeline

import (
	"context"
	"io"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Flow takes packets from a source to a sink, in capture order.
type Flow struct {
	Source capture.Source
	Sink   timeline.Sink
	Filter Filter                      // what is shown; tracking sees everything
	Tap    func(*capture.Packet) error // is given each packet first, as a writer is; may be nil

	// Ahead: packets are read and decoded on a goroutine of their own, some
	// hundreds ahead of what is handed on. For files; what is live must not
	// wait for a batch to fill. The result is the same.
	Ahead bool

	// Idle is called before the source has to be waited for, when all that was
	// read has been handed on: the time to write what is held back. A source
	// that has no AtHand method may always have to be waited for. May be nil;
	// not called with Ahead.
	Idle func() error

	// Conclude: a conversation is handed on right behind its last segment,
	// not when nothing more can belong to it.
	Conclude bool

	// Unfinished: where ctx is cancelled the conversations that are still open
	// are not handed on, as the viewer left before their end.
	Unfinished bool
}

// Counts are what a flow has met.
type Counts struct {
	Packets   int // all packets, TCP or not
	Segments  int // TCP segments
	Undecoded int // packets that were to hold TCP or IP and could not be read
	Streams   int // conversations
	Forgotten int // conversations given up before the end, to bound memory
}

// Run takes packets until the source ends or ctx is cancelled (which a source
// that waits for packets must notice by itself), then hands on every
// conversation that is still open. The error is that of the source (nil
// at its end), of the tap or of the sink; after an error of the sink or the
// tap nothing more is handed on.
func (f *Flow) Run(ctx context.Context) (Counts, error) {
	r := &running{Flow: f}
	r.tracker = conversation.NewTracker(conversation.Config{OnEnd: r.ended})
	err := r.packets(ctx)
	if r.refused == nil && !(f.Unfinished && ctx.Err() != nil) {
		r.tracker.Finish()
	}
	r.counts.Streams, r.counts.Forgotten = r.tracker.Streams(), r.tracker.Forgotten()
	if r.refused != nil {
		return r.counts, r.refused
	}
	return r.counts, err
}

// running is a flow under way.
type running struct {
	*Flow
	tracker *conversation.Tracker
	counts  Counts
	event   conversation.Event
	item    *item // the packet that is being handed on
	refused error // by the sink or the tap: the end
}

// item is one packet and what the decoder made of it. It is filled again and
// again, so that no packet costs an allocation.
type item struct {
	packet  capture.Packet
	result  decode.Result
	segment decode.Segment
	matches bool // the filter's expression matches
}

// read fills the item with the next packet.
func (f *Flow) read(decoder *decode.Decoder, it *item) (err error) {
	if it.packet, err = f.Source.Next(); err != nil {
		return err
	}
	it.result = decoder.Decode(&it.packet, &it.segment)
	it.matches = f.Filter.matches(&it.packet)
	return nil
}

// packets returns the source's error, nil at its end.
func (r *running) packets(ctx context.Context) error {
	if r.Ahead && r.Tap == nil {
		return r.ahead(ctx)
	}
	decoder, it := decode.New(), new(item)
	stock, _ := r.Source.(interface{ AtHand() bool })
	for r.refused == nil && ctx.Err() == nil {
		if r.Idle != nil && (stock == nil || !stock.AtHand()) {
			if r.refused = r.Idle(); r.refused != nil {
				break
			}
		}
		if err := r.read(decoder, it); err != nil {
			return unlessEnd(err)
		}
		if r.Tap != nil {
			if r.refused = r.Tap(&it.packet); r.refused != nil {
				break
			}
		}
		r.take(it)
	}
	return nil
}

func unlessEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// take hands on what one packet means.
func (r *running) take(it *item) {
	r.item = it
	r.counts.Packets++
	switch it.result.Kind {
	case decode.TCP:
		r.counts.Segments++
		if !r.tracker.Add(&it.segment, &r.event) {
			r.undecoded(it.segment.Problem)
			return
		}
		if r.Filter.segment(it.matches, &r.event) {
			r.hand(timeline.Moment{Kind: timeline.Segment, At: r.at(), Event: &r.event})
		}
		if r.Conclude && r.event.Closes {
			r.tracker.Conclude(r.event.Conversation)
		}
	case decode.Quoted:
		c := r.tracker.Quote(it.result.Quote, &it.segment)
		if r.Filter.quote(it.matches, &it.segment, c) {
			r.hand(timeline.Moment{Kind: timeline.Quote, At: r.at(), Quote: it.result.Quote, Quoted: &it.segment,
				Conversation: c, Frame: it.packet.Number})
		}
	case decode.Undecoded:
		r.undecoded(it.result.Problem)
	}
}

func (r *running) undecoded(problem *decode.Problem) {
	r.counts.Undecoded++
	if r.Filter.undecoded(r.item.matches) {
		r.hand(timeline.Moment{Kind: timeline.Undecoded, At: r.at(), Frame: r.item.packet.Number, Problem: problem})
	}
}

func (r *running) ended(c *conversation.Conversation) {
	if r.Filter.conversation(c) {
		r.hand(timeline.Moment{Kind: timeline.Ended, At: c.Last.UnixNano(), Conversation: c})
	}
}

func (r *running) hand(m timeline.Moment) {
	if r.refused == nil {
		r.refused = r.Sink.Moment(m)
	}
}

// at is the packet's time for a moment: 0 where the capture has none.
func (r *running) at() int64 {
	if !r.item.packet.Time.Known {
		return 0
	}
	return r.item.packet.Time.UnixNano()
}
