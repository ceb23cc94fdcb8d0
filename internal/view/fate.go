package view

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Fate is what became of a captured segment on its way, as far as later frames
// tell. The zero Fate is that of one that nothing is said against.
type Fate struct {
	Kind  FateKind
	Again int // the frame that repeats it, or refuses it; 0 for none
	side  conversation.Side
}

// FateKind is what became of it, and how that is known.
type FateKind uint8

// The kinds.
const (
	Arrives   FateKind = iota // nothing says that it does not
	SentAgain                 // its sender had no answer to it when it sent it again
	NotTaken                  // its receiver shows by what it sends later that it did not have it
	Overtaken                 // its receiver had what was sent after it, and still asked for it
	Discarded                 // an ICMP error of a host on the way says so
	Seen                      // the cable itself says so: it is known at both ends (timeline.Passage)
)

// IsLost reports whether it is shown that the segment did not get to its receiver, or
// was not taken there.
func (f Fate) IsLost() bool { return f.Kind >= NotTaken }

// AppendText appends the fate in words; nothing for a segment that arrives.
func (f Fate) AppendText(dst []byte) []byte {
	switch f.Kind {
	case SentAgain:
		return append(decimal.AppendInt(append(dst, "sent again as #"...), int64(f.Again)), ", as no answer had come"...)
	case NotTaken:
		dst = append(append(append(dst, "lost, or not taken: the "...), f.side.Other().String()...), " shows later that it did not have it"...)
	case Overtaken:
		dst = append(append(append(dst, "lost: the "...), f.side.Other().String()...), " had what came after it, and still asked for it"...)
	case Discarded:
		return decimal.AppendInt(append(dst, "discarded on its way, says the ICMP error #"...), int64(f.Again))
	case Seen:
		return dst // the remarks say it, and by what
	}
	if f.Again > 0 {
		dst = decimal.AppendInt(append(dst, "; sent again as #"...), int64(f.Again))
	}
	return dst
}

// Fates finds out what became of segments, from their entries in order. What it knows
// grows with them: it is for formats that hold what they show, as a picture does.
type Fates struct {
	fates   map[int]Fate         // by frame
	latest  map[numbered]int     // the frame that brought a number last
	missing map[int]bool         // frames that their receiver asked for while it had later ones
	refused map[int]bool         // frames that arrived, and were not accepted
	acked   map[direction]uint32 // up to which number an end was acknowledged
	heard   map[direction]int    // the latest frame of an end
}

// numbered is a sequence number of an end.
type numbered struct {
	direction
	seq uint32
}

// NewFates begins.
func NewFates() *Fates {
	return &Fates{fates: map[int]Fate{}, latest: map[numbered]int{}, missing: map[int]bool{}, refused: map[int]bool{},
		acked: map[direction]uint32{}, heard: map[direction]int{}}
}

// Of is what became of a frame's segment, as far as is known by now.
func (f *Fates) Of(frame int) Fate { return f.fates[frame] }

// See takes up what an entry says of segments before it, and of its own.
func (f *Fates) See(e *Entry) {
	switch e.Kind {
	case timeline.Segment:
		if e.Passage != nil { // nothing has to be concluded from what comes later
			if e.Passage.Lost {
				f.fates[e.FrameNumber()] = Fate{Kind: Seen, side: e.Event.From}
			}
			return
		}
		f.segment(e.Event)
	case timeline.Quote:
		f.quote(e)
	}
}

func (f *Fates) segment(e *conversation.Event) {
	s := e.Segment
	from := direction{e.Conversation.Stream, e.From}
	f.asked(e, direction{from.stream, from.side.Other()})
	switch e.Reception {
	case conversation.Taken, conversation.NotKnown, conversation.OldIfArrived:
	default:
		f.refused[s.Number] = true
	}
	if e.AgainOf != 0 && e.CopyOf == 0 {
		f.again(e, from)
	}
	f.heard[from] = s.Number
	if isNotTaken(e) {
		f.fates[s.Number] = Fate{NotTaken, f.fates[s.Number].Again, from.side}
	}
	if s.PayloadLen > 0 || s.Flags&(decode.SYN|decode.FIN) != 0 {
		f.latest[numbered{from, s.Seq}] = s.Number
	}
}

