package sheet

import (
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

const latexHead = `\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage[margin=25mm]{geometry}
\usepackage{booktabs}
\usepackage{graphicx}
\setlength{\parindent}{0pt}
\newcommand{\blankcell}{\underline{\hspace{28mm}}}
\begin{document}
`

func latex(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put(latexHead, `\section*{`, latexText(s.Title), "}\n", latexText(s.worth()), `. Capture: \texttt{`, latexText(s.Source), "}.\n\n")
	if !s.Key {
		p.put(`\bigskip Name: `, latexText(s.Student), ` \underline{\hspace{60mm}}`, "\n\n")
	}
	for i, q := range s.Questions {
		p.putf("\\bigskip\n\\textbf{%d. %s} \\hfill %s\n\n", i+1, latexText(q.Ask), latexText(worthOf(q)))
		for k := range q.Show {
			latexExhibit(p, &q.Show[k])
		}
		for k, c := range append(q.Choices[:len(q.Choices):len(q.Choices)], q.Items...) {
			p.put(`\makebox[8mm]{\textbf{`, quiz.Letter(k), `}}\parbox[t]{.9\linewidth}{\raggedright `, latexText(c), "}\\par\\smallskip\n")
		}
		if s.Key {
			p.put(`\smallskip\textbf{`, latexText(q.Answer.String()), `}\quad `, latexText(proof(q)), "\n\n")
		} else {
			p.put(`\smallskip Answer (`, latexText(q.Answer.Want()), `): \underline{\hspace{50mm}}`, "\n\n\\vspace{8mm}\n")
		}
	}
	p.put("\n\\bigskip\\footnotesize The same questions again: \\texttt{", latexText(s.Again), "}\n\\end{document}\n")
	return p.err
}

func latexExhibit(p *pages, e *quiz.Exhibit) {
	if e.Bytes {
		p.put("\\begin{verbatim}\n", exhibit(e, 80), "\\end{verbatim}\n")
		return
	}
	p.put("\\smallskip\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{\\begin{tabular}{", strings.Repeat("l", len(e.Heads())), "}\n\\toprule\n")
	for i, head := range e.Heads() {
		if i > 0 {
			p.put(" & ")
		}
		p.put(latexText(head))
	}
	p.put(" \\\\\n\\midrule\n")
	for _, row := range e.Rows() {
		for i, v := range row {
			if i > 0 {
				p.put(" & ")
			}
			p.put(latexText(v.Text))
			if v.Blank {
				p.put(`\blankcell{}`)
			} else {
				p.put(gap(v, blank))
			}
			p.put(latexText(v.Rest))
		}
		p.put(" \\\\\n")
	}
	p.put("\\bottomrule\n\\end{tabular}}\\par\\smallskip\n")
}

// latexText is text in which nothing is taken for a command. What pdflatex has no
// character for becomes a question mark.
func latexText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch escaped, known := latexEscapes[r]; {
		case known:
			b.WriteString(escaped)
		case r < ' ' || r > '~':
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

var latexEscapes = map[rune]string{'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`,
	'_': `\_`, '^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'"': `\textquotedbl{}`, '×': `$\times$`, '§': `\S{}`, '·': `\textperiodcentered{}`, '→': `$\rightarrow$`, '-': `-{}`, '\'': `\textquotesingle{}`, '`': `\textasciigrave{}`, '…': `\ldots{}`, '\n': " ", '\t': " "}
