package text

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Where nobody waits for a row, the first ones wait until it is known how wide their
// texts are, so that no column has more room than it needs while another has less.

// waitMost is how many rows wait at most.
const waitMost = 256

// waiting is a row that waits: its texts and tones by the view's columns, what stands
// above it, and below it.
type waiting struct {
	title, below []byte
	foot         []view.Fact // of the table that it ends
	texts        [][]byte
	tones        []view.Tone
}

// wait keeps a row.
func (t *table) wait(r *view.Row) error {
	r.Loose = true
	w := waiting{texts: make([][]byte, len(t.cells)), tones: make([]view.Tone, len(t.cells))}
	if t.view.Title != nil {
		w.title = t.view.Title(nil, r)
	}
	if t.view.Below != nil {
		w.below = t.view.Below(nil, r)
	}
	for i := range t.cells {
		c := &t.cells[i]
		t.scratch = c.Text(t.scratch[:0], r)
		w.texts[i] = bytes.Clone(front(t.scratch, widthOf(t.options)))
		if c.Tone != nil {
			w.tones[i] = c.Tone(r)
		}
	}
	if t.waiting = append(t.waiting, w); len(t.waiting) == waitMost {
		return t.settle(true)
	}
	return nil
}

// settle lays the columns out, and writes the rows that have waited. Where more may
// come their texts have room as a rule, and what is left of the page.
func (t *table) settle(more bool) error {
	t.waits = false
	if len(t.waiting) == 0 {
		t.lay(view.Choose(t.cells, widthOf(t.options)), nil)
		return nil
	}
	needs := make([]int, len(t.cells))
	for i := range t.cells {
		needs[i] = width(t.cells[i].Title)
		for _, w := range t.waiting {
			needs[i] = max(needs[i], width(t.visible(&t.cells[i], w.texts[i])))
		}
		if more {
			needs[i] = max(needs[i], t.cells[i].Size)
		}
	}
	t.lay(view.Fit(t.cells, needs, widthOf(t.options)))
	if left := widthOf(t.options) + gap - t.line.width; more && left > 0 {
		last := 0 // of those that may need more
		for i, c := range t.cells {
			if c.Kind == view.Terms || c.Kind == view.Prose || c.Kind == view.Wrapped {
				last = i
			}
		}
		t.cells[last].Size += left
		t.line.width += left
	}
	if !t.led {
		t.led = true
		t.lead()
	}
	for n := range t.waiting {
		w := &t.waiting[n]
		t.begin(w.title)
		if err := t.columns(); err != nil {
			return err
		}
		t.row(func(_ *view.ReaderColumn, i int) ([]byte, view.Tone) {
			if t.line.ink == nil {
				return w.texts[t.from[i]], plain
			}
			return w.texts[t.from[i]], w.tones[t.from[i]]
		})
		if t.view.Below != nil {
			t.wrapped(string(w.below), remarkIndent)
		}
		if len(w.foot) > 0 {
			t.foot(w.foot)
		}
	}
	t.waiting = nil
	return nil
}
