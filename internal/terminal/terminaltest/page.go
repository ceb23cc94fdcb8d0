// Package terminaltest is for tests: a terminal with a program in it, and what its
// reader sees. It is no part of the program.
package terminaltest

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Page is what a terminal shows: it obeys the few control functions that the program
// uses, and panics at others.
type Page struct {
	Columns, Lines int

	gone      []string // what has scrolled up
	rows      [][]rune
	row, col  int
	main      *Page // while the alternate screen is shown
	unwritten string
}

// NewPage is an empty one.
func NewPage(columns, lines int) *Page {
	return &Page{Columns: columns, Lines: lines, rows: make([][]rune, lines)}
}

// Write shows what a program has written.
func (p *Page) Write(text []byte) (int, error) {
	rest := p.unwritten + string(text)
	for rest != "" {
		size := p.next(rest)
		if size == 0 {
			break
		}
		rest = rest[size:]
	}
	p.unwritten = rest
	return len(text), nil
}

// next shows what text begins with, and returns its size; 0 where that is not whole.
func (p *Page) next(text string) int {
	switch text[0] {
	case '\r':
		p.col = 0
		return 1
	case '\n':
		p.lineFeed()
		return 1
	case 0x1b:
		return p.control(text)
	}
	if !utf8.FullRuneInString(text) {
		return 0
	}
	r, size := utf8.DecodeRuneInString(text)
	if p.col+runewidth.RuneWidth(r) > p.Columns {
		p.col = 0
		p.lineFeed()
	}
	p.put(r)
	return size
}

// Resize gives it another size. Lines that are there are not broken anew.
func (p *Page) Resize(columns, lines int) {
	p.Columns = columns
	for ; len(p.rows) < lines; p.Lines++ {
		p.rows = append(p.rows, nil)
	}
	for ; len(p.rows) > lines && p.row > 0; p.row-- {
		p.gone = append(p.gone, strings.TrimRight(string(p.rows[0]), " "))
		p.rows = p.rows[1:]
	}
	p.rows = p.rows[:min(lines, len(p.rows))]
	p.Lines = len(p.rows)
}

func (p *Page) put(r rune) {
	line := p.rows[p.row]
	for len(line) <= p.col {
		line = append(line, ' ')
	}
	line[p.col] = r
	p.rows[p.row] = line
	p.col += runewidth.RuneWidth(r)
}

func (p *Page) lineFeed() {
	if p.row++; p.row < p.Lines {
		return
	}
	p.row--
	if p.main == nil {
		p.gone = append(p.gone, strings.TrimRight(string(p.rows[0]), " "))
	}
	p.rows = append(p.rows[1:], nil)
}

func (p *Page) control(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r >= '@' && r != '[' && r != 0x1b })
	if end < 0 {
		return 0
	}
	switch what := text[1 : end+1]; what {
	case "[J":
		p.cut()
		for i := p.row + 1; i < p.Lines; i++ {
			p.rows[i] = nil
		}
	case "[K":
		p.cut()
	case "[H":
		p.row, p.col = 0, 0
	case "[?1049h":
		was := *p
		*p = *NewPage(p.Columns, p.Lines)
		p.main, p.row, p.col = &was, was.row, was.col
	case "[?1049l":
		if p.main != nil {
			*p = *p.main
		}
	case "[?25h", "[?25l":
	default:
		if what[len(what)-1] != 'm' {
			panic("terminaltest: " + what)
		}
	}
	return end + 1
}

func (p *Page) cut() {
	if line := p.rows[p.row]; len(line) > p.col {
		p.rows[p.row] = line[:p.col]
	}
}

// IsAlternate reports whether the alternate screen is shown.
func (p *Page) IsAlternate() bool { return p.main != nil }

// Seen is what is on the screen, without what has scrolled up.
func (p *Page) Seen() string {
	var lines []string
	for _, line := range p.rows {
		lines = append(lines, strings.TrimRight(string(line), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// All is everything, also what has scrolled up.
func (p *Page) All() string {
	return strings.TrimLeft(strings.Join(p.gone, "\n")+"\n", "\n") + p.Seen()
}
