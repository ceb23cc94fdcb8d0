package page

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// bytefields draws headers, 32 bits a row, as the package bytefield does.
type bytefields struct {
	latex
	rows   view.RowMaker
	title  []byte
	foot   []view.Fact
	manner *view.Manner
	fields []view.Field
}

// Moment implements Presenter.
func (b *bytefields) Moment(m timeline.Moment) error {
	b.fields = b.fields[:0]
	err := b.rows.Moment(&m, func(r *view.Row) error {
		f := r.Field()
		if f.First == 0 {
			r.Manner = b.manner
			b.foot = view.Named("header").Foot(r)
			b.title = view.Named("header").Title(b.title[:0], r)
		}
		b.fields = append(b.fields, keepField(f))
		return nil
	})
	if len(b.fields) > 0 && err == nil {
		err = b.draw()
	}
	return err
}

// draw draws one header.
func (b *bytefields) draw() error {
	b.begin()
	dst := append(appendLatex(append(b.buf[:0], "\\begin{minipage}{\\linewidth}\n\\textbf{"...), b.title), "}\\par\\smallskip\n"...)
	dst = append(dst, "\\begin{bytefield}[bitwidth=0.03\\linewidth,bitheight=3.2\\baselineskip]{32}\n\\bitheader{0-31} \\\\\n"...)
	for _, p := range gridOf(b.fields, 32) {
		dst = append(strconv.AppendInt(append(dst, "\\bitbox{"...), int64(p.last-p.first+1), 10), "}{"...)
		dst = append(appendBox(dst, &p), '}')
		if p.last%32 == 31 {
			dst = append(dst, " \\\\\n"...)
		} else {
			dst = append(dst, " & "...)
		}
	}
	dst = append(dst, "\\end{bytefield}\n{\\scriptsize\\raggedright "...)
	for _, f := range b.foot {
		dst = append(appendLatex(append(appendLatex(append(dst, "\\par\\textcolor{labquiet}{"...), []byte(f.Name)), ":} "...), []byte(f.Text)), '\n')
	}
	b.buf = append(dst, "\\par}\n\\end{minipage}\\par\\bigskip\n"...)
	b.out.Write(b.buf)
	return b.write()
}

// appendBox appends what stands in a box: name, bits and value; upright where it is
// narrow.
func appendBox(dst []byte, p *piece) []byte {
	if p.continued {
		return append(dst, "\\ldots{}"...)
	}
	n := p.last - p.first + 1
	if n < 4 {
		dst = append(dst, "\\rotatebox{90}{\\tiny "...)
		dst = appendLatex(dst, []byte(p.name))
		if p.value != "" {
			dst = appendToned(append(dst, ' '), boxTone(p), []byte(p.value))
		}
		return append(dst, '}')
	}
	dst = append(dst, "\\parbox{"...)
	dst = strconv.AppendFloat(dst, 0.03*float64(n)-0.002, 'f', 3, 64)
	dst = append(dst, "\\linewidth}{\\centering"...)
	if n < 8 {
		dst = append(dst, "\\tiny "...)
	} else {
		dst = append(dst, "\\scriptsize "...)
	}
	dst = appendLatex(dst, []byte(p.name))
	dst = append(append(dst, "\\\\[-2pt]{\\tiny\\textcolor{labquiet}{"...), view.Bits{First: p.first, Last: p.last}.Append(nil)...)
	dst = append(dst, "}}"...)
	if p.value != "" {
		dst = appendToned(append(dst, "\\\\[-1pt]"...), boxTone(p), []byte(cut(p.value, 6*n)))
	}
	return append(dst, '}')
}

// boxTone is that of a value: what changed is seen.
func boxTone(p *piece) view.Tone {
	if p.tone == view.Plain {
		return view.Strong
	}
	return p.tone
}

// cut is at most so many bytes of a text, whole characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xc0 == 0x80 {
		most--
	}
	return text[:most] + "…"
}

// Close implements Presenter.
func (b *bytefields) Close() error { return b.end() }
