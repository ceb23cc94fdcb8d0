package page

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// latexHead begins a file that LaTeX takes by itself and as a part of a document:
// there \documentclass and \nofiles mean the same, as both are over.
const latexHead = `% pdflatex takes this file as it stands. In a document of your own, \input it; its
% preamble needs:
%   \usepackage[T1]{fontenc} \usepackage[utf8]{inputenc} \usepackage{lmodern,textcomp}
%   \usepackage{booktabs,longtable,array,graphicx,xcolor,tikz,bytefield}
\ifx\documentclass\nofiles
  \def\handshakelabend{}
\else
  \documentclass[10pt,a4paper,landscape]{article}
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{lmodern,textcomp}
  \usepackage{booktabs,longtable,array,graphicx,xcolor,tikz,bytefield}
  \usepackage[margin=15mm]{geometry}
  \pagestyle{empty}\setlength{\parindent}{0pt}
  \begin{document}
  \def\handshakelabend{\end{document}}
\fi
\definecolor{labx}{HTML}{0B57A4}\definecolor{laby}{HTML}{A34700}\definecolor{labgood}{HTML}{1B6E2E}
\definecolor{labbad}{HTML}{B00020}\definecolor{labremarked}{HTML}{7A2E8E}\definecolor{labcalled}{HTML}{00636B}
\definecolor{labquiet}{HTML}{595959}
`

const latexEnd = "\\handshakelabend\n"

// latexColors are how tones are shown; each has a contrast of 4.5 to white.
var latexColors = [view.Tones]string{
	view.Quiet: "labquiet", view.OfX: "labx", view.OfY: "laby", view.Called: "labcalled",
	view.Good: "labgood", view.Bad: "labbad", view.Remarked: "labremarked",
}

// latexWords are what LaTeX has for characters that mean something else to it, or
// that a font joins with the next one.
var latexWords = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '"': `\textquotedbl{}`, '`': `\textasciigrave{}`,
	'\'': `\textquotesingle{}`, '<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'-': `-{}`, ',': `,{}`, '[': `{[}`, ']': `{]}`, '*': `{*}`,
	'₀': `$_0$`, '₁': `$_1$`, '₂': `$_2$`, '₃': `$_3$`, '₄': `$_4$`, '₅': `$_5$`, '₆': `$_6$`, '₇': `$_7$`, '₈': `$_8$`, '₉': `$_9$`,
	'→': `$\rightarrow$`, '←': `$\leftarrow$`, '×': `$\times$`, '·': `$\cdot$`, '…': `\ldots{}`, '§': `\S{}`,
	'⏎': `\textbackslash{}n`, '⇥': `\textbackslash{}t`, '–': `--`,
}

// noLatex are the letters of Latin Extended-A that the encoding T1 does not have.
var noLatex = map[rune]bool{'Ħ': true, 'ħ': true, 'ĸ': true, 'Ŀ': true, 'ŀ': true, 'ŉ': true, 'Ŧ': true, 'ŧ': true, 'ſ': true}

// appendLatex appends a text so that LaTeX takes none of it for its own signs. A
// character that its fonts do not have is written as its number.
func appendLatex(dst []byte, text []byte) []byte {
	for _, r := range string(visible.Append(nil, text, visible.Message)) {
		word, special := latexWords[r]
		switch {
		case special:
			dst = append(dst, word...)
		case r < 0x80, 0xc0 <= r && r <= 0x17f && r != '÷' && !noLatex[r]:
			dst = append(dst, string(r)...)
		default:
			for _, c := range string(visible.Append(nil, string(r), visible.ASCII)) {
				if word, special = latexWords[c]; special {
					dst = append(dst, word...)
				} else {
					dst = append(dst, byte(c))
				}
			}
		}
	}
	return dst
}

// EscapeLaTeX is a text, which may be captured, of which LaTeX takes nothing for its own
// signs.
func EscapeLaTeX(text string) string { return string(appendLatex(nil, []byte(text))) }

// appendToned appends a text in the colour of its tone.
func appendToned(dst []byte, tone view.Tone, text []byte) []byte {
	switch {
	case len(text) == 0:
		return dst
	case latexColors[tone] != "":
		dst = append(append(append(dst, `\textcolor{`...), latexColors[tone]...), "}{"...)
	case tone == view.Strong:
		dst = append(dst, `\textbf{`...)
	default:
		return appendLatex(dst, text)
	}
	return append(appendLatex(dst, text), '}')
}

// LaTeX opens a view's rows as a table, or the fields of a header as a bytefield.
func LaTeX(v *view.View, w io.Writer, o present.Options) present.Presenter {
	if v.Name == "header" && len(o.Columns) == 0 {
		return &bytefields{latex: latex{w: w}, manner: o.Manner, rows: v.ReaderRows(false, o.Clients)}
	}
	t := &booktabs{latex: latex{w: w}, view: v, live: o.Live, manner: o.Manner, rows: v.ReaderRows(o.Sorted, o.Clients), cells: view.Choose(v.Cells(latexColumns), latexColumns)}
	t.emit = t.add
	return t
}

// latex is a file under way.
type latex struct {
	w     io.Writer
	out   bytes.Buffer // what the present moment adds
	began bool
	buf   []byte
}

