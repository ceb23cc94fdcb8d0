package text

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Where both ends of a segment's way are known its arrow need not be straight: a
// cross stands where it was lost, it begins on the way where no host has sent it,
// and where it takes its time it bends down, to come in further below.

// drawWay draws such an arrow between the lifelines.
func (s *segments) drawWay(e *view.Entry, way view.Way, style view.Tone, name []byte, columns int) {
	l := &s.line
	right := e.Event.From == conversation.Client // it goes to the right
	shaft := max(s.ladder.inside()-1-columns, 2)
	before := shaft / 3
	end, endStyle := s.sign.bad, view.Bad
	switch {
	case way == view.Slanted && right:
		end, endStyle = s.sign.bendDown, plain
	case way == view.Slanted:
		end, endStyle = s.sign.bendUp, plain
	}
	if way == view.Inserted {
		s.drawInserted(right, style, name, before, shaft-before)
		return
	}
	after := max((shaft-before)/2, 1)
	if right {
		l.drawn(plain, s.sign.fromLeft, 1)
		s.drawShaft(plain, before)
		add(l, style, name, columns)
		s.drawShaft(plain, after)
		l.drawn(endStyle, end, 1)
		return
	}
	l.drawn(dim, s.sign.line, 1)
	l.to(s.ladder.right - before - columns - after - 1)
	l.drawn(endStyle, end, 1)
	s.drawShaft(plain, after)
	add(l, style, name, columns)
	s.drawShaft(plain, before)
}

// drawInserted draws an arrow that begins on the way.
func (s *segments) drawInserted(right bool, style view.Tone, name []byte, before, after int) {
	l := &s.line
	columns := width(name)
	l.drawn(dim, s.sign.line, 1)
	if !right {
		l.drawn(plain, s.sign.toLeft, 1)
		s.drawShaft(plain, after/2)
		add(l, style, name, columns)
		s.drawShaft(plain, before/2)
		l.drawn(view.Remarked, s.sign.begins, 1)
		return
	}
	l.to(s.ladder.right - 1 - after/2 - columns - before/2 - 1)
	l.drawn(view.Remarked, s.sign.begins, 1)
	s.drawShaft(plain, before/2)
	add(l, style, name, columns)
	s.drawShaft(plain, after/2)
	l.drawn(plain, s.sign.toRight, 1)
}

// drawArrival draws where a segment comes in that was sent further above.
func (s *segments) drawArrival(e *view.Entry, endpoints bool) {
	s.beginEntry()
	s.drawClientState(e.Reached[conversation.Client])
	l := &s.line
	name, tone := e.AppendTitle(append(s.value[:0], ' '))
	if room := s.ladder.inside() - 6; len(name)-1 > room {
		name = appendCut(name[:1], name[1:], room, l.set)
	}
	name = append(name, ' ')
	s.value = name
	columns := width(name)
	l.drawn(dim, s.sign.line, 1)
	if e.Event.From == conversation.Client {
		start := max(s.ladder.right-1-columns-4, l.col)
		l.to(start)
		l.drawn(plain, s.sign.landRight, 1)
		s.drawShaft(plain, max(s.ladder.right-1-l.col-columns, 0))
		add(l, tone, name, columns)
		l.to(s.ladder.right - 1)
		l.drawn(plain, s.sign.toRight, 1)
	} else {
		l.drawn(plain, s.sign.toLeft, 1)
		add(l, tone, name, columns)
		s.drawShaft(plain, 3)
		l.drawn(plain, s.sign.landLeft, 1)
	}
	s.beside = nil
	s.endLine(false, e.Reached[conversation.Server])
	s.narrowStates(e.Reached)
	if endpoints {
		drawChanges(s.canvas, e)
	}
	if e.Proves {
		drawProof(s.canvas, e)
	}
}
