package quiz

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Frame is a segment that was captured, with what it means.
type Frame struct {
	decode.Segment
	conversation.Event // its Segment and Conversation are nil: they are gone by then
}

// Exchange is one connection with its frames in the order of the capture.
type Exchange struct {
	Frames       []*Frame
	Conversation *conversation.Conversation
}

// Capture is what questions are made of.
type Capture struct {
	Exchanges []*Exchange
	Frames    []*Frame // all of them
	Left      int      // frames that were left out, as there were too many

	byStream map[int]*Exchange
}

// maxFrames are so many that a sheet of questions never needs more.
const maxFrames = 5000

// Moment takes a moment of a file as it is followed. It never fails.
func (c *Capture) Moment(m timeline.Moment) error {
	switch m.Kind {
	case timeline.Segment:
		if m.Event.Conversation == nil {
			return nil
		}
		if len(c.Frames) == maxFrames {
			c.Left++
			return nil
		}
		f := &Frame{Segment: *m.Event.Segment, Event: *m.Event}
		f.Segment.Keep(nil)
		f.Event.Segment, f.Event.Conversation, f.Settled = nil, nil, nil
		c.Frames = append(c.Frames, f)
		x := c.exchange(m.Event.Conversation.Stream)
		x.Frames = append(x.Frames, f)
	case timeline.Ended:
		if x := c.byStream[m.Conversation.Stream]; x != nil {
			x.Conversation = new(conversation.Conversation)
			x.Conversation.Keep(m.Conversation)
		}
	}
	return nil
}

// Finish leaves out what was not followed to its end. It is called when the last
// moment was taken.
func (c *Capture) Finish() {
	whole := c.Exchanges[:0]
	for _, x := range c.Exchanges {
		if x.Conversation != nil {
			whole = append(whole, x)
		}
	}
	c.Exchanges = whole
}

func (c *Capture) exchange(stream int) *Exchange {
	if x := c.byStream[stream]; x != nil {
		return x
	}
	if c.byStream == nil {
		c.byStream = make(map[int]*Exchange)
	}
	x := &Exchange{}
	c.byStream[stream] = x
	c.Exchanges = append(c.Exchanges, x)
	return x
}

// frame finds a frame by its number; nil where there is none.
func (x *Exchange) frame(number int) *Frame {
	for _, f := range x.Frames {
		if f.Number == number && number > 0 {
			return f
		}
	}
	return nil
}

// steps are the three of a handshake that went as it should: each was sent once,
// one after another, and carried no data. ok is false elsewhere.
func (x *Exchange) steps() (syn, synack, ack *Frame, ok bool) {
	h := &x.Conversation.Handshake
	if !h.Complete || h.SYNs != 1 || h.SYNACKs != 1 || h.SYNACKFrame == h.ACKFrame {
		return nil, nil, nil, false
	}
	syn, synack, ack = x.frame(h.SYNFrame), x.frame(h.SYNACKFrame), x.frame(h.ACKFrame)
	ok = syn != nil && synack != nil && ack != nil && syn.Event.From == conversation.Client && synack.Event.From == conversation.Server &&
		!syn.Flags.Has(decode.ACK) && synack.Flags.Has(decode.SYN|decode.ACK) && !ack.Flags.Has(decode.SYN) && syn.PayloadLen == 0 && syn.isPlain() && synack.isPlain() && ack.isPlain() &&
		synack.Segment.Ack == syn.Segment.Seq+1 && ack.Segment.Seq == syn.Segment.Seq+1 && ack.Segment.Ack == synack.Segment.Seq+1
	return syn, synack, ack, ok
}

// isPlain reports whether all of the header was captured and makes sense, and its
// length is known.
func (f *Frame) isPlain() bool {
	return f.Sized && !f.Cut() && !f.Stunted() && f.Problem == nil && f.Reception != conversation.IsCopy &&
		len(f.Header) == f.HeaderLen
}

// socket is that of one end, client or server.
func (x *Exchange) socket(of conversation.Side) socket {
	end := &x.Conversation.Ends[of]
	return socket{end.Addr.String(), end.Port}
}

// side is the answer that names one of the ends.
func (x *Exchange) side(of conversation.Side) side {
	return side{of == conversation.Client, [2]string{x.socket(conversation.Client).String(), x.socket(conversation.Server).String()}}
}

// from is the socket that sent a frame.
func (f *Frame) from() string { return netip.AddrPortFrom(f.Src, f.SrcPort).String() }

// to is the socket that it was sent to.
func (f *Frame) to() string { return netip.AddrPortFrom(f.Final(), f.DstPort).String() }

// data are the frames that brought new data, sent once and followed by nothing
// unusual.
func (x *Exchange) data() (list []*Frame) {
	for _, f := range x.Frames {
		if f.isPlain() && f.PayloadLen > 0 && f.Fresh == f.PayloadLen && f.Analysis == 0 && !f.Repeats && !f.Flags.Has(decode.SYN) && !f.Flags.Has(decode.RST) {
			list = append(list, f)
		}
	}
	return list
}

// seqNumber is the answer that is a frame's sequence number.
func (f *Frame) seqNumber() number {
	return number{raw: f.Segment.Seq, relative: f.Event.Seq, hasRelative: true, rule: f.SeqRule.String()}
}

// ackNumber is the answer that is a frame's acknowledgment number.
func (f *Frame) ackNumber() number {
	return number{raw: f.Segment.Ack, relative: f.Event.Ack, hasRelative: true, rule: f.AckRule.String()}
}

// plus is a number so many further on.
func (n number) plus(bytes int) number {
	return number{raw: n.raw + uint32(bytes), relative: n.relative + uint32(bytes), hasRelative: n.hasRelative}
}
