package pipeline

import (
	"context"
	"io"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// Foreknown is what a first reading of a capture file has found out, for a
// second one that tells it in order: in which state an end was after a segment,
// where only a later one shows that; with which frame each conversation ends;
// and what it came to, with the whole file as evidence.
type Foreknown struct {
	Streams  int // conversations
	pages    []*knownPage
	verdicts map[int]conversation.Verdict // by stream, of those that had something to be remarked
}

// knownPage is what is known of so many frames that follow one another: two
// bytes a frame, client first.
type knownPage [knownFrames][2]uint8

const (
	knownFrames = 1 << 12
	// The bits of a byte of a page, beside the state.
	stateIsKnown  = 1 << 4
	stateIsProved = 1 << 5
	isLastFrame   = 1 << 6 // of its conversation; in the client's byte

	maxVerdicts = 1 << 14
)

// Foreknow reads a capture to its end. What ends it early, the second reading
// will meet again.
func Foreknow(ctx context.Context, source capture.Source) (*Foreknown, error) {
	k := &Foreknown{verdicts: make(map[int]conversation.Verdict)}
	tracker := conversation.NewTracker(conversation.Config{OnEnd: k.ended, OnSettled: k.settle, WithoutText: true})
	var it item
	var event conversation.Event
	var filter Filter
	decoder, p := decode.New(), new(capture.Packet)
	for ctx.Err() == nil {
		if err := source.Next(p); err != nil {
			tracker.Finish()
			k.Streams = tracker.Streams()
			return k, unlessEnd(err)
		}
		it.decode(decoder, &filter, p)
		switch it.result.Kind {
		case decode.TCP:
			if tracker.AddOf(&it.pair, &it.segment, &event) {
				k.settle(event.Settled)
			}
		case decode.Quoted:
			tracker.Quote(it.result.Quote, &it.segment)
		}
	}
	return k, io.ErrUnexpectedEOF
}

func (k *Foreknown) settle(list []conversation.Settled) {
	for _, s := range list {
		known := uint8(s.State) | stateIsKnown
		if s.Proved {
			known |= stateIsProved
		}
		at := &k.page(s.Frame)[s.Frame%knownFrames][s.Side]
		*at = *at&isLastFrame | known
	}
}

func (k *Foreknown) ended(c *conversation.Conversation) {
	k.page(c.LastFrame)[c.LastFrame%knownFrames][conversation.Client] |= isLastFrame
	if c.IsRemarkable() && len(k.verdicts) < maxVerdicts {
		v := c.Verdict
		v.Frames = append([]int(nil), v.Frames...)
		k.verdicts[c.Stream] = v
	}
}

// page is where a frame's knowledge is kept.
func (k *Foreknown) page(frame int) *knownPage {
	n := frame / knownFrames
	for len(k.pages) <= n {
		k.pages = append(k.pages, nil)
	}
	if k.pages[n] == nil {
		k.pages[n] = new(knownPage)
	}
	return k.pages[n]
}

// of is what is known of a frame; nothing where no reading came before.
func (k *Foreknown) of(frame int) [2]uint8 {
	if n := frame / knownFrames; k != nil && n < len(k.pages) && k.pages[n] != nil {
		return k.pages[n][frame%knownFrames]
	}
	return [2]uint8{}
}

// state is what the tracker is told of a frame.
func (k *Foreknown) state(frame int, side conversation.Side) (state conversation.State, proved, ok bool) {
	known := k.of(frame)[side]
	return conversation.State(known & 0xf), known&stateIsProved != 0, known&stateIsKnown != 0
}

// isLast reports whether a frame is the last of its conversation.
func (k *Foreknown) isLast(frame int) bool { return k.of(frame)[conversation.Client]&isLastFrame != 0 }

// judge gives a conversation the verdict that the whole file led to.
func (k *Foreknown) judge(c *conversation.Conversation) {
	if k == nil {
		return
	}
	if v, ok := k.verdicts[c.Stream]; ok {
		c.Verdict = v
	}
}
