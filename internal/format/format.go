// Package format is the one table of formats: how what a view tells is written.
package format

import (
	"fmt"
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Format is how a view is written.
type Format struct {
	Name, Help string
	Extension  string // of a file that holds it
	Machine    bool   // for programs: keys as in docs/keys.md, no colour
	table      opener // of a view's rows; nil where it has none
	story      opener // of the story
}

type opener = func(*view.View, io.Writer, present.Options) present.Presenter

// Formats are the formats there are.
var Formats = []Format{
	{"text", "for a terminal or a plain page", ".txt", false, text.Table, text.Story},
	{"markdown", "for notes", ".md", false, text.Markdown, text.MarkdownStory},
	{"svg", "a picture for slides and papers", ".svg", false, nil, page.SVGStory},
	{"csv", "for a spreadsheet: one row a line, named columns", ".csv", true, rows.CSV, nil},
	{"ndjson", "for programs: one JSON object a line", ".ndjson", true, rows.NDJSON, rows.NDJSON},
}

// opens is how the format writes a view; nil where the pair makes no sense.
func (f *Format) opens(v *view.View) opener {
	if v.IsStory() {
		return f.story
	}
	return f.table
}

// Shows reports whether the format has a way to write a view.
func (f *Format) Shows(v *view.View) bool { return v != nil && f.opens(v) != nil }

// Open makes the presenter for a view in a format. An unknown name, or a pair
// that makes no sense, is an error that lists what does.
func Open(viewName, format string, w io.Writer, o present.Options) (present.Presenter, error) {
	v := view.Named(viewName)
	if v == nil {
		names := make([]string, len(view.Views))
		for i := range view.Views {
			names[i] = view.Views[i].Name
		}
		return nil, fmt.Errorf("unknown view %q: want %s", viewName, strings.Join(names, ", "))
	}
	f := Named(format)
	if f == nil {
		return nil, fmt.Errorf("unknown format %q: view %s has %s", format, v.Name, strings.Join(Of(v), ", "))
	}
	open := f.opens(v)
	if open == nil {
		return nil, fmt.Errorf("view %s has no format %s: want %s", v.Name, format, strings.Join(Of(v), ", "))
	}
	return open(v, w, o), nil
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

// Of are the names of the formats that make sense for a view.
func Of(v *view.View) (names []string) {
	for i := range Formats {
		if Formats[i].opens(v) != nil {
			names = append(names, Formats[i].Name)
		}
	}
	return names
}
