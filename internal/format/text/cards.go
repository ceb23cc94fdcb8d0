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
	if t.waits = !o.Live; !t.waits {
		t.lay(view.Choose(t.cells, widthOf(o)), nil)
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
	held    []*view.Row
	written int
	isTable bool // there are more than a few
	emit    func(*view.Row) error
}

func newCards(t *table) *cards {
	k := &cards{table: t, page: line{width: widthOf(t.options), ink: inkOf(t.options), set: t.set}}
	k.emit = k.take
	return k
}

// Moment implements Presenter.
func (k *cards) Moment(m timeline.Moment) error {
	k.m = m
	if err := k.rows.Moment(&k.m, k.emit); err != nil {
		return err
	}
	return k.write()
}

// take keeps a row until it is known whether there are few.
func (k *cards) take(r *view.Row) error {
	switch {
	case k.isTable:
		return k.add(r)
	case k.options.Live && !k.options.Sorted:
		k.card(r)
		return nil
	case len(k.held) < few:
		k.held = append(k.held, r.Keep())
		return nil
	}
	k.isTable = true
	for _, held := range k.held {
		if err := k.add(held); err != nil {
			return err
		}
	}
	k.held = nil
	return k.add(r)
}

// Close implements Presenter.
func (k *cards) Close() error {
	if err := view.Finish(k.rows, k.emit); err != nil {
		return err
	}
	if k.isTable {
		return k.table.Close()
	}
	for _, r := range k.held {
		k.card(r)
	}
	return k.write()
}

// card writes all that is known of a conversation.
func (k *cards) card(r *view.Row) {
	r.Manner = k.options.Manner
	if k.written++; k.written > 1 {
		k.out.WriteByte('\n')
	} else {
		k.out.Write(appendSection(nil, k.section, k.options, false))
	}
	c, l := r.Conversation, &k.page
	l.drop()
	putName(l, r.Client())
	l.put(dim, " (stream "+strconv.Itoa(c.Stream)+")")
	l.put(plain, "  client ")
	l.put(view.OfX, k.socket(c.Ends[conversation.Client]))
	l.put(plain, "  server ")
	l.put(view.OfY, k.socket(c.Ends[conversation.Server]))
	if c.Guessed {
		l.put(dim, "  (a guess: no SYN was captured)")
	}
	l.finish()
	k.out.Write(l.buf)
	for _, fact := range k.view.Card(r) {
		k.fact(&fact)
	}
}

// socket is an end's, with its address or the label of that.
func (k *cards) socket(end conversation.Endpoint) string {
	return string(k.options.Manner.AppendSocket(nil, end.AddrPort()))
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
