package text

import (
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// few is up to how many conversations each has a card of its own; more make a
// table.
const few = 5

// Table opens a view's rows as a table; where there are few, as what is known of
// each.
func Table(v *view.View, w io.Writer, o present.Options) present.Presenter {
	t := newTable(v, v.Cells(widthOf(o)), w, o)
	t.cells = view.Choose(t.cells, widthOf(o))
	for _, c := range t.cells {
		t.line.width += c.Size + gap
	}
	if v.Card != nil {
		return newCards(t)
	}
	return t
}

// cards shows conversations as readers want them: a few with all that is
// known of each, many as a table.
type cards struct {
	*table
	page    line // of the page's whole width
	held    []*conversation.Conversation
	written int
}

func newCards(t *table) *cards {
	return &cards{table: t, page: line{width: widthOf(t.options), ink: inkOf(t.options), set: t.set}}
}

// Moment implements Presenter.
func (k *cards) Moment(m timeline.Moment) error {
	if m.Kind != timeline.Ended {
		return nil
	}
	if k.options.Live {
		k.card(m.Conversation)
		return k.write()
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
	return k.write()
}

// card writes all that is known of a conversation.
func (k *cards) card(c *conversation.Conversation) {
	if k.written++; k.written > 1 {
		k.out.WriteByte('\n')
	} else {
		k.out.Write(appendSection(nil, k.section, k.options, false))
	}
	l := &k.page
	l.drop()
	l.put(bold, "stream "+strconv.Itoa(c.Stream))
	l.put(plain, "  client ")
	l.put(view.OfX, c.Ends[conversation.Client].AddrPort().String())
	l.put(plain, "  server ")
	l.put(view.OfY, c.Ends[conversation.Server].AddrPort().String())
	if c.Guessed {
		l.put(dim, "  (a guess: no SYN was captured)")
	}
	l.finish()
	k.out.Write(l.buf)
	for _, fact := range k.view.Card(c) {
		k.fact(&fact)
	}
}

// fact writes a name and a text, over as many lines as it needs.
func (k *cards) fact(f *view.Fact) {
	const indent = 15
	text := f.Text
	if f.Tone != view.Plain {
		text = signsFor(k.options).of(f.Tone) + " " + text
	}
	text = string(visible.Append(nil, text, k.set))
	l := &k.page
	for i, part := range wrap(text, max(l.width-indent, 9)) {
		l.drop()
		if i == 0 {
			l.put(dim, "  "+f.Name)
		}
		l.to(indent)
		l.raw(f.Tone, part)
		l.finish()
		k.out.Write(l.buf)
	}
}
