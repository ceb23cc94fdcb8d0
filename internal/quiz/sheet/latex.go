package sheet

import (
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

const latexHead = `\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern,textcomp}
\usepackage[margin=25mm]{geometry}
\usepackage{booktabs}
\usepackage{graphicx}
\setlength{\parindent}{0pt}
\pagestyle{myheadings}
\newcommand{\blankcell}{\underline{\hspace{28mm}}}
\begin{document}
`

func latex(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put(latexHead, `\section*{`, page.EscapeLaTeX(s.Title), "}\n", page.EscapeLaTeX(s.worth()), `. Capture: \texttt{`, page.EscapeLaTeX(s.Source), "}.\n\n")
	p.put(`\markright{`, page.EscapeLaTeX(s.Student), "}\n")
	switch {
	case s.Key && s.Student != "":
		p.put(`\bigskip\textbf{`, page.EscapeLaTeX(s.whose()), "}\n\n")
	case !s.Key:
		p.put(`\bigskip Name: `, page.EscapeLaTeX(s.Student), ` \underline{\hspace{60mm}}`, "\n\n")
	}
	for i, q := range s.Questions {
		p.putf("\\bigskip\n\\begin{minipage}{\\linewidth}\\raggedright\n\\textbf{%d. %s} \\hfill %s\n\n", i+1, page.EscapeLaTeX(q.Ask), page.EscapeLaTeX(worthOf(q)))
		for k := range q.Show {
			latexExhibit(p, &q.Show[k])
		}
		for k, c := range append(q.Choices[:len(q.Choices):len(q.Choices)], q.Items...) {
			p.put(`\makebox[8mm]{\textbf{`, quiz.Letter(k), `}}\parbox[t]{.9\linewidth}{\raggedright `, page.EscapeLaTeX(c), "}\\par\\smallskip\n")
		}
		if s.Key {
			p.put(`\smallskip\textbf{`, page.EscapeLaTeX(q.Answer.String()), `}\quad `, page.EscapeLaTeX(proof(q)), "\n")
		} else {
			p.put(`\smallskip Answer (`, page.EscapeLaTeX(q.Answer.Want()), `): \underline{\hspace{50mm}}`, "\n\n\\vspace{8mm}\n")
		}
		p.put("\\end{minipage}\n\n") // so that no page ends within a question
	}
	p.put("\n\\bigskip\\footnotesize The same questions again: \\texttt{", page.EscapeLaTeX(s.Again), "}\n\\end{document}\n")
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
		p.put(page.EscapeLaTeX(head))
	}
	p.put(" \\\\\n\\midrule\n")
	for _, row := range e.Rows() {
		for i, v := range row {
			if i > 0 {
				p.put(" & ")
			}
			p.put(page.EscapeLaTeX(v.Text))
			if v.Blank {
				p.put(`\blankcell{}`)
			} else {
				p.put(gap(v, blank))
			}
			p.put(page.EscapeLaTeX(v.Rest))
		}
		p.put(" \\\\\n")
	}
	p.put("\\bottomrule\n\\end{tabular}}\\par\\smallskip\n")
}
