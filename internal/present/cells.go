package present

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// Cells that several tables share.
var (
	cellFrame = cell{"#", 5, right, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		return decimal.AppendInt(dst, int64(r.s.Number))
	}, nil}
	cellMs = cell{"ms", 9, right, 3, func(dst []byte, r *row, _ visible.Charset) []byte {
		return appendSince(dst, r.m.At, r.start, 9)
	}, func(*row) string { return dim }}
	cellWho = cell{"stream", 7, left, 0, func(dst []byte, r *row, set visible.Charset) []byte {
		if r.c == nil {
			return dst
		}
		dst = decimal.AppendInt(dst, int64(r.c.Stream))
		way := [...]string{" c→s", " s→c"}
		if set == visible.ASCII {
			way = [...]string{" c>s", " s>c"}
		}
		return append(dst, way[r.e.From]...)
	}, nil}
	cellFlags = cell{"flags", 11, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		dst = r.s.Flags.Append(dst)
		if r.e.Analysis != 0 {
			dst = append(dst, '!')
		}
		return dst
	}, flagStyle}
	cellBits = cell{"104-111", 8, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		return colBits.value(dst, r)
	}, nil}
	cellSeq = cell{"seq 32-63", 10, right, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		return colSeqRaw.value(dst, r)
	}, func(r *row) string { return ruleStyle(r.e.SeqRule.Base) }}
	cellAck = cell{"ack 64-95", 10, right, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		return colAckRaw.value(dst, r)
	}, func(r *row) string { return ruleStyle(r.e.AckRule.Base) }}
)

var segmentCells = []cell{
	cellFrame, cellMs, cellWho, cellFlags, cellBits, cellSeq, cellAck,
	{"len", 6, right, 4, func(dst []byte, r *row, _ visible.Charset) []byte { return colLen.value(dst, r) }, nil},
	{"window", 8, right, 6, func(dst []byte, r *row, _ visible.Charset) []byte {
		if !r.whole() {
			return dst
		}
		return decimal.Append(dst, uint64(r.e.WindowSize))
	}, nil},
	{"why", 26, grow, 5, func(dst []byte, r *row, set visible.Charset) []byte {
		if dst = appendWords(dst, r.e.Analysis); len(dst) > 0 {
			dst = append(dst, "; "...)
		}
		if note := appendNote(nil, r); len(note) > 0 {
			dst = append(visible.Append(dst, note, set), "; "...)
		}
		return appendRules(dst, r)
	}, nil},
	{"from", 21, left, 8, func(dst []byte, r *row, _ visible.Charset) []byte { return appendEndpoint(dst, r.s, false) }, nil},
	{"to", 21, left, 8, func(dst []byte, r *row, _ visible.Charset) []byte { return appendEndpoint(dst, r.s, true) }, nil},
}

var handshakeCells = []cell{
	{"step", 7, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.e.Step.String()...) }, flagStyle},
	{"#", 4, right, 0, cellFrame.text, nil},
	{"ms", 7, right, 3, func(dst []byte, r *row, _ visible.Charset) []byte { return appendSince(dst, r.m.At, r.start, 7) },
		func(*row) string { return dim }},
	cellBits,
	{"seq 32-63", 18, left, 0, func(dst []byte, r *row, set visible.Charset) []byte {
		return appendWithRule(colSeqRaw.value(dst, r), r.e.SeqRule)
	}, cellSeq.style},
	{"ack 64-95", 18, left, 0, func(dst []byte, r *row, set visible.Charset) []byte {
		return appendWithRule(colAckRaw.value(dst, r), r.e.AckRule)
	}, cellAck.style},
	{"stream", 6, left, 2, func(dst []byte, r *row, _ visible.Charset) []byte { return colStream.value(dst, r) }, nil},
	{"proved by", 14, left, 4, func(dst []byte, r *row, _ visible.Charset) []byte {
		rule := r.e.AckRule
		if rule.Frame == 0 {
			return dst
		}
		if rule.OfSYN {
			dst = append(dst, "SYN of "...)
		}
		return decimal.AppendInt(append(dst, '#'), int64(rule.Frame))
	}, nil},
	{"options", 24, grow, 6, func(dst []byte, r *row, set visible.Charset) []byte {
		return visible.Append(dst, r.s.Options.AppendText(nil), set)
	}, nil},
}