// write writes what a moment adds, in one Write.
func (l *latex) write() error {
	if l.out.Len() == 0 {
		return nil
	}
	_, err := l.w.Write(l.out.Bytes())
	l.out.Reset()
	return err
}

// Section implements Presenter.
func (l *latex) Section(title string) error {
	return errors.New(title + ": a file of LaTeX has one view")
}

// begin writes the head before anything else.
func (l *latex) begin() {
	if !l.began {
		l.began = true
		l.out.WriteString(latexHead)
	}
}

// end ends the file.
func (l *latex) end() error {
	l.begin()
	l.out.WriteString(latexEnd)
	return l.write()
}

const (
	latexColumns = 150 // characters of a line on a page
	longTable    = 30  // rows from which on a table is broken over pages
	proseWidth   = "0.28\\linewidth"
)

// booktabs writes rows as a table; a long one over as many pages as it needs.
type booktabs struct {
	latex
	view   *view.View
	rows   view.RowMaker
	cells  []view.ReaderColumn
	held   [][]byte // rows, as long as they may be a short table
	long   bool
	manner *view.Manner
	live   bool // no row waits for others
	count  int
	cards  [][]byte // what is known of each conversation, where there are few
	cell   []byte
	m      timeline.Moment
	emit   func(*view.Row) error
}

// Moment implements Presenter.
func (t *booktabs) Moment(m timeline.Moment) error {
	t.m = m
	if err := t.rows.Moment(&t.m, t.emit); err != nil {
		return err
	}
	return t.write()
}

// Wants implements timeline.Chooser.
func (t *booktabs) Wants() timeline.Wants { return t.view.Wants }

// add writes a row, or keeps it until it is known which table it stands in.
func (t *booktabs) add(r *view.Row) error {
	t.begin()
	r.Manner = t.manner
	row := t.row(t.buf[:0], r)
	t.buf = row
	t.card(r)
	if t.count++; t.long {
		t.out.Write(row)
		return nil
	}
	if t.held = append(t.held, bytes.Clone(row)); t.live || len(t.held) == longTable {
		t.long = true
		t.head("longtable", `\endhead`)
		t.spill()
	}
	return nil
}

// row appends a row of the table.
func (t *booktabs) row(dst []byte, r *view.Row) []byte {
	r.Loose = true
	for i := range t.cells {
		c := &t.cells[i]
		if i > 0 {
			dst = append(dst, " & "...)
		}
		t.cell = c.Text(t.cell[:0], r)
		text, tone := t.cell, view.Plain
		if len(text) > 4*dataRoom {
			text = append(text[:4*dataRoom:4*dataRoom], "…"...)
		}
		if c.Tone != nil {
			tone = c.Tone(r)
		}
		dst = appendToned(dst, tone, text)
	}
	return append(dst, " \\\\\n"...)
}

// cardsMost is up to how many conversations all that is known of each is written.
const cardsMost = 5

// card keeps what is known of a conversation.
func (t *booktabs) card(r *view.Row) {
	if t.view.Card == nil || t.count >= cardsMost {
		t.cards = nil
		return
	}
	b := fmt.Appendf(nil, "\\medskip{\\footnotesize\\textbf{C%d (stream %d)}\\par\n"+
		"\\begin{tabular}{@{}l>{\\raggedright\\arraybackslash}p{0.82\\linewidth}@{}}\n", r.Client(), r.Conversation.Stream)
	for _, f := range t.view.Card(r) {
		b = append(append(append(b, "\\textcolor{labquiet}{"...), f.Name...), "} & "...)
		b = append(appendToned(b, f.Tone, []byte(f.Text)), " \\\\\n"...)
	}
	t.cards = append(t.cards, append(b, "\\end{tabular}}\\par\n"...))
}

func (t *booktabs) spill() {
	for _, row := range t.held {
		t.out.Write(row)
	}
	t.held = nil
}

// head begins a table, with what ends its first lines.
func (t *booktabs) head(environment, behind string) {
	b := append(t.buf[:0], "{\\footnotesize\n\\begin{"+environment+"}{@{}"...)
	for _, c := range t.cells {
		switch c.Kind {
		case view.Figures:
			b = append(b, 'r')
		case view.Prose:
			b = append(b, `>{\raggedright\arraybackslash}p{`+proseWidth+`}`...)
		default:
			b = append(b, 'l')
		}
	}
	b = append(b, "@{}}\n\\toprule\n"...)
	for i, c := range t.cells {
		if i > 0 {
			b = append(b, " & "...)
		}
		b = appendLatex(b, []byte(c.Title))
	}
	t.out.Write(append(b, " \\\\\n\\midrule"+behind+"\n"...))
	t.buf = b
}

// Close implements Presenter.
func (t *booktabs) Close() error {
	if err := view.Finish(t.rows, t.emit); err != nil {
		return err
	}
	t.begin()
	environment := "longtable"
	if !t.long {
		environment = "tabular"
		t.head(environment, "")
		t.spill()
	}
	t.out.WriteString("\\bottomrule\n\\end{" + environment + "}}\\par\n")
	for _, card := range t.cards {
		t.out.Write(card)
	}
	if t.view.Legend != "" {
		t.out.Write(append(appendLatex([]byte("\\smallskip{\\footnotesize "), []byte(t.view.Legend)), "\\par}\n"...))
	}
	return t.end()
}
