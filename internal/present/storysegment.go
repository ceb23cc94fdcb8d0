package present

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// Where flags, sequence and acknowledgment number stand, from the one table.
var (
	flagsBits = bitsOf(decode.FlagsField.Key)
	seqBits   = bitsOf("tcp.seq_raw")
	ackBits   = bitsOf("tcp.ack_raw")
)

// The numbers' names, as they begin a line.
const seqName, ackName = " seq", " ack"

// bitRange is the first and the last bit of something in a header.
type bitRange struct{ first, last int }

func bitsOf(key string) bitRange {
	f, _ := decode.ByKey(key)
	return bitRange{f.Offset, f.End()}
}

// append appends "104-111".
func (b bitRange) append(dst []byte) []byte {
	return decimal.AppendInt(append(decimal.AppendInt(dst, int64(b.first)), '-'), int64(b.last))
}

// segment draws a segment as an arrow and below it flags, numbers and data.
func (s *story) segment(m *timeline.Moment) {
	e := m.Event
	if e.Conversation == nil {
		return
	}
	t, fresh := s.talkOf(e.Conversation, m.Client)
	s.whose = t.label
	if fresh {
		s.banner(t.label, t.sockets, e.Conversation)
		if t.shown == (talkState{}) && e.Step == conversation.StepSYN && e.Opens {
			s.states(t, talkState(e.Before))
		}
	}
	changed := s.change(t, statesOf(e))
	s.explain(e)
	s.lines(e, changed)
	s.endpoints(t, e.Conversation)
	s.remarks(e)
	s.legend(changed)
	if completes(e) && !t.proved {
		t.proved = true
		s.proof(e)
	}
	if e.Closes {
		s.free(t)
	}
	for len(s.beside) > 0 { // a sentence longer than the picture
		s.rail()
		s.endLine(false, conversation.Unknown)
	}
}

// legend says once what the mark of an assumed state means.
func (s *story) legend(changed talkState) {
	if s.explained || (changed[conversation.Client]|changed[conversation.Server])&isAssumed == 0 {
		return
	}
	s.explained = true
	s.mark(dim, "? assumed, not shown by that end")
}

// change takes the new states of both ends and returns those that changed.
func (s *story) change(t *talk, after talkState) (changed talkState) {
	for i := range after {
		if after[i] != t.shown[i] {
			changed[i] = after[i]
		}
	}
	t.shown = after
	return changed
}

// states shows where both ends are before anything happened between them.
func (s *story) states(t *talk, states talkState) {
	changed := s.change(t, states)
	if changed == (talkState{}) {
		return
	}
	if s.ladder.client < 0 {
		s.narrowStates(changed[conversation.Client], changed[conversation.Server])
		return
	}
	l := &s.line
	l.reset()
	s.label()
	l.to(s.ladder.client)
	if c := changed[conversation.Client]; c != conversation.Unknown {
		l.put(dim, stateText(c))
	}
	l.to(s.ladder.left)
	l.raw(dim, s.sign.line)
	s.endLine(false, changed[conversation.Server])
}

// explain prepares the sentence that stands beside the picture.
func (s *story) explain(e *conversation.Event) {
	s.beside, s.sideStyle = nil, plain
	if s.ladder.beside == 0 {
		return
	}
	s.sentence = append(e.AppendSentence(s.sentence[:0]), " ("...)
	s.sentence = append(visible.Append(s.sentence, e.Section(), s.line.set), ')')
	s.beside = s.sentence
}

// draw draws the lines of a segment.
func (s *story) draw(e *conversation.Event, is *formOf) {
	s.narrowStates(is.changed[conversation.Client], is.changed[conversation.Server])
	s.head()
	s.who(is.changed[conversation.Client])
	s.across(e)
	s.endLine(e.From == conversation.Server, is.changed[conversation.Server])
	if is.numbers {
		s.flags(e.Segment.Flags)
		s.number(seqName, seqBits, seqBlank, seqWhyBlank, is.broken[0])
		s.number(ackName, ackBits, ackBlank, ackWhyBlank, is.broken[1])
	}
	if is.data != (bitRange{}) {
		s.data(is.data)
	}
}

// across draws the arrow between the lifelines.
func (s *story) across(e *conversation.Event) {
	l := &s.line
	name := s.arrowName(e)
	columns := width(name)
	shaft := max(s.ladder.inside()-1-columns, 0)
	before, behind := shaft/2, shaft-shaft/2
	if e.From == conversation.Client {
		l.drawn(plain, s.sign.fromLeft, 1)
	} else {
		l.drawn(dim, s.sign.line, 1)
		l.drawn(plain, s.sign.toLeft, 1)
	}
	s.shaft(plain, before)
	add(l, eventStyle(e), name, columns)
	s.shaft(plain, behind)
	if e.From == conversation.Client {
		l.drawn(plain, s.sign.toRight, 1)
	}
}

// shaft draws so many columns of an arrow, or of a rule.
func (s *story) shaft(style string, columns int) {
	s.line.drawn(style, s.dashes[:columns*len(s.sign.dash)], columns)
}

// arrowName is what stands on the arrow: " PSH+ACK, 9 bytes ".
func (s *story) arrowName(e *conversation.Event) []byte {
	name := e.Segment.Flags.Append(append(s.value[:0], ' '))
	if n := e.Segment.PayloadLen; n > 0 && !e.Segment.Excerpt {
		name = decimal.AppendBytes(append(name, ", "...), uint64(n))
	}
	if room := s.ladder.inside() - 6; len(name)-1 > room {
		name = appendCut(name[:1], name[1:], room, s.line.set)
	}
	s.value = append(name, ' ')
	return s.value
}
