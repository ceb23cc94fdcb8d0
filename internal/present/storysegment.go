package present

import (
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Where flags, sequence and acknowledgment number stand, from the one table.
var (
	flagsBits = bitRange(decode.FlagsField.Key)
	seqBits   = bitRange("tcp.seq_raw")
	ackBits   = bitRange("tcp.ack_raw")
)

// The numbers' names, as they begin a line.
const seqName, ackName = " seq", " ack"

func bitRange(key string) []byte {
	f, _ := decode.ByKey(key)
	return appendBitRange(nil, f.Offset, f.End())
}

func appendBitRange(dst []byte, first, last int) []byte {
	return decimal.AppendInt(append(decimal.AppendInt(dst, int64(first)), '-'), int64(last))
}

// segment draws a segment as an arrow and below it flags, numbers and data.
func (s *story) segment(m *timeline.Moment) {
	e := m.Event
	if e.Conversation == nil {
		return
	}
	t, fresh := s.talkOf(e.Conversation, m.Client)
	if fresh {
		s.banner(t.label, t.sockets, e.Conversation)
		if t.shown == (talkState{}) && e.Step == conversation.StepSYN {
			s.states(t, e.Before)
		}
	}
	changed := s.change(t, e.After)
	s.explain(e)
	s.narrowStates(t.label, changed[conversation.Client], changed[conversation.Server])
	s.arrow(m, t, changed)
	s.details(e, t)
	if completes(e) && !t.proved {
		t.proved = true
		s.proof(e, t)
	}
	if e.Closes {
		s.free(t)
	}
	for len(s.beside) > 0 { // a sentence longer than the picture
		s.rail(t.label)
		s.endLine(s.sign.line, conversation.Unknown)
	}
}

// change takes the new states of both ends and returns those that changed.
func (s *story) change(t *talk, after [2]conversation.State) (changed talkState) {
	for i := range after {
		if after[i] != t.shown[i] {
			changed[i] = after[i]
		}
	}
	t.shown = after
	return changed
}

// states shows where both ends are before anything happened between them.
func (s *story) states(t *talk, states [2]conversation.State) {
	changed := s.change(t, states)
	if changed == (talkState{}) {
		return
	}
	if s.ladder.client < 0 {
		s.narrowStates(t.label, changed[conversation.Client], changed[conversation.Server])
		return
	}
	l := &s.line
	l.reset()
	s.label(t.label)
	l.to(s.ladder.client)
	if c := changed[conversation.Client]; c != conversation.Unknown {
		l.put(dim, c.String())
	}
	l.to(s.ladder.left)
	l.raw(dim, s.sign.line)
	s.endLine(s.sign.line, changed[conversation.Server])
}

// explain prepares the sentence that stands beside the picture.
func (s *story) explain(e *conversation.Event) {
	s.beside, s.sideStyle = nil, plain
	if s.ladder.beside == 0 {
		return
	}
	s.sentence = append(e.AppendSentence(s.sentence[:0]), " ("...)
	s.sentence = append(appendVisible(s.sentence, e.Section(), s.line.set), ')')
	s.beside = s.sentence
}

// arrow draws the line on which the segment crosses.
func (s *story) arrow(m *timeline.Moment, t *talk, changed talkState) {
	e := m.Event
	l, d := &s.line, &s.ladder
	s.head(m, e.Segment.Number, t.label)
	if c := changed[conversation.Client]; c != conversation.Unknown && d.client >= 0 {
		l.to(d.client)
		l.raw(green, c.String())
	}
	l.to(d.left)
	name := s.arrowName(e)
	columns := width(name)
	shaft := max(d.inside()-1-columns, 0)
	before, behind := shaft/2, shaft-shaft/2
	style := eventStyle(e)
	if e.From == conversation.Client {
		l.drawn(plain, s.sign.fromLeft, 1)
		s.shaft(plain, before)
		add(l, style, name, columns)
		s.shaft(plain, behind)
		l.drawn(plain, s.sign.toRight, 1)
		s.endLine(s.sign.line, changed[conversation.Server])
		return
	}
	l.drawn(dim, s.sign.line, 1)
	l.drawn(plain, s.sign.toLeft, 1)
	s.shaft(plain, before)
	add(l, style, name, columns)
	s.shaft(plain, behind)
	s.endLine(s.sign.fromRight, changed[conversation.Server])
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
