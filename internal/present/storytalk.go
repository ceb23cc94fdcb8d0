package present

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// talkState is where the two ends are, client first, as the story tells it: each
// with isAssumed where no segment of that end has shown it yet.
type talkState [2]conversation.State

const isAssumed conversation.State = 1 << 7

// stateText is a state as it is written: a ? stands behind one that is assumed.
// With it the longest would not fit its column, so it gets its short name.
func stateText(s conversation.State) string {
	switch {
	case s&isAssumed == 0:
		return s.String()
	case s == conversation.SynReceived|isAssumed:
		return "SYN-RCVD?"
	}
	return (s &^ isAssumed).String() + "?"
}

// statesOf are the states behind a segment.
func statesOf(e *conversation.Event) (is talkState) {
	for side, state := range e.After {
		if is[side] = state; state != conversation.Unknown && !e.Proved[side] {
			is[side] |= isAssumed
		}
	}
	return is
}

// talk is what the story knows of a conversation.
type talk struct {
	stream  int
	label   int
	shown   talkState
	sockets sockets
	proved  bool
	over    bool // its label is free again

	accounts *accounts // those that were shown last; nil for none
}

// sockets is a connection as its client sees it.
type sockets struct{ client, server netip.AddrPort }

// talkOf finds or begins what is known of a conversation.
func (s *story) talkOf(c *conversation.Conversation, client int) (t *talk, fresh bool) {
	recent := &s.recent[c.Stream%len(s.recent)]
	if t := *recent; t != nil && t.stream == c.Stream {
		return t, false
	}
	if t := s.talks[c.Stream]; t != nil {
		*recent = t
		return t, false
	}
	k := sockets{c.Ends[conversation.Client].AddrPort(), c.Ends[conversation.Server].AddrPort()}
	label, known := s.labels[k]
	if !known || s.inUse[label] > 0 && label != client {
		label = s.newLabel(client)
	}
	s.labels[k] = label
	s.inUse[label]++
	t = &talk{stream: c.Stream, label: label, sockets: k}
	if w := s.waiting[label]; w != nil {
		t.shown = *w
		delete(s.waiting, label)
	}
	s.talks[c.Stream] = t
	return t, true
}

// newLabel is the number of a client: its own where a call told it and no
// other conversation has it, else the next one.
func (s *story) newLabel(client int) int {
	label := client
	if label == 0 || s.inUse[label] > 0 {
		label = s.lastLabel + 1
	}
	s.lastLabel = max(s.lastLabel, label)
	s.several = s.several || label > 1
	s.layOut()
	return label
}

// free lets the label of a conversation that is over be given again.
func (s *story) free(t *talk) {
	if t.over {
		return
	}
	t.over = true
	if s.inUse[t.label]--; s.inUse[t.label] <= 0 {
		delete(s.inUse, t.label)
	}
}

// labelOfCall is whose a call is; 0 for the listening socket's.
func (s *story) labelOfCall(m *timeline.Moment) int {
	c := m.Call
	k := sockets{c.Local, c.Remote}
	if c.Role == dialogue.Server {
		k = sockets{c.Remote, c.Local}
	}
	if label, ok := s.labels[k]; ok {
		return label
	}
	if m.Client == 0 {
		return 0
	}
	s.lastLabel = max(s.lastLabel, m.Client)
	s.several = s.several || m.Client > 1
	s.layOut()
	if k.client.IsValid() && k.server.IsValid() && len(s.labels) < 1<<16 {
		s.labels[k] = m.Client
		s.banner(m.Client, k, nil)
	}
	return m.Client
}

// appendName appends a label as it is written: C1.
func appendName(dst []byte, label int) []byte {
	return decimal.AppendInt(append(dst, 'C'), int64(label))
}

// named is a client's name as it stands in the column for that, with the blanks
// behind it.
type named struct {
	label int
	end   int // column
	cut   bool
	size  uint8 // bytes
	text  [38]byte
}

// So many names are remembered, of those clients that came last.
type names [64]named

// label writes whose a line is, if it is anybody's, unless the line is beyond
// the column for that.
func (s *story) label() {
	l, d := &s.line, &s.ladder
	if s.whose <= 0 || l.col > d.frame+1 {
		return
	}
	l.to(d.frame + 1)
	if f := s.drawing; f != nil {
		s.copy(len(l.buf))
		f.names = append(f.names, len(f.text))
	}
	n := s.nameOf(s.whose)
	l.buf, l.col, l.cut = append(l.buf, n.text[:n.size]...), n.end, n.cut
}

// nameOf finds how a client's name stands in its column.
func (s *story) nameOf(label int) *named {
	n, d := &s.names[label%len(s.names)], &s.ladder
	if n.label == label {
		return n
	}
	l := line{buf: n.text[:0], col: d.frame + 1, width: s.width, color: s.line.color}
	writeName(&l, label)
	l.to(d.who)
	*n = named{label: label, end: l.col, cut: l.cut, size: uint8(len(l.buf)), text: n.text}
	return n
}

// writeName writes the name of a client.
func writeName(l *line, label int) {
	var room [24]byte
	name := appendName(room[:0], label)
	add(l, labelStyles[label%len(labelStyles)], name, len(name))
}

// labelStyles tell clients apart beside their numbers. Blue and orange are not
// among them: those belong to x and y.
var labelStyles = [...]string{"1;38;5;67", "1;38;5;37", "1;38;5;134", "1;38;5;100", "1;38;5;162", "1;38;5;35"}
