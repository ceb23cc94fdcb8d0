package quiz

import (
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Predictor asks, before a segment is shown, what it will be: its flags, its
// sequence number and its acknowledgment number, from what came before it.
type Predictor struct{ latest map[int]*[2]*Frame } // of each stream, by side

// predicted are the kinds of what is asked. They are no rows of Kinds, as only
// somebody to whom a story is told can be asked them.
var predicted = [...]Kind{
	{Name: "next-flags", Topic: Bits, Level: 2, Points: 1},
	{Name: "next-seq", Topic: Numbers, Level: 2, Points: 1},
	{Name: "next-acknowledgment", Topic: Numbers, Level: 2, Points: 1},
}

// Ask makes the questions about the segment of a moment; nil where it cannot be
// foretold: it belongs to no connection, its header is not whole, or it is a copy.
// What is asked next takes it for known.
func (p *Predictor) Ask(m *timeline.Moment) []*Question {
	if m.Kind == timeline.Ended {
		delete(p.latest, m.Conversation.Stream)
	}
	if m.Kind != timeline.Segment || m.Event.Conversation == nil {
		return nil
	}
	f := &Frame{Segment: *m.Event.Segment, Event: *m.Event}
	f.Event.Segment, f.Event.Conversation, f.Settled = nil, nil, nil
	if p.latest == nil {
		p.latest = make(map[int]*[2]*Frame)
	}
	known := p.latest[m.Event.Conversation.Stream]
	if known == nil {
		known = new([2]*Frame)
		p.latest[m.Event.Conversation.Stream] = known
	}
	list := []*Question{nextFlags(f, m.Event), nextSeq(f, known), nextAck(f, known)}
	isPlain := f.isPlain()
	f.Header, f.Payload = nil, nil // they are gone by then
	if f.CopyOf == 0 {
		known[f.Event.From] = f
	}
	if !isPlain || f.CopyOf != 0 {
		return nil
	}
	for i, q := range list {
		q.Kind, q.Section = &predicted[i], m.Event.Section()
	}
	return list
}

// nextFlags asks for the flags.
func nextFlags(f *Frame, e *conversation.Event) *Question {
	is := f.Flags & named
	q := &Question{
		Ask:    fmt.Sprintf("%s comes next, from the %s to the %s, %s. Which flags are set?", hash(f.Number), f.Event.From, f.Event.From.Other(), dataText(f)),
		Answer: flags(is),
		Why:    "It is " + is.String() + ": " + string(e.AppendSentence(nil)),
	}
	mistake := func(wrong decode.Flags, why string) {
		if wrong != is && wrong != 0 {
			q.Mistakes = append(q.Mistakes, Mistake{flags(wrong), why})
		}
	}
	mistake(is&^decode.ACK, "Only the first SYN has nothing to acknowledge. From then on ACK is set.")
	if f.PayloadLen > 0 {
		mistake(is&^decode.PSH, "PSH is set too: the data are handed on at once.")
	}
	if f.PayloadLen == 0 {
		mistake(is|decode.PSH, "PSH hands data on, and this segment has none.")
	}
	switch {
	case is == decode.SYN:
		mistake(decode.SYN|decode.ACK, "That is the answer to a SYN. There is nothing to acknowledge yet.")
	case is.Has(decode.SYN):
		mistake(decode.ACK, "It brings its sender's own first number too, so SYN is set.")
	default:
		mistake(is|decode.SYN, "SYN is set only in the segment that an end begins with.")
		mistake(is&^decode.FIN, "Its sender has nothing more to say: FIN is set too.")
		switch {
		case hasSentFIN(f.Before[f.Event.From]):
			mistake(is|decode.FIN, "Its sender's FIN was sent before, and is not sent again here.")
		case !is.Has(decode.RST):
			mistake(is|decode.FIN, "Its sender does not close yet.")
		}
	}
	return q
}

// hasSentFIN reports whether an end has closed its direction in a state.
func hasSentFIN(s conversation.State) bool {
	switch s {
	case conversation.FinWait1, conversation.FinWait2, conversation.Closing, conversation.LastAck, conversation.TimeWait:
		return true
	}
	return false
}

func dataText(f *Frame) string {
	switch f.PayloadLen {
	case 0:
		return "without data"
	case 1:
		return "with 1 byte of data"
	}
	return fmt.Sprintf("with %d bytes of data", f.PayloadLen)
}

// nextSeq asks for the sequence number.
func nextSeq(f *Frame, known *[2]*Frame) *Question {
	q := &Question{
		Ask:    fmt.Sprintf("Which sequence number does %s carry?", hash(f.Number)),
		Answer: f.seqNumber(),
		Why:    "seq = " + arithmeticOf(&f.SeqRule, f.Segment.Seq, f.Event.Seq),
	}
	own, other := known[f.Event.From], known[f.Event.From.Other()]
	if f.SeqRule.Base != conversation.NoBase && own == nil && f.Flags.Has(decode.SYN) {
		q.Why += ": its first number is an end's own choice, and nobody can foretell it. x and y stand for it, and 0 as the relative number."
	}
	if other != nil {
		q.mistake(other.seqNumber(), fmt.Sprintf("That is the number of %s. Each end counts what it sends itself.", hash(other.Number)))
		q.mistake(f.ackNumber(), "That is its acknowledgment number, which counts what the other end sends.")
	}
	if own != nil {
		if taken := own.takes(); taken > 0 {
			q.mistake(own.seqNumber(), fmt.Sprintf("%s had that number, and takes %s: the next one is so many further on.", hash(own.Number), plural(taken, "number")))
		} else {
			q.mistake(own.seqNumber().plus(1), fmt.Sprintf("%s has no data, no SYN and no FIN, so it takes no number.", hash(own.Number)))
		}
	}
	return q
}

// nextAck asks for the acknowledgment number.
func nextAck(f *Frame, known *[2]*Frame) *Question {
	q := &Question{Ask: fmt.Sprintf("Which acknowledgment number does %s carry?", hash(f.Number))}
	if !f.Flags.Has(decode.ACK) {
		q.Answer = meaningless(f.Segment.Ack)
		q.Why = fmt.Sprintf("ack = %d: ACK is not set, so the field means nothing.", f.Segment.Ack)
		return q
	}
	q.Answer = f.ackNumber()
	q.Why = "ack = " + arithmeticOf(&f.AckRule, f.Segment.Ack, f.Event.Ack) + ": the number that its sender expects next."
	if other := known[f.Event.From.Other()]; other != nil {
		if taken := other.takes(); taken > 0 {
			q.mistake(other.seqNumber(), fmt.Sprintf("You repeated the number of %s. The ack names the next one that is expected, and %s takes %s.", hash(other.Number), hash(other.Number), plural(taken, "number")))
		} else {
			q.mistake(other.seqNumber().plus(1), fmt.Sprintf("%s has no data, no SYN and no FIN, so it takes no number.", hash(other.Number)))
		}
	}
	q.mistake(f.seqNumber(), "That is its own sequence number. The ack counts what the other end sends.")
	return q
}

// mistake adds a wrong number, unless it is the right one.
func (q *Question) mistake(n number, why string) {
	if is, ok := q.Answer.(number); ok && n.raw != is.raw {
		q.Mistakes = append(q.Mistakes, Mistake{n, why})
	}
}

// takes is how many sequence numbers a segment takes: a byte one, SYN and FIN one
// each (RFC 9293 §3.4).
func (f *Frame) takes() (numbers int) {
	numbers = f.PayloadLen
	for _, flag := range []decode.Flags{decode.SYN, decode.FIN} {
		if f.Flags.Has(flag) {
			numbers++
		}
	}
	return numbers
}

// arithmeticOf is "x + 1 (SYN of #1) = 4242 + 1 = 4243, relative 1".
func arithmeticOf(rule *conversation.Rule, raw, relative uint32) string {
	if rule.Base == conversation.NoBase {
		return fmt.Sprint(raw)
	}
	return fmt.Sprintf("%s = %d, relative %d", rule.AppendProved(nil), raw, relative)
}

// meaningless is the acknowledgment number of a segment that acknowledges nothing.
type meaningless uint32

func (n meaningless) String() string { return fmt.Sprintf("%d, without a meaning", uint32(n)) }
func (meaningless) Want() string     { return "a number, raw or relative" }

func (n meaningless) Match(given string) (form string, ok bool) {
	switch strings.ToLower(given) {
	case "none", "nothing", "-":
		return "it means nothing", true
	}
	read, ok := readNumber(given)
	return "", ok && read == uint64(n)
}

func (n meaningless) reads(given string) bool { return number{}.reads(given) }

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
