package present

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// remarks writes what is special about a segment.
func (s *story) remarks(e *conversation.Event) {
	seg := e.Segment
	if e.Analysis != 0 {
		s.mark(purple, string(appendAnalysisOf([]byte("! Wireshark: "), e)))
	}
	if seg.Problem != nil {
		s.mark(red, s.sign.bad+" "+string(appendProblem(nil, seg.Problem)))
	}
	if seg.VerifyChecksum() == decode.SumBad {
		s.mark(red, s.sign.bad+" checksum is wrong")
	}
	if seg.Comment != "" {
		s.mark(dim, s.sign.note+" "+seg.Comment)
	}
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
		if len(dst) > start {
			dst = append(dst, "; "...)
		}
		dst = append(dst, analysisTexts[i]...)
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

// flags writes the bits of the flags.
func (s *story) flags(flags decode.Flags) {
	s.rail()
	s.what(" flags", flagsBits)
	s.value = flags.AppendBits(s.value[:0])
	s.withinASCII(bold, s.value)
	s.endLine(false, conversation.Unknown)
}

// number writes a number: what it is, where in the header, its value, and why it
// is so.
func (s *story) number(name string, at bitRange, value, why blankKind, broken bool) {
	s.rail()
	start := s.line.col
	s.what(name, at)
	s.blank(value, s.ladder.right)
	if broken {
		s.endLine(false, conversation.Unknown)
		s.rail()
		s.line.to(start + 4)
		s.blank(why, s.ladder.right)
	}
	s.endLine(false, conversation.Unknown)
}

// equation is a number and why it is so, in ASCII; the latter, where it is known,
// begins with a blank.
type equation struct {
	text   []byte
	value  int // bytes of text, the number
	style  string
	broken bool // into two lines, as one has no room for both
}

// equate finds a number and its arithmetic.
func (s *story) equate(q *equation, e *conversation.Event, n uint32, rule *conversation.Rule) {
	q.text, q.style = decimal.Append(q.text[:0], uint64(n)), ruleStyle(rule.Base)
	space := s.ladder.inside() - openingWidth
	switch {
	case rule.Base == conversation.NoBase,
		rule.Base == conversation.ServerAt && !e.Conversation.Guessed && *rule == conversation.Rule{Base: conversation.ServerAt}:
		q.value = len(q.text)
	case rule.Base == conversation.Zero:
		q.value = len(q.text)
		q.text = appendZero(q.text, e, rule, space-q.value)
	default:
		for !s.ladder.isNarrow() && len(q.text) < 10 {
			q.text = append(q.text, ' ') // so that the signs of equality stand below one another
		}
		q.value = len(q.text)
		q.text = appendArithmetic(q.text, rule, space-q.value, q == &s.ack, e.Step)
	}
	q.broken = q.value < len(q.text) && s.ladder.right-s.ladder.value() < len(q.text)
}

// appendZero appends why a number that is counted from nothing is what it is.
func appendZero(dst []byte, e *conversation.Event, rule *conversation.Rule, room int) []byte {
	const full = "nothing to acknowledge"
	why := full
	switch {
	case rule == &e.SeqRule:
		why = whyZero(e, rule)
	case e.Segment.Ack != 0:
		why = "no meaning: ACK is 0"
	case room < len("  ")+len(full):
		why = "nothing to ack"
	}
	if why == "" {
		return dst
	}
	return append(append(dst, "  "...), why...)
}

// appendArithmetic appends why a number is what it is, as fully as there is room
// for.
func appendArithmetic(dst []byte, rule *conversation.Rule, room int, acks bool, step conversation.Step) []byte {
	const equals = " = "
	dst = append(dst, equals...)
	sign := len(dst)
	room += sign - len(equals) // counted from the beginning of dst
	dst = rule.AppendTight(dst)
	if rule.Bytes > 0 && len(dst)+len("  ")*bytes.Count(dst[sign:], []byte{'+'}) >= room {
		return dst // no room for blanks around each plus
	}
	dst = rule.AppendShort(dst[:sign])
	bare := len(dst)
	if acks {
		if bare+len(" (#1)") <= room { // there may be room for the proof
			if dst = rule.AppendProof(dst); len(dst) <= room {
				return dst
			}
			dst = dst[:bare]
		}
	} else if step == conversation.StepSYN || step == conversation.StepSYNACK {
		dst = append(dst, "  (ISN)"...)
	}
	if len(dst) >= room && rule.Bytes > 0 || len(dst) > room {
		dst = rule.AppendTight(dst[:sign])
	}
	return dst
}

// equation writes a number, and why it is so if that stands in the same line.
func (s *story) equation(q *equation) {
	if q.broken {
		s.withinASCII(q.style, q.text[:q.value])
		return
	}
	s.withinASCII(q.style, q.text)
}

// reason writes why a number is so, on a line of its own.
func (s *story) reason(q *equation) { s.withinASCII(q.style, q.text[q.value+len(" "):]) }

// data writes what the data say.
func (s *story) data(at bitRange) {
	s.rail()
	s.what(" data", at)
	s.blank(dataBlank, s.ladder.right)
	s.endLine(false, conversation.Unknown)
}

// what writes what a detail is, and where in the header.
func (s *story) what(name string, at bitRange) {
	l, start := &s.line, s.line.col
	s.bits = at.append(s.bits[:0])
	if s.ladder.isNarrow() {
		l.raw(dim, name[1:]+" "+string(s.bits)+" ")
		return
	}
	add(l, dim, name, len(name))
	l.to(start + 7)
	add(l, dim, s.bits, len(s.bits))
	l.to(start + openingWidth)
	if l.buf[len(l.buf)-1] != ' ' {
		l.raw(plain, " ")
	}
}

// withinASCII is within for text whose bytes are columns.
func (s *story) withinASCII(style string, text []byte) { s.within(style, text, len(text)) }

// within writes visible text of a known width in columns, which must not reach
// the right lifeline.
func (s *story) within(style string, text []byte, columns int) {
	l := &s.line
	if room := max(s.ladder.right-l.col, 1); columns > room {
		l.seen = appendCut(l.seen[:0], text, room, l.set)
		text, columns = l.seen, width(l.seen)
	}
	add(l, style, text, columns)
}

// mark writes something special below a segment, over as many lines as it
// needs.
func (s *story) mark(style, text string) {
	s.why = visible.Append(s.why[:0], text, s.line.set)
	for rest := s.why; len(rest) > 0; {
		s.rail()
		s.line.raw(style, " ")
		room := s.ladder.inside() - len(" ")
		if len(rest) < len(s.why) {
			s.line.raw(style, "  ")
			room -= len("  ")
		}
		part, after := breakAt(rest, max(room, 10))
		s.within(style, part, width(part))
		rest = after
		s.endLine(false, conversation.Unknown)
	}
}

// quoted is data as text in quotes, with control characters made visible, no
// longer than the room between the lifelines, and its width in columns.
func (s *story) quoted(data []byte) (text []byte, columns int) {
	room := max(s.ladder.inside()-16, 12)
	const most = 4 // bytes of one character
	s.value = append(visible.Append(append(s.value[:0], '"'), data[:min(len(data), most*room)], s.line.set), '"')
	text = s.value[1 : len(s.value)-1]
	if columns = width(text); columns > room-1 {
		s.value = appendCut(s.value[:1], text, room-1, s.line.set)
		return s.value, width(s.value)
	}
	return s.value, columns + len(`""`)
}
