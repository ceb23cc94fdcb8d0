package present

import (
	"bufio"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
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
	k.entry("closed", plain, "by "+string(appendClosing(nil, c)))
	k.entry("completeness", plain, c.Seen.Text()+": "+c.Seen.Sum())
	style := red
	if c.Verdict.Name == conversation.Fine {
		style = green
	}
	k.entry("verdict", style, string(appendVerdict(nil, c)))
}

// entry writes a name and a text, over as many lines as it needs.
func (k *cards) entry(name, style, text string) {
	if text == "" || name == "closed" && (text == "by open" || text == "by ports reused") {
		return
	}
	const indent = 15
	text = string(appendVisible(nil, text, k.line.set))
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

func handshakeText(c *conversation.Conversation) string {
	h := &c.Handshake
	text := ""
	step := func(name string, frame, times int, from, to int64) {
		if frame == 0 {
			return
		}
		if text != "" {
			text += ", "
		}
		text += name + " #" + strconv.Itoa(frame)
		if from != 0 && to != 0 {
			text += " +" + string(appendMs(nil, to-from)) + " ms"
		}
		if times > 1 {
			text += " (sent " + strconv.Itoa(times) + " times)"
		}
	}
	step("SYN", h.SYN, h.SYNs, 0, 0)
	step("SYN+ACK", h.SYNACK, h.SYNACKs, h.SYNTime.UnixNano(), h.SYNACKTime.UnixNano())
	step("ACK", h.ACK, 1, h.SYNACKTime.UnixNano(), h.ACKTime.UnixNano())
	switch {
	case text == "":
		return "not captured"
	case h.Complete && h.SYNTime.Known:
		return "complete in " + string(appendMs(nil, h.ACKTime.UnixNano()-h.SYNTime.UnixNano())) + " ms: " + text
	case h.Complete:
		return "complete: " + text
	}
	return "not completed: " + text
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
	text := ""
	for _, side := range ends {
		if f := &c.Flows[side]; true {
			if text != "" {
				text += "; "
			}
			text += side.String() + " sent " + string(decimal.AppendBytes(nil, f.Bytes)) + " in " + strconv.Itoa(f.Segments) + " segments"
			if f.Retransmitted > 0 {
				text += ", " + strconv.Itoa(f.Retransmitted) + " of them sent again"
			}
		}
	}
	return text
}
