package present

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// remark writes a sign and a sentence behind a head, over as many lines as
// they need.
func (s *story) remark(label int, style, sign, text string) {
	s.remarkBytes(label, style, sign, append(s.value[:0], text...))
}

func (s *story) remarkBytes(label int, style, sign string, text []byte) {
	s.why = appendVisible(s.why[:0], text, s.line.set)
	indent := s.ladder.who + 1
	l := &s.line
	for rest := s.why; len(rest) > 0; {
		if s.several {
			s.label(label)
		}
		l.to(indent)
		if len(rest) == len(s.why) {
			l.put(style, sign)
		}
		l.to(indent + 2)
		part, after := breakAt(rest, max(s.ladder.width-indent-2, 16))
		l.bytes(style, part)
		rest = after
		l.finish()
	}
	l.reset() // the head of a remark that says nothing
}

// head begins the first line of a moment: its time, its frame.
func (s *story) head(m *timeline.Moment, frame int) {
	l, d := &s.line, &s.ladder
	l.reset()
	if at := appendSince(s.value[:0], m.At, s.clock.start, d.time); len(at) > 0 {
		s.value = at
		l.to(d.time - len(at))
		add(l, dim, at, len(at))
	}
	if frame > 0 {
		l.number(bold, int64(frame), d.frame)
	}
}

// who goes on with whose the moment is and the client's state, if it changed, as
// far as the left lifeline.
func (s *story) who(label int, state conversation.State) {
	l, d := &s.line, &s.ladder
	s.label(label)
	if state != conversation.Unknown && d.client >= 0 {
		l.to(d.client)
		l.raw(green, state.String())
	}
	l.to(d.left)
}

func (s *story) label(label int) {
	if label > 0 && s.line.col <= s.ladder.frame+1 {
		s.line.to(s.ladder.frame + 1)
		s.writeName(label)
	}
}

// writeName writes the name of a client.
func (s *story) writeName(label int) {
	s.name = appendName(s.name[:0], label)
	add(&s.line, labelStyles[label%len(labelStyles)], s.name, len(s.name))
}

// labelStyles tell clients apart beside their numbers. Blue and orange are not
// among them: those belong to x and y.
var labelStyles = [...]string{"1;38;5;67", "1;38;5;37", "1;38;5;134", "1;38;5;100", "1;38;5;162", "1;38;5;35"}

// rail begins a line that goes on with a moment; with several clients it says
// whose it is too.
func (s *story) rail(label int) {
	l := &s.line
	l.reset()
	if !s.several {
		label = 0
	}
	p, known := s.recall(railPart, uint64(label))
	if known {
		return
	}
	s.label(label)
	l.to(s.ladder.left)
	l.drawn(dim, s.sign.line, 1)
	s.keep(p)
}

// endLine closes a line with the right lifeline, from which something may come,
// a state, and the next line of the sentence.
func (s *story) endLine(fromRight bool, state conversation.State) {
	what := uint64(state) << 1
	if fromRight {
		what |= 1
	}
	l, d := &s.line, &s.ladder
	if p, known := s.recall(endPart, what); !known {
		if l.col <= d.right && !l.cut {
			l.to(d.right)
			if fromRight {
				l.drawn(plain, s.sign.fromRight, 1)
			} else {
				l.drawn(dim, s.sign.line, 1)
			}
		}
		if state != conversation.Unknown && d.server >= 0 {
			l.to(d.server)
			l.raw(green, state.String())
		}
		s.keep(p)
	}
	if len(s.beside) > 0 && d.beside > 0 {
		l.width = d.full
		l.to(d.beside)
		part, rest := breakAt(s.beside, d.full-d.beside)
		l.bytes(s.sideStyle, part)
		s.beside = rest
		l.width = s.width
	}
	l.finish()
}

// narrowStates writes changed states on a line of their own where there is no
// room beside the lifelines.
func (s *story) narrowStates(label int, client, server conversation.State) {
	if s.ladder.client >= 0 || client == conversation.Unknown && server == conversation.Unknown {
		return
	}
	s.rail(label)
	if client != conversation.Unknown {
		s.line.put(green, " "+client.String())
	}
	if server != conversation.Unknown {
		s.line.to(s.ladder.right - len(server.String()) - 1)
		s.line.put(green, server.String())
	}
	s.endLine(false, conversation.Unknown)
}
