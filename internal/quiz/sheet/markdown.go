package sheet

import (
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

func markdown(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put("# ", text.EscapeMarkdown(s.Title), "\n\n", s.worth(), ". Capture: ", text.EscapeMarkdown(s.Source), ".\n")
	switch {
	case s.Key && s.Student != "":
		p.put("\n**", text.EscapeMarkdown(s.whose()), "**\n")
	case !s.Key:
		p.put("\nName: ", text.EscapeMarkdown(s.Student), " ", text.EscapeMarkdown(strings.Repeat("_", 30)), "\n")
	}
	for i, q := range s.Questions {
		p.putf("\n## %d. %s\n\n*%s*\n", i+1, text.EscapeMarkdown(q.Ask), worthOf(q))
		for k := range q.Show {
			markdownExhibit(p, &q.Show[k])
		}
		if len(q.Choices)+len(q.Items) > 0 {
			p.put("\n")
		}
		for k, c := range q.Choices {
			p.put("- [ ] **", quiz.Letter(k), "** ", text.EscapeMarkdown(c), "\n")
		}
		for k, c := range q.Items {
			p.put("- **", quiz.Letter(k), "** ", text.EscapeMarkdown(c), "\n")
		}
		if s.Key {
			p.put("\n> **", text.EscapeMarkdown(q.Answer.String()), "**  \n> ", text.EscapeMarkdown(proof(q)), "\n")
		} else if q.Choices == nil {
			p.put("\nAnswer (", text.EscapeMarkdown(q.Answer.Want()), "): ", text.EscapeMarkdown(blank), "\n")
		}
	}
	p.put("\n---\n\nThe same questions again: ", code(s.Again), "\n")
	return p.err
}

// code is a text as it stands, in a fence longer than any in it.
func code(text string) string {
	text = visible.String(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if fence == "`" {
		return fence + text + fence
	}
	return fence + " " + text + " " + fence
}

func markdownExhibit(p *pages, e *quiz.Exhibit) {
	p.put("\n")
	if e.Bytes {
		p.put("```\n", exhibit(e, 80), "```\n")
		return
	}
	p.put("| ", strings.Join(e.Heads(), " | "), " |\n", strings.Repeat("|---", len(e.Heads())), "|\n")
	for _, row := range e.Rows() {
		for _, v := range row {
			p.put("| ", text.EscapeMarkdown(cell(v)), " ")
		}
		p.put("|\n")
	}
}
