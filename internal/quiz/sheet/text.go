package sheet

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

func plainText(s *Sheet, w io.Writer) error {
	p := &pages{w: w}
	p.put(visible.String(s.Title), "\n", s.worth(), "\nCapture: ", visible.String(s.Source), "\n")
	switch {
	case !s.Key:
		p.put("Name: ", visible.String(s.Student), strings.Repeat("_", 30), "\n")
	case s.Student != "":
		p.put(visible.String(s.whose()), "\n")
	}
	for i, q := range s.Questions {
		p.put("\n")
		p.put(Question(i+1, q, 80))
		if s.Key {
			p.put(Wrapped("   Answer: "+q.Answer.String(), 80, 3), Wrapped("   "+proof(q), 80, 3))
		} else {
			p.put("\n   Answer (", q.Answer.Want(), "): ", blank, "\n")
		}
	}
	p.put("\nThe same questions again: ", visible.String(s.Again), "\n")
	return p.err
}

// Question is a question as plain text, without its answer, at most so many
// columns wide where its table is not wider.
func Question(number int, q *quiz.Question, width int) string {
	var b strings.Builder
	b.WriteString(Wrapped(fmt.Sprintf("%d. %s (%s)", number, q.Ask, worthOf(q)), width, 3))
	for i := range q.Show {
		b.WriteByte('\n')
		b.WriteString(exhibit(&q.Show[i], width))
	}
	if len(q.Choices)+len(q.Items) > 0 {
		b.WriteByte('\n')
	}
	for i, c := range append(q.Choices[:len(q.Choices):len(q.Choices)], q.Items...) {
		b.WriteString(Wrapped("   "+quiz.Letter(i)+"  "+c, width, 6))
	}
	return b.String()
}

// exhibit is a table, or the bytes of a header. Where a table is too wide its ends are
// named by their ports and its last column is wrapped; if that is not enough its frames
// stand one below the other, a line a value.
func exhibit(e *quiz.Exhibit, width int) string {
	if e.Bytes {
		var b strings.Builder
		for i, row := range e.HeaderRows() {
			fmt.Fprintf(&b, "   bits %3d-%-3d  %s\n", 32*i, 32*i+31, cell(row))
		}
		return b.String()
	}
	table := cells(e)
	if whole := columns(table); widest(whole) <= width {
		return whole
	}
	table = cells(e.Short())
	if short := columns(foldLast(table, width)); widest(short) <= width {
		return short
	}
	return stacked(table)
}

// cells are the texts of an exhibit, its heads first.
func cells(e *quiz.Exhibit) [][]string {
	table := [][]string{e.Heads()}
	for _, row := range e.Rows() {
		var texts []string
		for _, v := range row {
			texts = append(texts, cell(v))
		}
		table = append(table, texts)
	}
	return table
}

// leastFolded is how narrow a column is at least whose texts are broken into lines.
const leastFolded = 24

// foldLast breaks the texts of the last column into lines, in rows that have nothing
// else, so that the table is no wider than so many columns; it leaves a table that
// has no room for that.
func foldLast(table [][]string, width int) (folded [][]string) {
	last := len(table[0]) - 1
	var rest [][]string
	for _, row := range table {
		rest = append(rest, append(row[:last:last], "|"))
	}
	room := width - widest(columns(rest)) + 1
	if room < leastFolded {
		return table
	}
	for _, row := range table {
		for i, line := range strings.Split(strings.TrimSuffix(Wrapped(row[last], room, 0), "\n"), "\n") {
			next := make([]string, last, last+1)
			if i == 0 {
				copy(next, row)
			}
			folded = append(folded, append(next, line))
		}
	}
	return folded
}

func columns(table [][]string) string {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	var b strings.Builder
	for _, row := range table {
		line := "   "
		for i, text := range row {
			line += text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func stacked(table [][]string) string {
	var b strings.Builder
	for i, row := range table[1:] {
		if i > 0 {
			b.WriteByte('\n')
		}
		for k, text := range row {
			fmt.Fprintf(&b, "   %-*s  %s\n", headWidth(table[0]), table[0][k], text)
		}
	}
	return b.String()
}

func headWidth(heads []string) (width int) {
	for _, head := range heads {
		width = max(width, len(head))
	}
	return width
}

func widest(text string) (width int) {
	for line := range strings.Lines(text) {
		width = max(width, utf8.RuneCountInString(strings.TrimRight(line, "\n")))
	}
	return width
}

// Wrapped is text in lines of at most so many columns, with a line feed behind
// each; all but the first are indented.
func Wrapped(text string, width, indent int) string {
	var b strings.Builder
	line := text[:len(text)-len(strings.TrimLeft(text, " "))]
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			b.WriteString(line + "\n")
			line, empty = strings.Repeat(" ", indent), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return b.String() + line + "\n"
}
