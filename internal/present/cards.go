package present

import (
	"bufio"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// few is up to how many conversations each has a card of its own; more make a
// table.
const few = 5

// cards shows conversations as readers want them: a few with all that is
// known of each, many as a table.
type cards struct {
	clock
	options Options
	out     *bufio.Writer
	line    line
	held    []*conversation.Conversation
	table   *table
	written int
}

func openConversations(_ *View, w io.Writer, o Options) Presenter {
	return &cards{options: o, out: bufio.NewWriter(w),
		line:  line{width: o.width(), color: o.Color, set: o.charset()},
		table: newTable(conversationRows(), conversationCells, w, o)}
}

// Moment implements Presenter.
func (k *cards) Moment(m timeline.Moment) error {
	k.see(&m)
	if m.Kind != timeline.Ended {
		return nil
	}
	if k.options.Live {
		k.card(m.Conversation)
		return k.out.Flush()
	}
	if len(k.held) == few {
		if err := k.spill(); err != nil {
			return err
		}
	}
	if k.written > 0 {
		return k.table.Moment(m)
	}
	held := new(conversation.Conversation) // the other one is used again
	held.Keep(m.Conversation)
	k.held = append(k.held, held)
	return nil
}

// spill turns to the table.
func (k *cards) spill() error {
	for i := range k.held {
		k.written++
		if err := k.table.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: k.held[i]}); err != nil {
			return err
		}
	}
	k.held = nil
	return nil
}

// Close implements Presenter.
func (k *cards) Close() error {
	if k.written > 0 && !k.options.Live {
		return k.table.Close()
	}
	for i := range k.held {
		k.card(k.held[i])
	}
	return k.out.Flush()
}

// card writes all that is known of a conversation.
func (k *cards) card(c *conversation.Conversation) {
	if k.written++; k.written > 1 {
		k.out.WriteByte('\n')
	}
	l := &k.line
	l.drop()
	l.put(bold, "stream "+strconv.Itoa(c.Stream))
	l.put(plain, "  client ")
	l.put(blue, c.Ends[conversation.Client].AddrPort().String())
	l.put(plain, "  server ")
	l.put(orange, c.Ends[conversation.Server].AddrPort().String())
	if c.Guessed {
		l.put(dim, "  (a guess: no SYN was captured)")
	}
	l.finish()
	k.out.Write(l.buf)
	k.entry("handshake", plain, handshakeText(c))
	k.entry("numbers", plain, numbersText(c))
	k.entry("options", plain, optionsText(c))
	k.entry("data", plain, dataText(c))
	k.entry("closed", plain, "by "+string(appendEnd(nil, c)))
	k.entry("completeness", plain, c.Seen.Text()+": "+c.Seen.Sum())
	style, sign := signsOf(k.options).verdict(&c.Verdict)
	k.entry("verdict", style, sign+" "+string(appendVerdict(nil, c)))
}

// entry writes a name and a text, over as many lines as it needs.
func (k *cards) entry(name, style, text string) {
	if text == "" || name == "closed" && (text == "by open" || text == "by ports reused") {
		return
	}
	const indent = 15
	text = string(visible.Append(nil, text, k.line.set))
	for i, part := range wrap(text, max(k.line.width-indent, 9)) {
		k.line.drop()
		if i == 0 {
			k.line.put(dim, "  "+name)
		}
		k.line.to(indent)
		k.line.raw(style, part)
		k.line.finish()
		k.out.Write(k.line.buf)
	}
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
			if took, known := between(list[i-1].Time, step.Time); known {
				dst = append(appendMs(append(dst, " +"...), took), " ms"...)
			}
		}
		dst = appendSent(dst, step.Sent)
	}
	return string(dst)
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
	if h.FirstSYN == h.SYN || c.FirstSYNTime() == h.SYNTime {
		return took, false
	}
	took, known = between(c.FirstSYNTime(), h.ACKTime)
	return took, known && h.Complete
}

// appendSinceFirst appends what the time of a handshake is counted from, where
// the SYN was repeated: " after the repeated SYN #2; 1030.612 ms since the first,
// #1".
func appendSinceFirst(dst []byte, c *conversation.Conversation) []byte {
	took, known := sinceFirst(c)
	if !known {
		return dst
	}
	dst = decimal.AppendInt(append(dst, " after the repeated SYN #"...), int64(c.Handshake.SYN))
	dst = appendMs(append(dst, "; "...), took)
	return decimal.AppendInt(append(dst, " ms since the first, #"...), int64(c.Handshake.FirstSYN))
}

// appendSent appends how often something was sent, where that is more than once.
func appendSent(dst []byte, times int) []byte {
	if times < 2 {
		return dst
	}
	return append(decimal.AppendInt(append(dst, " (sent "...), int64(times)), " times)"...)
}

func numbersText(c *conversation.Conversation) string {
	text := ""
	for i, name := range [...]string{"x = ", "y = "} {
		if !c.Flows[i].HasISN {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += name + strconv.FormatUint(uint64(c.Flows[i].ISN), 10)
	}
	return text
}

func optionsText(c *conversation.Conversation) string {
	a, b := &c.Offers[conversation.Client], &c.Offers[conversation.Server]
	if !a.Seen || !b.Seen {
		return ""
	}
	text := ""
	if agreed := appendAgreed(nil, c, ", "); len(agreed) > 0 {
		text = "agreed on " + string(agreed)
	} else {
		text = "agreed on none"
	}
	if a.MSS > 0 || b.MSS > 0 {
		text += "; MSS client " + strconv.Itoa(int(a.MSS)) + ", server " + strconv.Itoa(int(b.MSS))
	}
	if a.WindowScale >= 0 && b.WindowScale >= 0 {
		text += "; window scale client " + strconv.Itoa(int(a.WindowScale)) + ", server " + strconv.Itoa(int(b.WindowScale))
	}
	return text
}

func dataText(c *conversation.Conversation) string {
	var dst []byte
	for _, side := range ends {
		if side == conversation.Server {
			dst = append(dst, "; "...)
		}
		dst = appendData(append(append(dst, side.String()...), " sent "...), &c.Flows[side])
	}
	return string(dst)
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
