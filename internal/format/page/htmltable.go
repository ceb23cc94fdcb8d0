package page

import (
	"io"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// rowsMarkup makes a table of a view's rows.
type rowsMarkup struct {
	markup
	view   *view.View
	cells  []view.ReaderColumn
	manner *view.Manner
	rows   view.RowMaker
	room   []byte
	began  bool // a table is
	count  int
	m      timeline.Moment
	emit   func(*view.Row) error
}

func newRowsMarkup(v *view.View, o present.Options) *rowsMarkup {
	t := &rowsMarkup{view: v, manner: o.Manner, cells: v.Cells(0), rows: v.ReaderRows(o.Sorted, o.Clients)}
	t.emit = t.row
	return t
}

// see takes up a moment.
func (t *rowsMarkup) see(m timeline.Moment) error {
	t.m = m
	return t.rows.Moment(&t.m, t.emit)
}

// row appends a row, below a head where there is none yet.
func (t *rowsMarkup) row(r *view.Row) error {
	r.Manner = t.manner
	if t.view.Title != nil {
		if t.room = t.view.Title(t.room[:0], r); len(t.room) > 0 {
			t.endTable()
			t.in("h3", "", string(t.room))
		}
	}
	if !t.began {
		t.began = true
		t.raw(`<div class="scroll" role="region" tabindex="0" aria-label="`)
		t.say(t.view.Name)
		t.raw(`"><table class="list"><thead><tr>`)
		for i := range t.cells {
			t.raw(`<th scope="col"`, classOfKind(&t.cells[i]), ">")
			t.say(t.cells[i].Title)
			t.raw("</th>")
		}
		t.raw("</tr></thead><tbody>\n")
	}
	t.count++
	t.raw("<tr>")
	for i := range t.cells {
		c := &t.cells[i]
		tone := view.Plain
		if c.Tone != nil {
			tone = c.Tone(r)
		}
		kind := ""
		switch c.Kind {
		case view.Figures:
			kind = "figure"
		case view.Prose:
			kind = "prose"
		}
		element := "td"
		if i == 0 {
			element = `th scope="row"`
		}
		t.raw("<", element, classOf(tone, kind), ` data-title="`)
		t.say(c.Title)
		t.raw(`">`)
		if t.room = c.Text(t.room[:0], r); len(t.room) > 0 {
			t.raw("<bdi>")
			t.buf = appendEscaped(t.buf, t.room)
			t.raw("</bdi>")
		}
		t.raw("</", element[:2], ">")
	}
	t.raw("</tr>\n")
	return nil
}

func classOfKind(c *view.ReaderColumn) string {
	if c.Kind == view.Figures {
		return ` class="figure"`
	}
	return ""
}

// end writes the rows that were held back, and ends the table.
func (t *rowsMarkup) end() error {
	err := view.Finish(t.rows, t.emit)
	t.endTable()
	return err
}

// endTable ends the table that is open.
func (t *rowsMarkup) endTable() {
	if t.began {
		t.raw("</tbody></table></div>\n")
	}
	t.began = false
}

// cards writes what is known of conversations: all of each where they are few, else a
// table.
type cards struct {
	*rowsMarkup
	held []*view.Row
}

// few is up to how many conversations each has a card of its own.
const few = 5

// newCards begins; the view is that of conversations.
func newCards(v *view.View, o present.Options) *cards {
	k := &cards{rowsMarkup: newRowsMarkup(v, o)}
	k.emit = k.take
	return k
}

// take keeps a row until it is known whether there are few.
func (k *cards) take(r *view.Row) error {
	if k.count == 0 && len(k.held) < few {
		k.held = append(k.held, r.Keep())
		return nil
	}
	for _, held := range k.held {
		if err := k.row(held); err != nil {
			return err
		}
	}
	k.held = nil
	return k.row(r)
}

// end ends the table, or writes the cards.
func (k *cards) end() error {
	err := k.rowsMarkup.end()
	for _, r := range k.held {
		k.card(r)
	}
	k.held = nil
	return err
}

// card writes all that is known of a conversation.
func (k *cards) card(r *view.Row) {
	c := r.Conversation
	k.raw("<h3>")
	if r.Client() > 0 {
		k.in("span", "client-"+strconv.Itoa(r.Client()%numberOfClients), clientText(r.Client()))
	}
	k.raw(" (stream ", strconv.Itoa(c.Stream), "): client ")
	k.in("code", "x", string(k.manner.AppendSocket(nil, c.Ends[conversation.Client].AddrPort())))
	k.raw(", server ")
	k.in("code", "y", string(k.manner.AppendSocket(nil, c.Ends[conversation.Server].AddrPort())))
	if c.Guessed {
		k.raw(` <span class="quiet">(a guess: no SYN was captured)</span>`)
	}
	k.raw("</h3>\n")
	r.Manner = k.manner
	k.facts(k.view.Card(r))
}

// facts writes what is told of something, a row a fact.
func (m *markup) facts(list []view.Fact) {
	m.raw(`<table class="card"><tbody>`, "\n")
	for _, f := range list {
		m.raw(`<tr><th scope="row">`, f.Name, "</th><td", classOf(f.Tone, ""), "><bdi>")
		if f.Tone != view.Plain && f.Tone != view.Quiet {
			m.raw(sign(f.Tone), " ")
		}
		m.say(f.Text)
		m.raw("</bdi></td></tr>\n")
	}
	m.raw("</tbody></table>\n")
}

// htmlTable writes a view's rows as a page, as they come.
type htmlTable struct {
	rows    *rowsMarkup
	cards   *cards // nil for none
	w       io.Writer
	options present.Options
	section string
	began   bool
}

func newHTMLTable(v *view.View, w io.Writer, o present.Options) *htmlTable {
	t := &htmlTable{w: w, options: o}
	if v.Card != nil {
		t.cards = newCards(v, o)
		t.rows = t.cards.rowsMarkup
		return t
	}
	t.rows = newRowsMarkup(v, o)
	return t
}

// Wants implements timeline.Chooser.
func (t *htmlTable) Wants() timeline.Wants { return t.rows.view.Wants }

// Section implements Presenter.
func (t *htmlTable) Section(title string) error {
	t.section = title
	return nil
}

// Moment implements Presenter.
func (t *htmlTable) Moment(m timeline.Moment) error {
	t.begin()
	if err := t.rows.see(m); err != nil {
		return err
	}
	return t.write()
}

// begin writes the head of the page.
func (t *htmlTable) begin() {
	if t.began {
		return
	}
	t.began = true
	m, v := &t.rows.markup, t.rows.view
	m.begin(pageTitle(t.section, v.Name, t.options))
	m.in("p", "quiet", strings.ToUpper(v.Help[:1])+v.Help[1:]+".")
	if v.Legend != "" {
		m.in("p", "quiet", v.Legend)
	}
	if t.cards != nil {
		m.raw("<h2>Conversations</h2>")
	}
	m.raw("\n")
}

// Close implements Presenter.
func (t *htmlTable) Close() error {
	t.begin()
	end := t.rows.end
	if t.cards != nil {
		end = t.cards.end
	}
	if err := end(); err != nil {
		return err
	}
	t.rows.finish("")
	return t.write()
}

func (t *htmlTable) write() error {
	if len(t.rows.buf) == 0 {
		return nil
	}
	_, err := t.w.Write(t.rows.buf)
	t.rows.buf = t.rows.buf[:0]
	return err
}
