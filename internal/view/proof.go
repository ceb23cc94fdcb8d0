package view

import (
	"iter"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// Proof is how it is known that a handshake is complete, statement by statement,
// each with what joins it to the one before on a line; nothing begins a new line.
// Where room is short, the kind of handshake is named in a word. A text is valid
// until the next one.
func (e *Entry) Proof(short bool) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		c := e.Event.Conversation
		if !yield("", e.say(appendCompleted(e.room, c, short))) {
			return
		}
		if took, known := sinceFirst(c); known { // the SYN was repeated
			syn := decimal.AppendInt(append(e.room, "since SYN #"...), int64(c.Handshake.SYN))
			if !yield("", e.say(syn)) {
				return
			}
			first := append(appendMs(e.room, took), " ms since #"...)
			if !yield("; ", e.say(decimal.AppendInt(first, int64(c.Handshake.FirstSYN)))) {
				return
			}
		}
		e.arithmetic(yield)
	}
}

// arithmetic is the part of a proof that rests on the numbers.
func (e *Entry) arithmetic(yield func(string, []byte) bool) {
	f := &e.Event.Conversation.Flows
	if !f[0].HasISN || !f[1].HasISN ||
		!yield("", e.say(decimal.Append(append(e.room, "x = "...), uint64(f[0].ISN)))) ||
		!yield("  ", e.say(decimal.Append(append(e.room, "y = "...), uint64(f[1].ISN)))) {
		return
	}
	for i, acked := range acknowledged(e.Event) {
		text := append(decimal.AppendInt(append(e.room, '#'), int64(acked.frame)), " acks "...)
		if !yield([...]string{"", ", "}[i], e.say(acked.rule.Append(text))) {
			return
		}
	}
}

// appendCompleted appends which handshake is complete, and in what time.
func appendCompleted(dst []byte, c *conversation.Conversation, short bool) []byte {
	took, known := handshakeTime(c)
	dst = append(dst, handshakeName(c, known && short)...)
	if !known {
		return append(dst, " complete"...)
	}
	return append(appendMs(append(dst, ": "...), took), " ms"...)
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
	first := acking{c.Handshake.SYNACK, conversation.Rule{Base: conversation.X + conversation.Base(e.From), SYN: true}}
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
