package conversation

import (
	"fmt"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// An outcome is what a reading makes of a conversation.
type outcome struct {
	states  [2]State
	ending  Ending
	by      Side
	verdict string
	frames  string
	guessed bool
}

// mirrored is the outcome with the ends exchanged.
func (o outcome) mirrored() outcome {
	o.states[0], o.states[1] = o.states[1], o.states[0]
	o.by = o.by.Other()
	return o
}

// A step is an event with the stream that it was of.
type step struct {
	Event
	stream int
}

// follows tells what becomes of segments, and of each conversation by its stream.
// known may be nil.
func follows(list []*decode.Segment, known func(int, Side) (State, bool, bool)) (events []step, ended map[int]outcome, settled []Settled) {
	ended = make(map[int]outcome)
	tr := NewTracker(Config{Known: known, OnSettled: func(s []Settled) { settled = append(settled, s...) }, OnEnd: func(c *Conversation) {
		ended[c.Stream] = outcome{c.States, c.Ending, c.ClosedBy, c.Verdict.Name, fmt.Sprint(c.Verdict.Frames), c.Guessed}
	}})
	for _, s := range list {
		var ev Event
		if tr.Add(s, &ev) {
			settled = append(settled, ev.Settled...)
			_ = ev.Sentence()
			ev.Settled = nil
			events = append(events, step{ev, ev.Conversation.Stream})
		}
	}
	tr.Finish()
	return events, ended, settled
}

// cause is what lets an end change its state.
type cause struct{ from, to State }

// sends are the changes that an end makes by sending, by the flags of what it
// sends: the calls of RFC 9293 §3.10.1 to §3.10.5 show in that only.
func sends(flags decode.Flags) (changes []cause) {
	switch {
	case flags.Has(decode.RST): // ABORT, and what a host without a connection answers
		for s := Unknown; s <= TimeWait; s++ {
			changes = append(changes, cause{s, Closed})
		}
	case flags&(decode.SYN|decode.ACK) == decode.SYN: // OPEN
		changes = []cause{{Closed, SynSent}, {Listen, SynSent}}
	case flags.Has(decode.FIN | decode.ACK): // CLOSE
		changes = []cause{{SynReceived, FinWait1}, {Established, FinWait1}, {CloseWait, LastAck}}
	}
	return changes
}

// arrivals are the changes that the arrival of a segment makes (RFC 9293
// §3.10.7), by its flags.
func arrivals(flags decode.Flags) (changes []cause) {
	syn, ack, fin := flags.Has(decode.SYN), flags.Has(decode.ACK), flags.Has(decode.FIN)
	switch {
	case flags.Has(decode.RST): // §3.10.7.3, second; §3.10.7.4, second
		for s := SynSent; s <= TimeWait; s++ {
			changes = append(changes, cause{s, Closed})
		}
		return append(changes, cause{SynReceived, Listen})
	case syn && !ack: // §3.10.7.2, third; §3.10.7.3, fourth
		return []cause{{Listen, SynReceived}, {SynSent, SynReceived}}
	case syn: // §3.10.7.3, fourth; §3.10.7.4, fifth, where SYNs have crossed
		return []cause{{SynSent, Established}, {SynReceived, Established}, {FinWait1, FinWait2}}
	case ack:
		// §3.10.7.4, fifth
		changes = []cause{{SynReceived, Established}, {FinWait1, FinWait2}, {Closing, TimeWait}, {LastAck, Closed}}
		if fin { // eighth
			changes = append(changes, cause{SynReceived, CloseWait}, cause{Established, CloseWait}, cause{FinWait1, Closing},
				cause{FinWait1, TimeWait}, cause{FinWait2, TimeWait})
		}
	}
	return changes
}

// allows reports whether a change is among some, or none at all.
func allows(changes []cause, from, to State) bool {
	return from == to || slices.Contains(changes, cause{from, to})
}

// holdStates holds each event's states to what lets them change. A state in
// which an end is assumed to be because of an earlier segment, and is not shown
// to be, may be there after a segment of its own as well: then an arrival is
// what led there.
func holdStates(t *testing.T, name string, list []*decode.Segment) {
	t.Helper()
	events, _, _ := follows(list, nil)
	everything := arrivals(decode.ACK | decode.FIN)
	everything = append(everything, arrivals(decode.SYN|decode.ACK)...)
	for i := range events {
		e := &events[i]
		from, to := e.From, e.From.Other()
		flags := e.Segment.Flags
		if e.CopyOf != 0 && e.Before != e.After {
			t.Errorf("%s, %s: a copy changed %v to %v", name, shown(list, e), e.Before, e.After)
		}
		ok := allows(sends(flags), e.Before[from], e.After[from])
		if !ok && !e.Proved[from] { // it is assumed to be further
			for _, by := range append(sends(flags), cause{e.Before[from], e.Before[from]}) {
				ok = ok || by.from == e.Before[from] && allows(everything, by.to, e.After[from])
			}
		}
		if !ok {
			t.Errorf("%s, %s: the sender went from %v to %v (%v)", name, shown(list, e), e.Before[from], e.After[from], e.Proved)
		}
		if !allows(arrivals(flags), e.Before[to], e.After[to]) {
			t.Errorf("%s, %s: the receiver went from %v to %v (%v, %v)", name, shown(list, e), e.Before[to], e.After[to], e.Reception, e.Proved)
		}
		if e.Reception > Taken && e.Before[to] != e.After[to] {
			t.Errorf("%s, %s: refused (%v), and yet the receiver went from %v to %v", name, shown(list, e), e.Reception, e.Before[to], e.After[to])
		}
	}
}

// shown is a talk up to an event.
func shown(list []*decode.Segment, e *step) (text string) {
	for _, s := range list[:e.Segment.Number] {
		arrow := ">"
		if s.SrcPort == 443 {
			arrow = "<"
		}
		text += fmt.Sprintf("\n  %d @%d.%09d %s %v seq %d ack %d len %d win %d port %d/%d ttl %d id %d ts %d", s.Number, s.Time.Sec, s.Time.Nsec, arrow, s.Flags, s.Seq, s.Ack, s.PayloadLen, s.Window, s.SrcPort, s.DstPort, s.TTL, s.ID, s.Options.TSVal)
	}
	return fmt.Sprintf("stream %d:%s\n frame %d (%v, %v)", e.stream, text, e.Segment.Number, e.Step, e.From)
}

// FuzzStates: the account never panics, and no state changes but by a segment
// that RFC 9293 lets change it.
func FuzzStates(f *testing.F) {
	for _, in := range talks(f) {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) { holdStates(t, "fuzz", talk(in).segments()) })
}

