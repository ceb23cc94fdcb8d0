package text

import (
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// What stands around the rows of a table: its section and legend, its title, remarks
// between its rows, and its foot.

// lead writes what stands above all.
func (t *table) lead() {
	t.out.Write(appendSection(nil, t.section, t.options, t.markdown))
	switch {
	case t.view.Legend == "":
	case t.markdown:
		text := visible.Append(nil, t.view.Legend, t.set)
		t.out.Write(append(appendMarkdown(nil, text), "\n\n"...))
	default:
		t.wrapped(t.view.Legend, 0)
		t.out.WriteByte('\n')
	}
}

const remarkIndent = 9

// wrapped writes a text over as many lines as it needs.
func (t *table) wrapped(text string, indent int) {
	text = string(visible.Append(nil, text, t.set))
	l := line{width: widthOf(t.options), ink: inkOf(t.options), set: t.set}
	for _, part := range wrap(text, l.width-indent) {
		l.drop()
		l.to(indent)
		l.raw(dim, part)
		l.finish()
		t.out.Write(l.buf)
	}
}

// begin ends the table before and writes the title of the next one.
func (t *table) begin(title []byte) {
	if len(title) == 0 {
		return
	}
	if t.headed {
		t.headed = false
		t.out.WriteByte('\n')
	}
	if t.markdown {
		t.out.WriteString("### ")
		t.out.Write(appendMarkdown(nil, title))
		t.out.WriteString("\n\n")
		return
	}
	l := line{width: widthOf(t.options), ink: inkOf(t.options), set: t.set}
	put(&l, bold, title)
	l.finish()
	t.out.Write(l.buf)
}

// foot writes what stands below a table.
func (t *table) foot(facts []view.Fact) {
	if t.markdown {
		t.out.WriteByte('\n')
	}
	for _, f := range facts {
		if !t.markdown {
			t.wrapped(f.Name+": "+f.Text, footIndent)
			continue
		}
		mark := "`" // what a filter is made of has none
		if f.Tone != view.Plain {
			mark = ""
		}
		t.out.WriteString("- " + f.Name + ": " + mark + f.Text + mark + "\n")
	}
}

const footIndent = 3
