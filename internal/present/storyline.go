package present

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// remark writes a sign and a sentence behind a head, over as many lines as
// they need.
func (s *story) remark(style, sign, text string) {
	s.remarkBytes(style, sign, append(s.value[:0], text...))
}

func (s *story) remarkBytes(style, sign string, text []byte) {
	if !visible.IsPlain(text) {
		s.why = visible.Append(s.why[:0], text, s.line.set)
		text = s.why
	}
	indent := s.ladder.who + 1
	l := &s.line
	for rest := text; len(rest) > 0; {
		if s.several {
			s.label()
		}
		l.to(indent)
		if len(rest) == len(text) {
			l.drawn(style, sign, 1)
		}
		l.to(indent + 2)
		part, after := breakAt(rest, max(s.ladder.width-indent-2, 16))
		l.bytes(style, part)
		rest = after
		l.finish()
	}
	l.reset() // the head of a remark that says nothing
}

// head begins the first line of a moment: its time, its frame and whose it is.
func (s *story) head() {
	l, d := &s.line, &s.ladder
	l.reset()
	s.blank(timeBlank, d.time)
	if frameOf(&s.m) > 0 {
		s.blank(frameBlank, d.frame)
	}
	s.label()
	l.to(d.who)
}

func (s *story) time() {
	d := &s.ladder
	if at := appendSince(s.value[:0], s.m.At, s.clock.start, d.time); len(at) > 0 {
		s.value = at
		s.line.to(d.time - len(at))
		add(&s.line, dim, at, len(at))
	}
}

// who goes on with the client's state, if it changed, as far as the left
// lifeline.
func (s *story) who(state conversation.State) {
	l, d := &s.line, &s.ladder
	if state != conversation.Unknown && d.client >= 0 {
		l.to(d.client)
		l.raw(stateStyle(state), stateText(state))
	}
	l.to(d.left)
}

// rail begins a line that goes on with a moment; with several clients it says
// whose it is too.
func (s *story) rail() {
	l, d := &s.line, &s.ladder
	l.reset()
	if s.several {
		s.label()
	}
	l.to(d.left)
	l.drawn(dim, s.sign.line, 1)
}

// endLine closes a line with the right lifeline, from which something may come,
// a state, and the next line of the sentence.
func (s *story) endLine(fromRight bool, state conversation.State) {
	l, d := &s.line, &s.ladder
	switch {
	case l.col > d.right || l.cut:
		s.unfit()
	case fromRight:
		l.to(d.right)
		l.drawn(plain, s.sign.fromRight, 1)
	default:
		l.to(d.right)
		l.drawn(dim, s.sign.line, 1)
	}
	if state != conversation.Unknown && d.server >= 0 {
		l.to(d.server)
		l.raw(stateStyle(state), stateText(state))
	}
	if d.beside > 0 {
		s.blank(besideBlank, d.full)
	}
	l.finish()
}

// writeBeside writes the next line of the sentence; behind it the line ends,
// wherever that is.
func (s *story) writeBeside() {
	l, d := &s.line, &s.ladder
	if len(s.beside) > 0 {
		l.width = d.full
		l.to(d.beside)
		part, rest := breakAt(s.beside, d.full-d.beside)
		l.bytes(s.sideStyle, bytes.TrimRight(part, " "))
		s.beside = rest
		l.width = s.width
	}
	l.col = d.full
}

// narrowStates writes changed states on a line of their own where there is no
// room beside the lifelines.
func (s *story) narrowStates(client, server conversation.State) {
	if s.ladder.client >= 0 || client == conversation.Unknown && server == conversation.Unknown {
		return
	}
	s.rail()
	if client != conversation.Unknown {
		s.line.put(stateStyle(client), " "+stateText(client))
	}
	if server != conversation.Unknown {
		text := stateText(server)
		s.line.to(s.ladder.right - len(text) - 1)
		s.line.put(stateStyle(server), text)
	}
	s.endLine(false, conversation.Unknown)
}

// stateStyle is green for a state that was shown, and dim for one that is
// assumed.
func stateStyle(s conversation.State) string {
	if s&isAssumed != 0 {
		return dim
	}
	return green
}
