package view

import (
	"iter"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Remarks are what there is to say below an entry: what is special about a
// segment, what a conversation comes to. A text is valid until the next one.
func (e *Entry) Remarks() iter.Seq2[Tone, []byte] {
	return func(yield func(Tone, []byte) bool) {
		switch e.Kind {
		case timeline.Segment:
			e.ofSegment(yield)
		case timeline.Ended:
			e.ofConversation(yield)
		}
	}
}

func (e *Entry) ofSegment(yield func(Tone, []byte) bool) {
	seg := e.Event.Segment
	if e.Passage != nil && !e.ofPassage(yield) {
		return
	}
	if e.Event.Analysis != 0 && !yield(Remarked, e.say(appendAnalysisOf(append(e.room, "Wireshark: "...), e.Event))) ||
		seg.Problem != nil && !yield(Bad, e.say(appendProblem(e.room, seg.Problem))) ||
		seg.VerifyChecksum() == decode.SumBad && !yield(Bad, e.say(append(e.room, "checksum is wrong"...))) {
		return
	}
	if e.manner.isBoth() && len(seg.Header) >= headerToWindow && !seg.Stunted() {
		text := decimal.Append(append(e.room, "relative: seq "...), uint64(e.Event.Seq))
		if !yield(Quiet, e.say(decimal.Append(append(text, ", ack "...), uint64(e.Event.Ack)))) {
			return
		}
	}
	if seg.Comment != "" {
		yield(Quiet, e.say(append(e.room, seg.Comment...)))
	}
}

func (e *Entry) ofConversation(yield func(Tone, []byte) bool) {
	c := e.Conversation
	text := decimal.AppendBytes(append(e.room, "client sent "...), c.Flows[conversation.Client].Bytes)
	text = decimal.AppendBytes(append(text, ", server "...), c.Flows[conversation.Server].Bytes)
	if c.Ending != conversation.StillOpen {
		text = appendEnd(append(text, "; closed by "...), c)
	}
	if yield(Quiet, e.say(text)) {
		text = append(append(e.room, c.Seen.Text()...), ": "...)
		yield(Quiet, e.say(append(text, c.Seen.Sum()...)))
	}
}

// say keeps the room that a text has taken for the next one.
func (e *Entry) say(text []byte) []byte {
	e.room = text[:0]
	return text
}

// appendAnalysisOf appends Wireshark's words for a segment, each with the frame and
// the time that belong to it: "retransmission of #8, 11.157 ms later; window full".
func appendAnalysisOf(dst []byte, e *conversation.Event) []byte {
	words := e.Analysis
	const special = conversation.FastRetransmission | conversation.SpuriousRetransmission
	if words&special != 0 {
		words &^= conversation.Retransmission // which they are, too
	}
	const again = conversation.Retransmission | special
	start := len(dst)
	for i := range analysisTexts {
		word := words & (1 << i)
		if word == 0 {
			continue
		}
		dst = append(appendBetween(dst, start, "; "), analysisTexts[i]...)
		switch {
		case word&again != 0 && e.AgainOf != 0:
			dst = decimal.AppendInt(append(dst, " of #"...), int64(e.AgainOf))
			dst = append(appendMs(append(dst, ", "...), e.AgainAfter), " ms later"...)
		case word&again != 0 && e.RTOFrame != 0:
			dst = append(appendMs(append(dst, ", "...), e.RTO), " ms after #"...)
			dst = decimal.AppendInt(dst, int64(e.RTOFrame))
		case word == conversation.DuplicateAck && e.DupAckFrame != 0:
			dst = decimal.AppendInt(append(dst, " of #"...), int64(e.DupAckFrame))
			dst = append(decimal.AppendInt(append(dst, " ("...), int64(e.DupAckNum)), ')')
		}
	}
	return dst
}

// AppendProof appends how it is known that a handshake is complete, in lines; where
// room is short, each statement has one of its own.
func (e *Entry) AppendProof(dst []byte, short bool) []byte {
	c := e.Event.Conversation
	join := func(joint string) {
		if short {
			joint = "\n"
		}
		dst = append(dst, joint...)
	}
	took, known := handshakeTime(c)
	if known && (e.Passage != nil || e.Kind != timeline.Segment) { // both ends are known to be open now
		took, known = between(c.Handshake.SYNTime, e.At)
	}
	if dst = append(dst, handshakeName(c, known && short)...); known {
		dst = append(appendMs(append(dst, ": "...), took), " ms"...)
	} else {
		dst = append(dst, " complete"...)
	}
	if took, known := sinceFirst(c); known { // the SYN was repeated
		dst = decimal.AppendInt(append(dst, "\nsince SYN #"...), int64(c.Handshake.SYNFrame))
		join("; ")
		dst = decimal.AppendInt(append(appendMs(dst, took), " ms since #"...), int64(c.Handshake.FirstSYNFrame))
	}
	f := &c.Flows
	if !f[0].HasISN || !f[1].HasISN || e.manner != nil && e.manner.Stable {
		return dst
	}
	number := e.talk.letters
	letter := func(name string) {
		dst = append(number.mark(append(dst, name...), len(dst)), " = "...)
	}
	dst = append(dst, '\n')
	letter("x")
	dst = decimal.Append(dst, uint64(f[0].ISN))
	join("  ")
	letter("y")
	dst = append(decimal.Append(dst, uint64(f[1].ISN)), '\n')
	for i, acked := range acknowledged(e.Event) {
		if i > 0 {
			join(", ")
		}
		dst = number.append(append(decimal.AppendInt(append(dst, '#'), int64(acked.frame)), " acks "...), &acked.rule)
	}
	return dst
}

// acking is a frame, and the arithmetic of what it acknowledges.
type acking struct {
	frame int
	rule  conversation.Rule
}

// acknowledged are the two segments by which each end has acknowledged the other's
// number, in the order of the capture. e is the last of them.
func acknowledged(e *conversation.Event) [2]acking {
	c, other := e.Conversation, e.From.Other()
	last := acking{e.Segment.Number, e.AckRule}
	first := acking{c.Handshake.SYNACKFrame, conversation.Rule{Base: conversation.X + conversation.Base(e.From), SYN: true}}
	for _, step := range c.Steps(nil) {
		if step.Step == conversation.StepSYNACK && step.From == other {
			first.frame = step.Frame
		}
	}
	if rule := c.RuleOf(e.From, c.Account(e.From).UNA); rule.SYN { // with data of the SYN's
		first.rule = rule
	}
	return [2]acking{first, last}
}

// A Change is a number of an end's account that a segment has changed.
type Change struct {
	Name string
	Tone Tone

	number  uint32
	rule    conversation.Rule
	assumed bool
	letters letters
}

// AppendTo appends the number as arithmetic that fits into so many characters,
// with a ? where it is assumed.
func (c *Change) AppendTo(dst []byte, room int) []byte {
	return c.letters.mark(appendTightly(dst, c.number, c.rule, c.assumed, room-c.letters.digits()), len(dst))
}

// Changes are what a segment has changed of the numbers of an end, since they
// were asked for last.
func (e *Entry) Changes(side conversation.Side) (list []Change) {
	if e.talk.accounts == nil {
		e.talk.accounts = new(accounts)
	}
	c, before := e.Event.Conversation, &e.talk.accounts[side]
	now := c.Account(side)
	for i := range accountNumbers {
		number := &accountNumbers[i]
		n, known, assumed := number.of(&now)
		n0, known0, assumed0 := number.of(before)
		if !known || known == known0 && n == n0 && assumed == assumed0 {
			continue
		}
		rule := number.ruleOf(c, side, n)
		list = append(list, Change{number.name, toneOf(rule.Base), n, rule, assumed, e.talk.letters})
	}
	*before = now
	return list
}
