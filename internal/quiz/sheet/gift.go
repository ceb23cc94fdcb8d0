package sheet

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// gift writes Moodle's GIFT: https://docs.moodle.org/en/GIFT_format.
func gift(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put("// ", oneLine(s.Title), ". ", oneLine(s.worth()), ". Capture: ", oneLine(s.Source), "\n// The same questions again: ", oneLine(s.Again), "\n")
	for i, q := range s.Questions {
		p.putf("\n::%02d %s::[html]%s {", i+1, giftText(q.Kind.Name), giftText(platformText(q)))
		giftAnswers(p, q)
		p.put("}\n")
	}
	return p.err
}

func giftAnswers(p *pages, q *quiz.Question) {
	numeric := false
	if _, numeric = quiz.Tolerance(q.Answer); numeric {
		p.put("#")
	}
	p.put("\n")
	switch {
	case q.Choices != nil:
		for i, c := range q.Choices {
			if i == q.Right() {
				p.put("\t=", giftText(c), "\n")
			} else {
				p.put("\t~", giftText(c), "#", giftText(q.Mark(quiz.Letter(i)).Why), "\n")
			}
		}
	case q.Items != nil:
		for place, at := range q.Order() {
			p.put("\t=", giftText(q.Items[at]), " -> ", strconv.Itoa(place+1), "\n")
		}
	case numeric:
		tolerance, _ := quiz.Tolerance(q.Answer)
		for _, form := range quiz.Forms(q.Answer) {
			p.putf("\t=%s:%s\n", form, strconv.FormatFloat(tolerance, 'f', -1, 64))
		}
		for _, m := range q.Mistakes {
			tolerance, _ := quiz.Tolerance(m.Answer)
			for _, form := range quiz.Forms(m.Answer) {
				if _, right := q.Answer.Match(form); !right {
					p.putf("\t=%%0%%%s:%s#%s\n", form, strconv.FormatFloat(tolerance, 'f', -1, 64), giftText(m.Why))
				}
			}
		}
	default:
		for _, form := range quiz.Forms(q.Answer) {
			p.put("\t=", giftText(form), "\n")
		}
		for _, m := range q.Mistakes {
			p.put("\t=%0%", giftText(quiz.Forms(m.Answer)[0]), "#", giftText(m.Why), "\n")
		}
	}
	p.put("\t####", giftText(proof(q)), "\n")
}

// giftText is text in which nothing is taken for a mark.
func giftText(text string) string { return giftEscapes.Replace(oneLine(text)) }

var giftEscapes = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`)

func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// platformText is a question with what it shows, in HTML.
func platformText(q *quiz.Question) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p>%s</p>", page.Escape(q.Ask))
	for i := range q.Show {
		e := q.Show[i].Alone()
		if e.Bytes {
			var lines []string
			for line := range strings.Lines(exhibit(e, 80)) {
				lines = append(lines, page.Escape(strings.TrimSuffix(line, "\n")))
			}
			fmt.Fprintf(&b, "<pre>%s</pre>", strings.Join(lines, "<br>"))
			continue
		}
		b.WriteString("<table><thead><tr>")
		for _, head := range e.Heads() {
			b.WriteString("<th>" + page.Escape(head) + "</th>")
		}
		b.WriteString("</tr></thead><tbody>")
		for _, row := range e.Rows() {
			b.WriteString("<tr>")
			for _, v := range row {
				b.WriteString("<td>" + page.Escape(cell(v)) + "</td>")
			}
			b.WriteString("</tr>")
		}
		b.WriteString("</tbody></table>")
	}
	if q.Choices == nil {
		fmt.Fprintf(&b, "<p>Write %s.</p>", page.Escape(q.Answer.Want()))
	}
	return b.String()
}
