package view

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// between is the time from one moment to another; not known where one of them is
// not, or where they stand the wrong way round, as in a file that is not in the
// order of time.
func between(from, to capture.Time) (took capture.Span, known bool) {
	took = to.Since(from)
	return took, from.Known && to.Known && took.Sec >= 0 && took.Nsec >= 0
}

// appendTook appends that in seconds.
func appendTook(dst []byte, from, to capture.Time) []byte {
	if took, known := between(from, to); known {
		return appendSeconds(dst, took)
	}
	return dst
}

// isClosed reports whether an end has closed a conversation.
func isClosed(c *conversation.Conversation) bool {
	return c.Ending != conversation.StillOpen && c.Ending != conversation.ReplacedByReuse
}

func handshakeWord(c *conversation.Conversation) string {
	switch h := &c.Handshake; {
	case h.Complete:
		return "complete"
	case h.SYNACKFrame != 0:
		return "SYN+ACK"
	case h.SYNFrame != 0:
		return "SYN"
	}
	return "not captured"
}

func endingWord(e conversation.Ending) string {
	words := [...]string{"open", "half closed", "FIN", "FIN not acknowledged", "reset", "refused", "FIN then reset", "ports reused"}
	if int(e) < len(words) {
		return words[e]
	}
	return ""
}

// appendClosing appends who closed, how and in which frame: "client, FIN #14",
// "client, reset #12"; "open" where nobody did.
func appendClosing(dst []byte, c *conversation.Conversation) []byte {
	frame := c.Flows[c.ClosedBy].FINFrame
	switch c.Ending {
	case conversation.StillOpen, conversation.ReplacedByReuse:
		return append(dst, endingWord(c.Ending)...)
	case conversation.ClosedByReset, conversation.ClosedByRefusal:
		frame = c.EndFrame()
	case conversation.ClosedThenReset:
		dst = decimal.AppendInt(append(append(dst, c.ClosedBy.String()...), ", FIN #"...), int64(frame))
		dst = append(dst, ", then "...)
		if c.ResetBy() != c.ClosedBy {
			dst = append(append(dst, c.ResetBy().String()...), "'s "...)
		}
		return decimal.AppendInt(append(dst, "reset #"...), int64(c.EndFrame()))
	}
	dst = append(append(append(dst, c.ClosedBy.String()...), ", "...), endingWord(c.Ending)...)
	if frame > 0 {
		dst = decimal.AppendInt(append(dst, " #"...), int64(frame))
	}
	return dst
}

// appendEnd appends the same with the frame that acknowledges the last FIN.
func appendEnd(dst []byte, c *conversation.Conversation) []byte {
	dst = appendClosing(dst, c)
	if n := c.EndFrame(); n > 0 && c.Ending == conversation.ClosedByFIN {
		dst = decimal.AppendInt(append(dst, ", the last FIN acknowledged in #"...), int64(n))
	}
	return dst
}

