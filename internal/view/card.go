package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// A Fact is something that is told of a conversation, and what it is about.
type Fact struct {
	Name, Text string
	Tone       Tone
}

// card is all that is known of a conversation.
func card(r *Row) []Fact {
	c, letters := r.Conversation, r.letters()
	facts := []Fact{{"ports", portsText(c), Plain}, {"handshake", handshakeText(c), Plain}, {"numbers", numbersText(c, letters), Plain},
		{"options", optionsText(c), Plain}, {"data", dataText(c), Plain}}
	if isClosed(c) {
		facts = append(facts, Fact{"closed", "by " + string(appendEnd(nil, c)), Plain})
	}
	if r.Manner != nil && r.Manner.Stable {
		facts[2].Text = ""
	}
	facts = append(facts, Fact{"completeness", c.Seen.Text() + ": " + c.Seen.Sum(), Plain},
		Fact{"verdict", string(letters.markAll(appendVerdict(nil, c), 0)), toneOfVerdict(&c.Verdict)})
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Text == "" })
}

// handshakeText tells how long the handshake took, and its steps, each with the
// time since the one before.
func handshakeText(c *conversation.Conversation) string {
	list := c.Steps(nil)
	if len(list) == 0 {
		return "not captured"
	}
	var dst []byte
	switch took, known := handshakeTime(c); {
	case !c.Handshake.Complete:
		dst = append(dst, "not completed: "...)
	case known:
		dst = append(appendMs(append(dst, "complete in "...), took), " ms"...)
		dst = append(appendSinceFirst(dst, c), ": "...)
	default:
		dst = append(dst, "complete: "...)
	}
	for i, step := range list {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if c.HasTwoSYNs() {
			dst = append(append(dst, step.From.String()...), "'s "...)
		}
		dst = decimal.AppendInt(append(append(dst, step.Step.String()...), " #"...), int64(step.Frame))
		if i > 0 {
			before, known := between(list[0].Time, list[i-1].Time)
			after, ok := between(list[0].Time, step.Time)
			if part := roundedPart(before, after); known && ok && part.Sec >= 0 && part.Nsec >= 0 {
				dst = append(appendMs(append(dst, " +"...), part), " ms"...)
			}
		}
		dst = appendSent(dst, step.Sent)
	}
	return string(dst)
}

// appendSinceFirst appends what the time of a handshake is counted from, where
// the SYN was repeated: " after the repeated SYN #2; 1030.612 ms since the first,
// #1".
func appendSinceFirst(dst []byte, c *conversation.Conversation) []byte {
	took, known := sinceFirst(c)
	if !known {
		return dst
	}
	dst = decimal.AppendInt(append(dst, " after the repeated SYN #"...), int64(c.Handshake.SYNFrame))
	dst = appendMs(append(dst, "; "...), took)
	return decimal.AppendInt(append(dst, " ms since the first, #"...), int64(c.Handshake.FirstSYNFrame))
}

// appendSent appends how often something was sent, where that is more than once.
func appendSent(dst []byte, times int) []byte {
	if times < 2 {
		return dst
	}
	return append(decimal.AppendInt(append(dst, " (sent "...), int64(times)), " times)"...)
}

func numbersText(c *conversation.Conversation, letters letters) string {
	var known []string
	for i, name := range [...]string{"x", "y"} {
		if c.Flows[i].HasISN {
			known = append(known, string(letters.mark([]byte(name), 0))+" = "+strconv.FormatUint(uint64(c.Flows[i].ISN), 10))
		}
	}
	return strings.Join(known, ", ")
}

func optionsText(c *conversation.Conversation) string {
	a, b := &c.Offers[conversation.Client], &c.Offers[conversation.Server]
	if !a.Seen || !b.Seen {
		return ""
	}
	text := "agreed on " + cmp.Or(string(appendAgreed(nil, c, ", ")), "none")
	if a.MSS > 0 || b.MSS > 0 {
		text += fmt.Sprintf("; MSS client %d, server %d", a.MSS, b.MSS)
	}
	if a.WindowScale >= 0 && b.WindowScale >= 0 {
		text += fmt.Sprintf("; window scale client %d, server %d", a.WindowScale, b.WindowScale)
	}
	return text
}

func dataText(c *conversation.Conversation) string {
	text := appendData([]byte("client sent "), &c.Flows[conversation.Client])
	return string(appendData(append(text, "; server sent "...), &c.Flows[conversation.Server]))
}

// appendData appends what an end has sent: "12 bytes in 3 of 10 segments".
func appendData(dst []byte, f *conversation.Flow) []byte {
	switch {
	case f.Segments == 0:
		return append(dst, "nothing"...)
	case f.Bytes == 0:
		dst = append(dst, "no bytes in "...)
	default:
		dst = append(decimal.AppendBytes(dst, f.Bytes), " in "...)
		dst = append(decimal.AppendInt(dst, int64(f.DataSegments)), " of "...)
	}
	dst = append(decimal.AppendInt(dst, int64(f.Segments)), " segment"...)
	if f.Segments > 1 {
		dst = append(dst, 's')
	}
	if f.Retransmitted > 0 {
		dst = decimal.AppendInt(append(dst, ", "...), int64(f.Retransmitted))
		dst = append(decimal.AppendInt(append(dst, " of the "...), int64(f.Segments)), " sent again"...)
	}
	return dst
}
