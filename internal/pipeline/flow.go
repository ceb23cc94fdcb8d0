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
	r := &running{Flow: f, decoder: decode.New()}
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

// running is a flow under way. What is filled for every packet lies here, so
// that no packet costs an allocation.
type running struct {
	*Flow
	decoder *decode.Decoder
	tracker *conversation.Tracker
	counts  Counts
	packet  capture.Packet
	segment decode.Segment
	event   conversation.Event
	refused error // by the sink or the tap: the end
}

// packets returns the source's error, nil at its end.
func (r *running) packets(ctx context.Context) (err error) {
	for r.refused == nil {
		if ctx.Err() != nil {
			return nil
		}
		if r.packet, err = r.Source.Next(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		r.counts.Packets++
		if r.Tap != nil {
			if r.refused = r.Tap(&r.packet); r.refused != nil {
				break
			}
		}
		r.take()
	}
	return nil
}

// take decodes one packet and hands on what it means.
func (r *running) take() {
	result := r.decoder.Decode(&r.packet, &r.segment)
	switch result.Kind {
	case decode.TCP:
		r.counts.Segments++
		if !r.tracker.Add(&r.segment, &r.event) {
			r.undecoded(r.segment.Problem)
			return
		}
		if r.Filter.segment(&r.packet, &r.event) {
			r.hand(timeline.Moment{Kind: timeline.Segment, At: r.at(), Event: &r.event})
		}
	case decode.Quoted:
		c := r.tracker.Quote(result.Quote, &r.segment)
		if r.Filter.quote(&r.packet, &r.segment, c) {
			r.hand(timeline.Moment{Kind: timeline.Quote, At: r.at(), Quote: result.Quote, Quoted: &r.segment,
				Conversation: c, Frame: r.packet.Number})
		}
	case decode.Undecoded:
		r.undecoded(result.Problem)
	}
}

func (r *running) undecoded(problem *decode.Problem) {
	r.counts.Undecoded++
	if r.Filter.undecoded(&r.packet) {
		r.hand(timeline.Moment{Kind: timeline.Undecoded, At: r.at(), Frame: r.packet.Number, Problem: problem})
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
	if !r.packet.Time.Known {
		return 0
	}
	return r.packet.Time.UnixNano()
}
