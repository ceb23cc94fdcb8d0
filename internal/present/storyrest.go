package present

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// callShown tells which moments of calls are worth a line: a call that waits
// for the peer shows what it returns, connect also that it begins; the others
// show that they are made, and that they failed.
func callShown(c *dialogue.Call) bool {
	if errors.Is(c.Err, net.ErrClosed) {
		return false // the program itself closed the socket under the call
	}
	switch c.Name {
	case "connect":
		return true
	case "accept", "recv":
		return c.Phase == dialogue.End
	case "send":
		return c.Phase == dialogue.Begin || c.Err != nil || c.N < len(c.Data)
	}
	return c.Phase == dialogue.Begin || c.Err != nil
}

// call writes a socket call at the side of the one who makes it.
func (s *story) call(m *timeline.Moment) {
	c := m.Call
	label := s.labelOfCall(m)
	s.whose = label
	state := s.stateOfCall(c, label)
	l, d := &s.line, &s.ladder
	if state != conversation.Unknown {
		if c.Role == dialogue.Client {
			s.narrowStates(state, conversation.Unknown)
		} else {
			s.narrowStates(conversation.Unknown, state)
		}
	}
	text := s.callText(c)
	s.head()
	style := teal
	if c.Phase == dialogue.End && c.Err != nil && !errors.Is(c.Err, io.EOF) {
		style = red
	}
	if c.Role == dialogue.Client {
		s.who(state)
		l.raw(plain, s.sign.fromLeft+" ")
		s.within(style, []byte(text), width(text))
		s.endLine(false, conversation.Unknown)
		return
	}
	s.who(conversation.Unknown)
	l.raw(dim, s.sign.line)
	text = cut(text, d.inside()-2, l.set)
	l.to(d.right - 1 - width(text))
	l.raw(style, text+" ")
	s.endLine(true, state)
}

// stateOfCall is the state a call puts its end into before any segment does;
// Unknown where it changes nothing.
func (s *story) stateOfCall(c *dialogue.Call, label int) conversation.State {
	switch {
	case c.Phase != dialogue.Begin:
	case c.Name == "listen":
		s.listening[c.Local.String()] = true
		return conversation.Listen
	case c.Name == "connect" && label > 0:
		w := &talkState{conversation.Closed}
		if len(s.listening) > 0 {
			w[conversation.Server] = conversation.Listen
		}
		s.waiting[label] = w
		return conversation.Closed
	}
	return conversation.Unknown
}

// callText is the call as C writes it, with what it carries or returned.
func (s *story) callText(c *dialogue.Call) string {
	text := c.Name + "(" + c.Args + ")"
	data := func() {
		if len(c.Data) > 0 {
			text += ` "` + string(visible.Append(nil, c.Data[:min(len(c.Data), 1024)], s.line.set)) + `"`
		}
	}
	if c.Phase == dialogue.Begin {
		data()
	} else {
		switch {
		case errors.Is(c.Err, io.EOF):
			text += " = 0, end of stream"
		case c.Err != nil:
			text = c.Name + "() = " + c.Err.Error()
		case c.Name == "accept":
			text = c.Name + "() = " + hostPort(c.Remote)
		case c.Name == "recv":
			text += " = " + strconv.Itoa(c.N)
			data()
		case c.Name == "send":
			text += " = " + strconv.Itoa(c.N)
		case c.Name == "connect":
			text = c.Name + "() = ok"
		default:
			text += " = ok"
		}
	}
	return string(visible.Append(nil, text, s.line.set))
}

func hostPort(a netip.AddrPort) string {
	if !a.IsValid() {
		return "ok"
	}
	return a.String()
}

// ended sums a conversation up.
func (s *story) ended(m *timeline.Moment) {
	c := m.Conversation
	t := s.talks[c.Stream]
	if t == nil {
		return // none of its segments was shown
	}
	delete(s.talks, c.Stream)
	s.recent[c.Stream%len(s.recent)] = nil
	delete(s.labels, t.sockets)
	delete(s.opened, t.sockets)
	s.free(t)
	s.whose = t.label
	style, sign := s.sign.verdict(&c.Verdict)
	s.line.reset()
	s.value = s.value[:0]
	if !s.several { // else every line says whose it is
		s.value = append(appendName(s.value, t.label), ' ')
	}
	s.value = appendVerdict(s.value, c)
	s.remarkBytes(style, sign, s.value)
	s.value = decimal.AppendBytes(append(s.value[:0], "client sent "...), c.Flows[conversation.Client].Bytes)
	s.value = decimal.AppendBytes(append(s.value, ", server "...), c.Flows[conversation.Server].Bytes)
	if c.Ending != conversation.StillOpen {
		s.value = appendEnd(append(s.value, "; closed by "...), c)
	}
	s.remarkBytes(dim, "", s.value)
	s.value = append(append(append(s.value[:0], c.Seen.Text()...), ": "...), c.Seen.Sum()...)
	s.remarkBytes(dim, "", s.value)
}

// appendVerdict appends the verdict with the frames that prove it: "fine:
// opened in three steps … (#1 #2 #3)".
func appendVerdict(dst []byte, c *conversation.Conversation) []byte {
	v := &c.Verdict
	if !strings.HasPrefix(v.Text, v.Name) {
		dst = append(append(dst, v.Name...), ": "...)
	}
	return appendFrames(append(dst, v.Text...), v.Frames)
}

// quote tells of an ICMP error that quotes a segment.
func (s *story) quote(m *timeline.Moment) {
	q := m.Quote
	if m.Conversation != nil {
		if t := s.talks[m.Conversation.Stream]; t != nil {
			s.whose = t.label
		}
	}
	s.head()
	text := "ICMP"
	if q.Version == 6 {
		text = "ICMPv6"
	}
	text += " " + strconv.Itoa(int(q.Type)) + "/" + strconv.Itoa(int(q.Code)) + " from " + q.Src.String() + ": " + q.Text
	if q.MTU > 0 {
		text += ", next-hop MTU " + strconv.Itoa(q.MTU)
	}
	if seg := m.Quoted; seg != nil {
		text += "; it quotes " + string(appendEndpoint(nil, seg, false)) + " to " + string(appendEndpoint(nil, seg, true))
		if len(seg.Header) >= 8 {
			text += ", seq " + strconv.FormatUint(uint64(seg.Seq), 10)
		}
	}
	s.remark(red, s.sign.bad, text)
}

// undecoded tells of a frame that could not be read.
func (s *story) undecoded(m *timeline.Moment) {
	s.head()
	text := "frame not decoded"
	if m.Problem != nil {
		text += ": " + string(appendProblem(nil, m.Problem))
	}
	s.remark(red, s.sign.bad, text)
}
