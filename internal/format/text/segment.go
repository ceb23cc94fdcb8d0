package text

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// segments draws segments as arrows, and below each its details.
type segments struct {
	*canvas
	details   details
	explained bool // what ? after a state means has been said
}

func newSegments(c *canvas) *segments {
	s := &segments{canvas: c, details: details{canvas: c}}
	c.forms.filler = s
	return s
}

// fillIn implements filler.
func (s *segments) fillIn(kind blankKind) {
	switch kind {
	case timeBlank:
		s.drawTime()
	case frameBlank:
		s.drawFrame()
	case seqBlank:
		s.details.drawEquation(&s.details.seq)
	case ackBlank:
		s.details.drawEquation(&s.details.ack)
	case seqWhyBlank:
		s.details.drawReason(&s.details.seq)
	case ackWhyBlank:
		s.details.drawReason(&s.details.ack)
	case dataBlank:
		s.details.drawData()
	case besideBlank:
		s.drawBeside()
	}
}

// draw draws a segment with all that belongs to it.
func (s *segments) draw(e *view.Entry, endpoints bool) {
	s.drawBefore(e.Before)
	s.explain(e)
	s.lines(e)
	if endpoints {
		drawChanges(s.canvas, e)
	}
	for tone, text := range e.Remarks() {
		s.mark(tone, s.sign.of(tone), text)
	}
	if (e.Reached[conversation.Client]|e.Reached[conversation.Server])&view.Assumed != 0 && !s.explained {
		s.explained = true
		s.mark(dim, "", []byte("? assumed, not shown by that end"))
	}
	if e.Proves {
		drawProof(s.canvas, e)
	}
	for len(s.beside) > 0 { // a sentence longer than the picture
		s.beginDetail()
		s.endDetail()
	}
}

// drawBefore shows where both ends are before anything happened between them.
func (s *segments) drawBefore(states view.States) {
	if states == (view.States{}) {
		return
	}
	if s.ladder.client < 0 {
		s.narrowStates(states)
		return
	}
	l := &s.line
	l.reset()
	s.drawName()
	l.to(s.ladder.client)
	if state := states[conversation.Client]; state != conversation.Unknown {
		l.put(dim, stateText(state))
	}
	l.to(s.ladder.left)
	l.raw(dim, s.sign.line)
	s.endLine(false, states[conversation.Server])
}

// explain prepares the sentence that stands beside the picture.
func (s *segments) explain(e *view.Entry) {
	s.beside = nil
	if s.ladder.beside == 0 {
		return
	}
	s.sentence = e.AppendSentence(s.sentence[:0])
	if s.beside = s.sentence; s.line.set == visible.ASCII {
		s.beside = visible.Append(nil, s.sentence, visible.ASCII)
	}
}

// lines draws a segment as an arrow, and below it flags, numbers and data: into
// the form that there is, else anew.
func (s *segments) lines(e *view.Entry) {
	s.details.take(e)
	name := s.nameOf(s.client)
	is := s.shapeOf(e, name.size)
	f, known := s.forms.find(&is)
	if known && s.forms.fill(f, s.client, name.text[:name.size]) {
		return
	}
	s.forms.begin(f, is)
	s.beginEntry()
	s.drawClientState(e.Reached[conversation.Client])
	s.drawArrow(e)
	s.endLine(e.Event.From == conversation.Server && e.Way() != view.Inserted, e.Reached[conversation.Server])
	s.narrowStates(e.Reached)
	s.details.draw()
	s.forms.end()
}

// shapeOf is the shape of a segment; its details have been taken.
func (s *segments) shapeOf(e *view.Entry, name uint8) shape {
	seg, d := e.Event.Segment, &s.details
	is := shape{bits: uint64(seg.PayloadLen)<<16 | isUsed | uint64(seg.Flags), name: name, reached: e.Reached, numbers: d.numbers, data: d.data, way: e.Way()}
	if e.Event.From == conversation.Server {
		is.bits |= ofServer
	}
	if seg.Excerpt {
		is.bits |= ofExcerpt
	}
	if e.Tone() == view.Remarked {
		is.bits |= withAnalysis
	}
	if is.numbers {
		is.broken = [2]bool{d.seq.broken, d.ack.broken}
	}
	return is
}

// drawArrow draws the arrow between the lifelines.
func (s *segments) drawArrow(e *view.Entry) {
	l := &s.line
	name, tone := e.AppendTitle(append(s.value[:0], ' '))
	if room := s.ladder.inside() - 6; len(name)-1 > room {
		name = appendCut(name[:1], name[1:], room, l.set)
	}
	name = append(name, ' ')
	s.value = name
	columns := width(name)
	shaft := max(s.ladder.inside()-1-columns, 0)
	before, after := shaft/2, shaft-shaft/2
	if way := e.Way(); way != view.Straight {
		s.drawWay(e, way, tone, name, columns)
		return
	}
	if e.Event.From == conversation.Client {
		l.drawn(plain, s.sign.fromLeft, 1)
	} else {
		l.drawn(dim, s.sign.line, 1)
		l.drawn(plain, s.sign.toLeft, 1)
	}
	s.drawShaft(plain, before)
	add(l, tone, name, columns)
	s.drawShaft(plain, after)
	if e.Event.From == conversation.Client {
		l.drawn(plain, s.sign.toRight, 1)
	}
}