// appendFrames appends " (#1 #2 #3)".
func appendFrames(dst []byte, frames []int) []byte {
	for i, n := range frames {
		if i == 0 {
			dst = append(dst, " ("...)
		} else {
			dst = append(dst, ' ')
		}
		dst = decimal.AppendInt(append(dst, '#'), int64(n))
	}
	if len(frames) > 0 {
		dst = append(dst, ')')
	}
	return dst
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

// handshakeTime is how long a complete handshake took, from the SYN that was
// answered on.
func handshakeTime(c *conversation.Conversation) (took capture.Span, known bool) {
	h := &c.Handshake
	took, known = between(h.SYNTime, h.ACKTime)
	return took, known && h.Complete
}

// sinceFirst is how long it took from the first SYN on, where that is another
// one.
func sinceFirst(c *conversation.Conversation) (took capture.Span, known bool) {
	h := &c.Handshake
	if h.FirstSYNFrame == h.SYNFrame || c.FirstSYNTime() == h.SYNTime {
		return took, false
	}
	took, known = between(c.FirstSYNTime(), h.ACKTime)
	return took, known && h.Complete
}

// handshakeName is what kind of handshake it was.
func handshakeName(c *conversation.Conversation, short bool) string {
	switch {
	case c.IsSplit():
		return "split handshake"
	case c.HasTwoSYNs():
		return "simultaneous open"
	case short:
		return "handshake"
	}
	return "three-way handshake"
}

// appendAgreed appends the options that both ends offered.
func appendAgreed(dst []byte, c *conversation.Conversation, between string) []byte {
	a, b := &c.Offers[conversation.Client], &c.Offers[conversation.Server]
	start := len(dst)
	for _, o := range [...]struct {
		word string
		both bool
	}{
		{"window_scale", a.WindowScale >= 0 && b.WindowScale >= 0},
		{"sack", a.SACK && b.SACK},
		{"timestamps", a.Timestamps && b.Timestamps},
		{"fast_open", a.FastOpen && b.FastOpen},
		{"mptcp", a.MPTCP && b.MPTCP},
		{"ecn", a.ECN && b.ECN},
	} {
		if !o.both || !a.Seen || !b.Seen {
			continue
		}
		dst = append(appendBetween(dst, start, between), o.word...)
	}
	return dst
}

func appendEndpoint(dst []byte, s *decode.Segment, receiver bool, manner *Manner) []byte {
	e := conversation.Endpoint{Addr: s.Src, Port: s.SrcPort}
	if receiver {
		e = conversation.Endpoint{Addr: s.Dst, Port: s.DstPort}
	}
	return manner.AppendSocket(dst, e.AddrPort())
}

// appendWithRule appends " = x + 1" to a number.
func (r *Row) appendWithRule(dst []byte, rule *conversation.Rule) []byte {
	if rule.Base == conversation.NoBase || rule.Base == conversation.Zero || r.Manner.isSymbolic(rule) {
		return dst
	}
	return r.letters().append(append(dst, " = "...), rule)
}

// appendProblem appends "TCP option, bit 160: …".
func appendProblem(dst []byte, p *decode.Problem) []byte {
	dst = append(dst, p.Layer...)
	if p.Bit >= 0 {
		dst = decimal.AppendInt(append(dst, ", bit "...), int64(p.Bit))
	}
	return append(append(dst, ": "...), p.Reason...)
}

// analysisTexts are Wireshark's words for a reader.
var analysisTexts = [...]string{"retransmission", "fast retransmission", "spurious retransmission",
	"out of order", "a segment before it was not captured", "acknowledges what was not captured",
	"duplicate ACK", "keep-alive", "keep-alive ACK", "zero window: the peer must wait", "zero window probe",
	"answer to a zero window probe", "window update", "window full", "ports reused"}

// appendAnalysis appends the words for what an analysis has found.
func appendAnalysis(dst []byte, a conversation.Analysis, words []string, between string) []byte {
	start := len(dst)
	for i, word := range words {
		if a>>i&1 != 0 {
			dst = append(appendBetween(dst, start, between), word...)
		}
	}
	return dst
}

// appendBetween appends what stands before all members of a list but the first.
func appendBetween(dst []byte, start int, between string) []byte {
	if len(dst) > start {
		dst = append(dst, between...)
	}
	return dst
}

// CompletesHandshake reports whether the segment completes the handshake: a pure ACK, the
// first data where that was lost, or the SYN+ACK of SYNs that crossed.
func CompletesHandshake(e *conversation.Event) bool {
	h := &e.Conversation.Handshake
	return h.Complete && h.ACKFrame == e.Segment.Number
}

// fresh is the payload that was not seen before, as far as captured.
func fresh(m *timeline.Moment) []byte {
	s := m.Event.Segment
	old := max(s.PayloadLen-m.Event.Fresh, 0)
	return s.Payload[min(old, len(s.Payload)):min(len(s.Payload), max(s.PayloadLen, 0))]
}

// whyZero is why the sequence number of an RST is 0: what it answers had no ACK
// that it could be taken from (RFC 9293 §3.5.2). Empty for any other number.
func whyZero(e *conversation.Event, rule *conversation.Rule) string {
	switch {
	case e.Step != conversation.StepRST || rule.Base != conversation.Zero || rule != &e.SeqRule || !e.Segment.Flags.Has(decode.ACK):
		return ""
	case e.Conversation.Handshake.FirstSYNFrame != 0:
		return "the SYN had no ACK"
	}
	return "it answers no ACK"
}

// appendCounted appends a number as arithmetic, as fully as there is room for,
// with a ? where it is assumed: x + 1 + 9, or as appendTightly has it.
func appendCounted(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	start := len(dst)
	dst = rule.AppendShort(dst)
	if assumed && len(dst) > start {
		dst = append(dst, '?')
	}
	if len(dst) == start || len(dst)-start > room {
		return appendTightly(dst[:start], n, rule, assumed, room)
	}
	return dst
}

// appendTightly does it without blanks: x+1+9, x+10 where that is too long, or
// as the header has it.
func appendTightly(dst []byte, n uint32, rule conversation.Rule, assumed bool, room int) []byte {
	if assumed {
		return append(appendTightly(dst, n, rule, false, room-len("?")), '?')
	}
	start := len(dst)
	dst = rule.AppendTight(dst)
	if len(dst)-start > room {
		sum := conversation.Rule{Base: rule.Base, Bytes: rule.Bytes}
		for _, one := range [...]bool{rule.SYN, rule.FIN} {
			if one {
				sum.Bytes++
			}
		}
		dst = sum.AppendTight(dst[:start])
	}
	if len(dst) == start || len(dst)-start > room {
		dst = decimal.Append(dst[:start], uint64(n))
	}
	return dst
}