// asked takes up what an acknowledgment says of what its sender lacks, by SACK
// (RFC 2018 §3), and of what came twice (RFC 2883 §4).
func (f *Fates) asked(e *conversation.Event, peer direction) {
	s := e.Segment
	if !s.Flags.Has(decode.ACK) {
		return
	}
	if before, ok := f.acked[peer]; !ok || int32(s.Ack-before) > 0 {
		f.acked[peer] = s.Ack
	}
	blocks := s.Options.SACK[:s.Options.SACKCount]
	if len(blocks) > 0 && int32(blocks[0].Right-s.Ack) <= 0 {
		if first, ok := f.latest[numbered{peer, blocks[0].Left}]; ok { // both arrived
			for frame, fate := range f.fates {
				if fate.Again == first && fate.Kind != Discarded {
					delete(f.fates, frame)
				}
			}
		}
		blocks = blocks[1:]
	}
	lacks := len(blocks) > 0 || e.Analysis&conversation.DuplicateAck != 0 && e.DupAckNum >= 3
	if frame, ok := f.latest[numbered{peer, s.Ack}]; ok && lacks {
		f.missing[frame] = true
	}
}

// again takes up that a segment is sent again. One that was acknowledged or refused
// before has arrived; so has a SYN that was answered by something else.
func (f *Fates) again(e *conversation.Event, from direction) {
	const arrived = conversation.SpuriousRetransmission | conversation.KeepAlive | conversation.ZeroWindowProbe
	acked, ok := f.acked[from]
	isAnswered := e.Segment.Flags.Has(decode.SYN) && f.heard[direction{from.stream, from.side.Other()}] > e.AgainOf
	if e.Analysis&arrived != 0 || isAnswered || f.refused[e.AgainOf] || ok && int32(acked-e.Segment.Seq) > 0 {
		return
	}
	fate := Fate{SentAgain, e.Segment.Number, from.side}
	switch before := f.fates[e.AgainOf]; {
	case before.IsLost():
		fate.Kind = before.Kind
	case f.missing[e.AgainOf]:
		fate.Kind = Overtaken
	}
	f.fates[e.AgainOf] = fate
}

// waits are the states in which an end waits for a step of the handshake.
var waits = map[conversation.Step]conversation.State{conversation.StepSYN: conversation.Listen,
	conversation.StepSYNACK: conversation.SynSent, conversation.StepACK: conversation.SynReceived}

// isNotTaken reports whether a step of the handshake has not moved its receiver, as
// that has shown by a later segment.
func isNotTaken(e *conversation.Event) bool {
	to := e.From.Other()
	state, ok := waits[e.Step]
	return ok && e.Reception == conversation.Taken && e.Proved[to] && e.Before[to] == state && e.After[to] == state
}

// quote takes up that a host on the way has discarded a segment: not the one that it
// was for (RFC 792, RFC 4443 §3).
func (f *Fates) quote(e *Entry) {
	if e.Conversation == nil || e.Quoted == nil || e.Quote == nil || e.Quote.Src == e.Quoted.Dst || len(e.Quoted.Header) < 8 {
		return
	}
	from := direction{e.Conversation.Stream, conversation.Client}
	if ends := e.Conversation.Ends; ends[conversation.Server].Addr == e.Quoted.Src && ends[conversation.Server].Port == e.Quoted.SrcPort {
		from.side = conversation.Server
	}
	if frame, ok := f.latest[numbered{from, e.Quoted.Seq}]; ok {
		f.fates[frame] = Fate{Discarded, e.Frame, from.side}
	}
}
