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
	Sink   timeline.Sink               // what it wants (timeline.WantsOf) is handed on
	Filter Filter                      // what is shown; tracking sees everything
	Tap    func(*capture.Packet) error // is given each packet first, as a writer is; may be nil

	// Ahead: packets are read and decoded on a goroutine of their own, some
	// hundreds before they are handed on. For files; what is live must not wait
	// for a batch to fill. The result is the same. With a Tap all goes in step.
	Ahead bool

	// Idle is called before the source has to be waited for, when all that was
	// read has been handed on: the time to flush what was written. Until then
	// packets that are at hand are read a few at a time and handed on together.
	// A source that has no AtHand method may always have to be waited for. May
	// be nil: what is read is handed on at once. Not called with Ahead.
	Idle func() error

	// Conclude: a conversation is handed on right after its last segment,
	// not when nothing more can belong to it.
	Conclude bool

	// Foreknown is what a first reading of the same source has found out. A
	// conversation is then concluded after the last of its segments. May be nil.
	Foreknown *Foreknown

	// Unfinished: where ctx is cancelled the conversations that are still open
	// are not handed on, as the viewer left before their end.
	Unfinished bool
}

// Counts are what a flow has met.
type Counts struct {
	Packets   int // all packets, TCP or not
	Segments  int // TCP segments
	Undecoded int // packets that were to hold TCP or IP and could not be read
	Packed    int // of these, packets left packed: unpacking them would have cost too much
	Foreign   int // packets of link types that nothing is known of
	Streams   int // conversations
	Shown     int // moments that were handed on
	Forgotten int // conversations that may go on earlier ones; see Tracker.Forgotten
}

// Run takes packets until the source ends or ctx is cancelled (which a source
// that waits for packets must notice by itself), then hands on every
// conversation that is still open. The error is that of the source (nil
// at its end), of the tap or of the sink; after an error of the sink or the
// tap nothing more is handed on.
func (f *Flow) Run(ctx context.Context) (Counts, error) {
	wants := timeline.WantsOf(f.Sink)
	r := &run{Flow: f, wants: wants.Kinds, behind: wants.Behind}
	r.chooses = r.wants.Has(timeline.Segment) || f.Filter.choosesSegments()
	r.out = &straight{run: r}
	if r.gathers() {
		r.out = gathered{r}
	}
	config := conversation.Config{OnEnd: r.ended, KeepEnded: r.gathers(), WithoutText: !r.wants.Has(timeline.Segment)}
	if f.Foreknown != nil {
		config.Known = f.Foreknown.state
	}
	r.tracker = conversation.NewTracker(config)
	var err error
	if f.isAhead() {
		err = r.ahead(ctx)
	} else {
		err = r.inStep(ctx)
	}
	r.counts.Streams, r.counts.Forgotten = r.tracker.Streams(), r.tracker.Forgotten()
	if r.refused != nil {
		return r.counts, r.refused
	}
	return r.counts, unlessEnd(err)
}

func (f *Flow) isAhead() bool { return f.Ahead && f.Tap == nil }

// run is a flow under way.
type run struct {
	*Flow
	wants   timeline.Kinds
	behind  bool // what the sink sees of a segment may be behind what is followed
	tracker *conversation.Tracker
	counts  Counts
	batch   *batch // what is followed now
	out     out
	spare   conversation.Event
	chooses bool  // the filter is asked about segments: they are handed on, or decide what else is
	refused error // by the sink or the tap: the end
}

// gathers reports whether moments go into the batch, to be handed on together.
func (r *run) gathers() bool {
	mayChange := r.Conclude && r.wants.Has(timeline.Ended) // what was concluded, by a late segment
	return r.behind && !mayChange && (r.isAhead() || r.Idle != nil)
}

// finish hands on what is still open.
func (r *run) finish(ctx context.Context) {
	if r.refused == nil && !(r.Unfinished && ctx.Err() != nil) {
		r.tracker.Finish()
	}
}

func unlessEnd(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// takeAll takes the packets of one batch. The conversations that it has ended when
// it went round before are the tracker's again.
func (r *run) takeAll(b *batch) {
	r.batch = b
	for _, c := range b.ended {
		r.tracker.Release(c)
	}
	b.moments, b.events, b.ended = b.moments[:0], b.events[:0], b.ended[:0]
	for i := 0; i < b.count && r.refused == nil; i++ {
		r.take(&b.items[i])
	}
}

// take hands on what one packet means.
func (r *run) take(it *item) {
	r.counts.Packets++
	switch it.result.Kind {
	case decode.TCP:
		r.counts.Segments++
		event := r.out.event()
		if !r.tracker.AddOf(&it.pair, &it.segment, event) {
			r.undecoded(it, it.segment.Problem)
			return
		}
		if r.chooses && r.Filter.segment(it.matches, event) && r.wants.Has(timeline.Segment) {
			r.hand(timeline.Moment{Kind: timeline.Segment, At: it.segment.Time, Event: event, Client: timeline.ClientOf(event.Conversation)})
		}
		if r.concludes(event) {
			r.tracker.Conclude(event.Conversation)
		}
	case decode.Quoted:
		c := r.tracker.Quote(it.result.Quote, &it.segment)
		if r.wants.Has(timeline.Quote) && r.Filter.quote(it.segment.Number, it.matches, &it.segment, c) {
			r.hand(timeline.Moment{Kind: timeline.Quote, At: it.segment.Time, Quote: it.result.Quote, Quoted: &it.segment,
				Conversation: c, Frame: it.segment.Number, Client: timeline.ClientOf(c)})
		}
	case decode.Undecoded:
		if it.result.LeftPacked {
			r.counts.Packed++
		}
		r.undecoded(it, it.result.Problem)
	case decode.Foreign:
		r.counts.Foreign++
	}
}

// concludes reports whether a conversation is handed on with this segment.
func (r *run) concludes(e *conversation.Event) bool {
	if r.Foreknown != nil {
		return r.Conclude && e.Conversation.IsOver() && r.Foreknown.isLast(e.Segment.Number)
	}
	return r.Conclude && e.Closes
}

func (r *run) undecoded(it *item, problem *decode.Problem) {
	r.counts.Undecoded++
	if r.wants.Has(timeline.Undecoded) && r.Filter.undecoded(it.segment.Number, it.matches) {
		r.hand(timeline.Moment{Kind: timeline.Undecoded, At: it.segment.Time, Frame: it.segment.Number, Problem: problem})
	}
}

func (r *run) ended(c *conversation.Conversation) {
	r.Foreknown.judge(c)
	r.out.over(c)
	if r.Filter.conversation(c) && r.wants.Has(timeline.Ended) {
		r.hand(timeline.Moment{Kind: timeline.Ended, At: c.Latest, Conversation: c, Client: timeline.ClientOf(c)})
	}
}

// hand gives the moment to the sink, or puts it on its way there.
func (r *run) hand(m timeline.Moment) {
	if r.refused == nil {
		r.counts.Shown++
		r.out.moment(m)
	}
}
