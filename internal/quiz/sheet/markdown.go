package sheet

import (
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

func markdown(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put("# ", marked(s.Title), "\n\n", s.worth(), ". Capture: ", marked(s.Source), ".\n")
	if !s.Key {
		p.put("\nName: ", marked(s.Student), " ", marked(strings.Repeat("_", 30)), "\n")
	}
	for i, q := range s.Questions {
		p.putf("\n## %d. %s\n\n*%s*\n", i+1, marked(q.Ask), worthOf(q))
		for k := range q.Show {
			markdownExhibit(p, &q.Show[k])
		}
		if len(q.Choices)+len(q.Items) > 0 {
			p.put("\n")
		}
		for k, c := range q.Choices {
			p.put("- [ ] **", quiz.Letter(k), "** ", marked(c), "\n")
		}
		for k, c := range q.Items {
			p.put("- **", quiz.Letter(k), "** ", marked(c), "\n")
		}
		if s.Key {
			p.put("\n> **", marked(q.Answer.String()), "**  \n> ", marked(proof(q)), "\n")
		} else if q.Choices == nil {
			p.put("\nAnswer (", marked(q.Answer.Want()), "): ", marked(blank), "\n")
		}
	}
	p.put("\n---\n\nThe same questions again: `", s.Again, "`\n")
	return p.err
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
			p.put("| ", marked(cell(v)), " ")
		}
		p.put("|\n")
	}
}

// marked is text in which nothing is taken for a mark.
func marked(text string) string {
	return markdownEscapes.Replace(text)
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`, "~", `\~`, "$", `\$`, "&", "&amp;")
