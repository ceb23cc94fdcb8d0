// Package sheet writes questions: as a worksheet with its key, for a learning
// platform, or for programs.
package sheet

import (
	"fmt"
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// A Sheet is a set of questions about one capture.
type Sheet struct {
	Title     string
	Source    string // what the capture is called, for who works with it
	Student   string // whose sheet it is; "" for nobody's
	Again     string // the command that makes the same questions
	Questions []*quiz.Question
	Key       bool // the answers are written, with their proofs
}

// Format is a way to write a sheet.
type Format struct {
	Name, Help, Extension string
	Platform              bool // answers and feedback are part of it, key or not
	write                 func(*Sheet, io.Writer) error
}

// Formats are all there are.
var Formats = []Format{
	{"text", "a worksheet for a terminal or a plain page", ".txt", false, plainText},
	{"markdown", "a worksheet for notes", ".md", false, markdown},
	{"html", "a worksheet for a browser, and for paper", ".html", false, htmlPage},
	{"latex", "a worksheet for pdflatex", ".tex", false, latex},
	{"gift", "for Moodle and others: questions with their answers and feedback", ".gift", true, gift},
	{"moodle-xml", "the same in Moodle's own XML", ".xml", true, moodle},
	{"json", "for programs: one array, answers included", ".json", true, jsonArray},
}

// Named is the format of a name; nil where there is none.
func Named(name string) *Format {
	for i := range Formats {
		if Formats[i].Name == name {
			return &Formats[i]
		}
	}
	return nil
}

// Names are the names of all formats.
func Names() (names []string) {
	for i := range Formats {
		names = append(names, Formats[i].Name)
	}
	return names
}

// Write writes the sheet.
func (f *Format) Write(s *Sheet, w io.Writer) error { return f.write(s, w) }

// Minutes is how long a question may take.
func Minutes(q *quiz.Question) int {
	if q.Kind.Level == 1 {
		return q.Kind.Points
	}
	return q.Kind.Points + 1
}

// sum is the points and the minutes of a sheet.
func (s *Sheet) sum() (points, minutes int) {
	for _, q := range s.Questions {
		points += q.Kind.Points
		minutes += Minutes(q)
	}
	return points, minutes
}

// heading is a sheet's title with what it is worth.
func (s *Sheet) worth() string {
	points, minutes := s.sum()
	return fmt.Sprintf("%d questions, %d points, about %d minutes", len(s.Questions), points, minutes)
}

// whose says whose sheet a key is of; "" for nobody's.
func (s *Sheet) whose() string {
	if s.Student == "" {
		return ""
	}
	return "The sheet of " + s.Student + "."
}

// worthOf says what one question is worth.
func worthOf(q *quiz.Question) string {
	points := "points"
	if q.Kind.Points == 1 {
		points = "point"
	}
	return fmt.Sprintf("%d %s, %d min", q.Kind.Points, points, Minutes(q))
}

// proof is why the answer is right, with where that stands.
func proof(q *quiz.Question) string {
	if q.Section == "" {
		return q.Why
	}
	return q.Why + " (" + q.Section + ")"
}

// blank is what a student writes on.
const blank = "__________"

// cell is the text of a value.
func cell(v quiz.Value) string { return v.Text + gap(v, blank) + v.Rest }

// gap is what stands in the gap of a value; "" where it has none.
func gap(v quiz.Value, blank string) string {
	switch {
	case v.Blank:
		return blank
	case v.See > 0:
		return fmt.Sprintf("see %d", v.See)
	}
	return ""
}

// pages writes pieces one behind the other; the first error ends it.
type pages struct {
	w   io.Writer
	err error
}

func (p *pages) put(parts ...string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, strings.Join(parts, ""))
	}
}

func (p *pages) putf(format string, args ...any) { p.put(fmt.Sprintf(format, args...)) }