// FuzzMirror: which host has which socket makes no difference. Where a SYN tells
// who the client is, the same comes of both; where that is a guess by the ports,
// the ends are exchanged.
func FuzzMirror(f *testing.F) {
	for _, in := range talks(f) {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) { holdMirror(t, "fuzz", talk(in).segments()) })
}

func holdMirror(t *testing.T, name string, list []*decode.Segment) {
	t.Helper()
	events, ended, _ := follows(list, nil)
	late := slices.ContainsFunc(list, func(s *decode.Segment) bool { return s.Flags.Has(decode.SYN) })
	for _, one := range ended {
		if one.guessed && late {
			return // a SYN that comes late does not change who is taken for the client
		}
	}
	alone := len(ended) == 1 // else one server's ports become those of many
	swapped := make([]*decode.Segment, len(list))
	for i, s := range list {
		other := *s
		if other.Src, other.Dst = s.Dst, s.Src; alone {
			other.SrcPort, other.DstPort = s.DstPort, s.SrcPort
		}
		swapped[i] = &other
	}
	events2, ended2, _ := follows(swapped, nil)
	for i := range events {
		a, b := &events[i], &events2[i]
		if (a.CopyOf == 0) != (b.CopyOf == 0) {
			return // two segments had one place in the cache of copies: other sockets have others
		}
		after := b.After
		if a.From != b.From {
			after[0], after[1] = after[1], after[0]
		}
		if a.After != after || a.Reception != b.Reception {
			t.Errorf("%s, %s: %v, %v; with the sockets exchanged %v, %v", name, shown(list, a), a.After, a.Reception, after, b.Reception)
		}
	}
	for stream, one := range ended {
		two := ended2[stream]
		if one.guessed && alone {
			two = two.mirrored()
		}
		if one.ending == StillOpen || one.ending == ReplacedByReuse { // nobody has closed
			one.by, two.by = 0, 0
		}
		if one != two {
			t.Errorf("%s, %s: stream %d came to %+v, with the sockets exchanged to %+v", name, shown(list, &events[len(events)-1]), stream, one, two)
		}
	}
}

// FuzzSecondReading: a second reading, which knows what the first one found out
// of each frame, ends as the first one did.
func FuzzSecondReading(f *testing.F) {
	for _, in := range talks(f) {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) { holdSecondReading(t, "fuzz", sane(talk(in).segments())) })
}

// sane leaves out what no TCP sends: more than one of SYN, FIN and RST, and none
// of ACK, SYN and RST.
func sane(list []*decode.Segment) (kept []*decode.Segment) {
	for _, s := range list {
		switch s.Flags & (decode.SYN | decode.FIN | decode.RST) {
		case decode.SYN, decode.RST:
		case 0, decode.FIN:
			if !s.Flags.Has(decode.ACK) {
				continue
			}
		default:
			continue
		}
		kept = append(kept, s)
		s.Number = len(kept)
	}
	return kept
}

func holdSecondReading(t *testing.T, name string, list []*decode.Segment) {
	t.Helper()
	events, ended, settled := follows(list, nil)
	type place struct {
		frame int
		side  Side
	}
	known := make(map[place]Settled)
	if slices.ContainsFunc(settled, func(s Settled) bool { return !s.Proved || s.State == Closed }) {
		return // what is but assumed in hindsight may let the next segment count; and to an end that was CLOSED no RST does
	}
	for _, s := range settled {
		known[place{s.Frame, s.Side}] = s
	}
	_, again, _ := follows(list, func(frame int, side Side) (State, bool, bool) {
		s, ok := known[place{frame, side}]
		return s.State, s.Proved, ok
	})
	latest := make(map[uint16]int) // stream of each port of the first host
	for i := range events {
		latest[events[i].Segment.SrcPort+events[i].Segment.DstPort] = events[i].stream
	}
	for _, stream := range latest { // of those before, what comes after may tell more
		one, two := ended[stream], again[stream]
		two.frames = one.frames // those of the first are told: see pipeline.Foreknown
		if one != two {
			t.Errorf("%s, %s: stream %d came to %+v, in the second reading to %+v; settled %+v", name, shown(list, &events[len(events)-1]), stream, one, two, settled)
		}
	}
}
