package present

import (
	"bytes"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// details writes flags, sequence number, acknowledgment number and data, each
// with its bits, and what is special about the segment.
func (s *story) details(e *conversation.Event, t *talk) {
	seg := e.Segment
	if !seg.Stunted() && len(seg.Header) >= headerToWindow {
		s.flags(t, seg.Flags)
		s.number(t, seqName, seqBits, seg.Seq, e.SeqRule, e)
		s.number(t, ackName, ackBits, seg.Ack, e.AckRule, e)
	}
	if len(seg.Payload) > 0 {
		first := 8 * seg.HeaderLen
		s.detail(t, " data", bitRange{first, first + 8*max(seg.PayloadLen, len(seg.Payload)) - 1}, plain, s.quoted(seg.Payload), nil)
	}
	if e.Analysis != 0 {
		text := string(appendWords(nil, e.Analysis))
		if e.RTOFrame != 0 {
			text += " of #" + strconv.Itoa(e.RTOFrame) + ", " + string(appendMs(nil, e.RTO)) + " ms later"
		} else if e.DupAckFrame != 0 {
			text += " of #" + strconv.Itoa(e.DupAckFrame) + " (" + strconv.Itoa(e.DupAckNum) + ")"
		}
		s.mark(t, purple, "! "+text)
	}
	if seg.Problem != nil {
		s.mark(t, red, s.sign.bad+" "+string(appendProblem(nil, seg.Problem)))
	}
	if seg.VerifyChecksum() == decode.SumBad {
		s.mark(t, red, s.sign.bad+" checksum is wrong")
	}
	if seg.Comment != "" {
		s.mark(t, dim, s.sign.note+" "+seg.Comment)
	}
}

// flags writes the bits of the flags.
func (s *story) flags(t *talk, flags decode.Flags) {
	s.rail(t.label)
	if p, known := s.recall(flagsPart, uint64(flags)); !known {
		s.what(" flags", flagsBits)
		s.value = flags.AppendBits(s.value[:0])
		s.within(bold, s.value)
		s.keep(p)
	}
	s.endLine(false, conversation.Unknown)
}

// number writes a number with its arithmetic.
func (s *story) number(t *talk, name string, at bitRange, n uint32, rule conversation.Rule, e *conversation.Event) {
	s.value = decimal.Append(s.value[:0], uint64(n))
	s.why = s.why[:0]
	switch room := s.ladder.inside() - 15 - len(s.value); {
	case rule.Base == conversation.NoBase, !e.Conversation.Guessed && rule == (conversation.Rule{Base: conversation.ServerAt}):
	case rule.Base == conversation.Zero && n == 0:
		s.why = append(s.why, "  nothing to acknowledge"...)
		if room < len(s.why) {
			s.why = append(s.why[:0], "  nothing to ack"...)
		}
	case rule.Base == conversation.Zero:
		s.why = append(s.why, "  no meaning: ACK is 0"...)
	default:
		for s.ladder.inside() >= 30 && len(s.value) < 10 {
			s.value = append(s.value, ' ') // so that the signs of equality stand below one another
		}
		s.arithmetic(name, rule, e.Step)
	}
	s.detail(t, name, at, ruleStyle(rule), s.value, s.why)
}

// arithmetic puts together why the number is what it is, as fully as there is
// room for.
func (s *story) arithmetic(name string, rule conversation.Rule, step conversation.Step) {
	const equals = " = "
	room := s.ladder.inside() - 15 - len(s.value)
	s.why = rule.AppendShort(append(s.why[:0], equals...))
	bare := len(s.why)
	if name == ackName {
		if bare+len(" (#1)") <= room { // there may be room for the proof
			if s.why = rule.AppendProof(s.why); len(s.why) <= room {
				return
			}
			s.why = s.why[:bare]
		}
	} else if step == conversation.StepSYN || step == conversation.StepSYNACK {
		s.why = append(s.why, "  random"...)
	}
	if len(s.why) >= room && rule.Bytes > 0 || len(s.why) > room {
		s.why = rule.AppendTight(s.why[:len(equals)])
	}
}

// detail writes one line of details: what, where in the header, its value, and
// why it is so.
func (s *story) detail(t *talk, name string, at bitRange, style string, value, why []byte) {
	s.rail(t.label)
	l, d := &s.line, &s.ladder
	start := l.col
	if p, known := s.recall(openingPart, uint64(name[1])<<56^uint64(at.first)<<44^uint64(at.last)); !known {
		s.what(name, at)
		s.keep(p)
	}
	if len(why) > 0 && d.right-l.col < len(value)+len(why) {
		s.within(style, value)
		s.endLine(false, conversation.Unknown)
		s.rail(t.label)
		l.to(start + 4)
		s.within(style, bytes.TrimPrefix(why, []byte{' '}))
		s.endLine(false, conversation.Unknown)
		return
	}
	if len(why) == 0 {
		s.within(style, value)
	} else { // both ASCII
		add(l, style, value, len(value))
		add(l, style, why, len(why))
	}
	s.endLine(false, conversation.Unknown)
}

// what writes what a detail is, and where in the header.
func (s *story) what(name string, at bitRange) {
	l, start := &s.line, s.line.col
	s.name = at.append(s.name[:0])
	if s.ladder.inside() < 30 { // a narrow ladder: no columns
		l.raw(dim, name[1:]+" "+string(s.name)+" ")
		return
	}
	add(l, dim, name, len(name))
	l.to(start + 7)
	add(l, dim, s.name, len(s.name))
	l.to(start + 15)
	if l.buf[len(l.buf)-1] != ' ' {
		l.raw(plain, " ")
	}
}

// within writes visible text that must not reach the right lifeline.
func (s *story) within(style string, text []byte) {
	l := &s.line
	room, columns := max(s.ladder.right-l.col, 1), width(text)
	if columns > room {
		l.seen = appendCut(l.seen[:0], text, room, l.set)
		text, columns = l.seen, width(l.seen)
	}
	add(l, style, text, columns)
}

// mark writes something special below a segment, over as many lines as it
// needs.
func (s *story) mark(t *talk, style, text string) {
	s.why = appendVisible(s.why[:0], text, s.line.set)
	for rest := s.why; len(rest) > 0; {
		s.rail(t.label)
		s.line.raw(style, " ")
		if len(rest) < len(s.why) {
			s.line.raw(style, "  ")
		}
		part, after := breakAt(rest, max(s.ladder.inside()-2, 10))
		s.within(style, part)
		rest = after
		s.endLine(false, conversation.Unknown)
	}
}

// proof says that the three steps are complete, and how it is known.
func (s *story) proof(e *conversation.Event, t *talk) {
	c := e.Conversation
	h := &c.Handshake
	separate := s.ladder.inside() < 32 // there is no room for two things beside each other
	between := func(blank string) {
		if separate {
			s.proofLine(t)
		} else {
			s.why = append(s.why, blank...)
		}
	}
	s.why = append(append(s.why[:0], s.sign.proved...), ' ')
	took := h.SYNTime.Known && h.ACKTime.Known
	if !took || !separate {
		s.why = append(s.why, "three-way "...)
	}
	s.why = append(s.why, "handshake"...)
	if took {
		s.why = append(appendMs(append(s.why, ": "...), h.ACKTime.UnixNano()-h.SYNTime.UnixNano()), " ms"...)
	} else {
		s.why = append(s.why, " complete"...)
	}
	s.proofLine(t)
	if f := &c.Flows; f[0].HasISN && f[1].HasISN {
		s.why = decimal.Append(append(s.why, "x = "...), uint64(f[0].ISN))
		between("  ")
		s.why = decimal.Append(append(s.why, "y = "...), uint64(f[1].ISN))
		s.proofLine(t)
		s.why = append(decimal.AppendInt(append(s.why, '#'), int64(h.SYNACK)), " acks x + 1"...)
		between(", ")
		s.why = append(decimal.AppendInt(append(s.why, '#'), int64(h.ACK)), " acks y + 1"...)
		s.proofLine(t)
	}
}

// proofLine writes a line of the proof, in the middle.
func (s *story) proofLine(t *talk) {
	s.rail(t.label)
	if free := s.ladder.inside() - width(s.why); free > 0 {
		s.line.to(s.line.col + free/2)
	}
	s.within(green, s.why)
	s.endLine(false, conversation.Unknown)
	s.why = s.why[:0]
}

// quoted is data as text in quotes, with control characters made visible, no
// longer than the room between the lifelines.
func (s *story) quoted(data []byte) []byte {
	room := max(s.ladder.inside()-16, 12)
	const most = 4 // bytes of one character
	s.value = append(appendVisible(append(s.value[:0], '"'), data[:min(len(data), most*room)], s.line.set), '"')
	if text := s.value[1 : len(s.value)-1]; width(text) > room-1 {
		s.value = appendCut(s.value[:1], text, room-1, s.line.set)
	}
	return s.value
}
