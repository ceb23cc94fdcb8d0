package present

import (
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Where flags, sequence and acknowledgment number stand, from the one table.
var (
	flagsBits = bitRange(decode.FlagsField.Key)
	seqBits   = bitRange("tcp.seq_raw")
	ackBits   = bitRange("tcp.ack_raw")
)

func bitRange(key string) string {
	f, _ := decode.ByKey(key)
	return strconv.Itoa(f.Offset) + "-" + strconv.Itoa(f.End())
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
	text := e.Sentence()
	if section := e.Section(); section != "" && !strings.Contains(text, section) {
		text += " (" + section + ")"
	}
	text = string(appendVisible(nil, text, s.line.set))
	s.beside = wrap(text, s.ladder.full-s.ladder.beside)
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
	name := e.Segment.Flags.String()
	if e.Segment.PayloadLen > 0 && !e.Segment.Excerpt {
		name += ", " + strconv.Itoa(e.Segment.PayloadLen) + " byte"
		if e.Segment.PayloadLen > 1 {
			name += "s"
		}
	}
	name = " " + cut(name, d.inside()-6, l.set) + " "
	shaft := max(d.inside()-1-cells.StringWidth(name), 0)
	before, behind := shaft/2, shaft-shaft/2
	style := eventStyle(e)
	if e.From == conversation.Client {
		l.raw(plain, s.sign.fromLeft+strings.Repeat(s.sign.dash, before))
		l.raw(style, name)
		l.raw(plain, strings.Repeat(s.sign.dash, behind)+s.sign.toRight)
		s.endLine(s.sign.line, changed[conversation.Server])
		return
	}
	l.raw(dim, s.sign.line)
	l.raw(plain, s.sign.toLeft+strings.Repeat(s.sign.dash, before))
	l.raw(style, name)
	l.raw(plain, strings.Repeat(s.sign.dash, behind))
	s.endLine(s.sign.fromRight, changed[conversation.Server])
}

// details writes flags, sequence number, acknowledgment number and data, each
// with its bits, and what is special about the segment.
func (s *story) details(e *conversation.Event, t *talk) {
	seg := e.Segment
	if !seg.Stunted() && len(seg.Header) >= headerToWindow {
		s.detail(t, "flags", flagsBits, bold, seg.Flags.Bits(), "")
		s.number(t, "seq", seqBits, seg.Seq, e.SeqRule, e)
		s.number(t, "ack", ackBits, seg.Ack, e.AckRule, e)
	}
	if len(seg.Payload) > 0 {
		first := 8 * seg.HeaderLen
		bits := strconv.Itoa(first) + "-" + strconv.Itoa(first+8*max(seg.PayloadLen, len(seg.Payload))-1)
		s.detail(t, "data", bits, plain, s.quoted(seg.Payload), "")
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

// number writes a number with its arithmetic.
func (s *story) number(t *talk, name, bits string, n uint32, rule conversation.Rule, e *conversation.Event) {
	value := strconv.FormatUint(uint64(n), 10)
	style := ruleStyle(rule)
	switch {
	case rule.Base == conversation.NoBase, !e.Conversation.Guessed && rule == (conversation.Rule{Base: conversation.ServerAt}):
		s.detail(t, name, bits, style, value, "")
	case rule.Base == conversation.Zero && n == 0:
		why := "  nothing to acknowledge"
		if s.ladder.inside()-15-len(value) < len(why) {
			why = "  nothing to ack"
		}
		s.detail(t, name, bits, style, value, why)
	case rule.Base == conversation.Zero:
		s.detail(t, name, bits, style, value, "  no meaning: ACK is 0")
	default:
		for s.ladder.inside() >= 30 && len(value) < 10 {
			value += " " // so that the signs of equality stand below one another
		}
		why := " = " + ruleText(rule.Append(nil))
		if name == "seq" && (e.Step == conversation.StepSYN || e.Step == conversation.StepSYNACK) {
			why += "  random"
		}
		proved := " = " + ruleText(rule.AppendProved(nil))
		room := s.ladder.inside() - 15 - len(value)
		switch {
		case name == "ack" && len(proved) <= room:
			why = proved
		case len(why) >= room && rule.Bytes > 0, len(why) > room:
			why = " = " + strings.ReplaceAll(ruleText(rule.Append(nil)), " ", "")
		}
		s.detail(t, name, bits, style, value, why)
	}
}

// ruleText is a rule in short: where no SYN was captured, c and s are the
// first numbers seen of client and server.
func ruleText(rule []byte) string {
	return shortRule.Replace(string(rule))
}

var shortRule = strings.NewReplacer(conversation.Rule{Base: conversation.ClientAt}.String(), "c",
	conversation.Rule{Base: conversation.ServerAt}.String(), "s")

// detail writes one line of details: what, where in the header, its value, and
// why it is so.
func (s *story) detail(t *talk, name, bits, style, value, why string) {
	s.rail(t.label)
	l, d := &s.line, &s.ladder
	start := l.col
	if d.inside() >= 30 {
		l.raw(dim, " "+name)
		l.to(start + 7)
		l.raw(dim, bits)
		l.to(start + 15)
		if l.buf[len(l.buf)-1] != ' ' {
			l.raw(plain, " ")
		}
	} else { // a narrow ladder: no columns
		l.raw(dim, name+" "+bits+" ")
	}
	if why != "" && d.right-l.col < len(value)+len(why) {
		s.within(style, value)
		s.endLine(s.sign.line, conversation.Unknown)
		s.rail(t.label)
		l.to(start + 4)
		s.within(style, strings.TrimPrefix(why, " "))
		s.endLine(s.sign.line, conversation.Unknown)
		return
	}
	if why == "" {
		s.within(style, value)
	} else {
		s.put(style, value)
		s.within(style, why)
	}
	s.endLine(s.sign.line, conversation.Unknown)
}

func (s *story) put(style, text string) { s.line.put(style, text) }

// within writes text that must not reach the right lifeline.
func (s *story) within(style, text string) {
	s.line.put(style, cut(text, max(s.ladder.right-s.line.col, 1), s.line.set))
}

// mark writes something special below a segment, over as many lines as it
// needs.
func (s *story) mark(t *talk, style, text string) {
	text = string(appendVisible(nil, text, s.line.set))
	for i, part := range wrap(text, max(s.ladder.inside()-2, 10)) {
		s.rail(t.label)
		s.line.raw(style, " ")
		if i > 0 {
			s.line.raw(style, "  ")
		}
		s.within(style, part)
		s.endLine(s.sign.line, conversation.Unknown)
	}
}

// proof says that the three steps are complete, and how it is known.
func (s *story) proof(e *conversation.Event, t *talk) {
	c := e.Conversation
	h := &c.Handshake
	lines := []string{s.sign.proved + " three-way handshake complete"}
	if h.SYNTime.Known && h.ACKTime.Known {
		lines[0] = s.sign.proved + " three-way handshake: " + string(appendMs(nil, h.ACKTime.UnixNano()-h.SYNTime.UnixNano())) + " ms"
	}
	if f := &c.Flows; f[0].HasISN && f[1].HasISN {
		lines = append(lines, "x = "+strconv.FormatUint(uint64(f[0].ISN), 10)+"  y = "+strconv.FormatUint(uint64(f[1].ISN), 10),
			"#"+strconv.Itoa(h.SYNACK)+" acks x + 1, #"+strconv.Itoa(h.ACK)+" acks y + 1")
	}
	if s.ladder.inside() < 32 {
		lines = strings.Split(strings.NewReplacer("three-way handshake: ", "handshake: ", "  ", "\n", ", ", "\n").Replace(strings.Join(lines, "\n")), "\n")
	}
	for _, text := range lines {
		s.rail(t.label)
		free := s.ladder.inside() - cells.StringWidth(text)
		if free > 0 {
			s.line.to(s.line.col + free/2)
		}
		s.within(green, text)
		s.endLine(s.sign.line, conversation.Unknown)
	}
}

// quoted is data as text in quotes, with control characters made visible, no
// longer than the room between the lifelines.
func (s *story) quoted(data []byte) string {
	room := max(s.ladder.inside()-16, 12)
	const most = 4 // bytes of one character
	text := string(appendVisible(nil, data[:min(len(data), most*room)], s.line.set))
	if short := cut(text, room-1, s.line.set); short != text {
		return `"` + short
	}
	return `"` + text + `"`
}