var conversationCells = []cell{
	{"stream", 6, right, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return decimal.AppendInt(dst, int64(r.c.Stream)) }, nil},
	{"client", 21, left, 0, endCell(conversation.Client), nil},
	{"server", 21, left, 3, endCell(conversation.Server), nil},
	{"handshake", 12, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte {
		if took, known := handshakeTime(r.c); known {
			return append(appendMs(dst, took), " ms"...)
		}
		return append(dst, handshakeWord(r.c)...)
	}, nil},
	{"bytes c→s", 9, right, 0, bytesCell(conversation.Client), nil},
	{"s→c", 9, right, 0, bytesCell(conversation.Server), nil},
	{"verdict", 10, left, 0, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.c.Verdict.Name...) }, verdictStyle},
	{"closed by", 22, left, 5, func(dst []byte, r *row, _ visible.Charset) []byte { return appendClosing(dst, r.c) }, nil},
	{"agreed", 24, left, 7, func(dst []byte, r *row, _ visible.Charset) []byte { return appendAgreed(dst, r.c, " ") }, nil},
	{"completeness", 24, left, 6, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.c.Seen.Text()...) }, nil},
	{"how it adds up", 30, left, 9, func(dst []byte, r *row, _ visible.Charset) []byte { return append(dst, r.c.Seen.Sum()...) }, nil},
	{"what happened", 30, grow, 8, func(dst []byte, r *row, set visible.Charset) []byte {
		return appendFrames(visible.Append(dst, r.c.Verdict.Text, set), r.c.Verdict.Frames)
	}, nil},
}

func endCell(side conversation.Side) func([]byte, *row, visible.Charset) []byte {
	return func(dst []byte, r *row, _ visible.Charset) []byte { return r.c.Ends[side].AddrPort().AppendTo(dst) }
}

func bytesCell(side conversation.Side) func([]byte, *row, visible.Charset) []byte {
	return func(dst []byte, r *row, _ visible.Charset) []byte { return decimal.Append(dst, r.c.Flows[side].Bytes) }
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

func appendEndpoint(dst []byte, s *decode.Segment, receiver bool) []byte {
	e := conversation.Endpoint{Addr: s.Src, Port: s.SrcPort}
	if receiver {
		e = conversation.Endpoint{Addr: s.Dst, Port: s.DstPort}
	}
	return e.AddrPort().AppendTo(dst)
}

// appendWithRule appends " = x + 1" to a number.
func appendWithRule(dst []byte, rule conversation.Rule) []byte {
	if rule.Base == conversation.NoBase || rule.Base == conversation.Zero {
		return dst
	}
	return rule.Append(append(dst, " = "...))
}

// appendSince appends the milliseconds since the first moment; where they do
// not fit, seconds, days or years, with as many decimals as do.
func appendSince(dst []byte, at, start capture.Time, width int) []byte {
	if !at.Known || !start.Known {
		return dst
	}
	from, since := len(dst), at.Since(start)
	if dst = appendMs(dst, since); len(dst)-from <= width {
		return dst
	}
	for _, unit := range [...]struct {
		seconds float64
		name    byte
	}{{1, 's'}, {24 * 60 * 60, 'd'}, {365.25 * 24 * 60 * 60, 'y'}} {
		for digits := 3; digits >= 0; digits-- {
			dst = strconv.AppendFloat(dst[:from], since.Seconds()/unit.seconds, 'f', digits, 64)
			if dst = append(dst, unit.name); len(dst)-from <= width {
				return dst
			}
		}
	}
	return dst
}

// analysisTexts are Wireshark's words for a reader.
var analysisTexts = [...]string{"retransmission", "fast retransmission", "spurious retransmission",
	"out of order", "a segment before it was not captured", "acknowledges what was not captured",
	"duplicate ACK", "keep-alive", "keep-alive ACK", "zero window: the peer must wait", "zero window probe",
	"answer to a zero window probe", "window update", "window full", "ports reused"}

func appendWords(dst []byte, a conversation.Analysis) []byte {
	start := len(dst)
	for i, text := range analysisTexts {
		if a>>i&1 == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ", "...)
		}
		dst = append(dst, text...)
	}
	return dst
}

// ruleStyle is blue for what counts from x, orange for what counts from y.
func ruleStyle(base conversation.Base) string {
	switch base {
	case conversation.X, conversation.ClientAt:
		return blue
	case conversation.Y, conversation.ServerAt:
		return orange
	}
	return plain
}

func flagStyle(r *row) string { return eventStyle(r.e) }

func eventStyle(e *conversation.Event) string {
	switch {
	case e.Segment.Flags.Has(decode.RST):
		return red
	case e.Analysis&^(conversation.WindowUpdate|conversation.KeepAliveAck) != 0:
		return purple
	}
	return bold
}

func verdictStyle(r *row) string {
	style, _ := drawn.verdict(&r.c.Verdict)
	return style
}
