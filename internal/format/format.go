// Package format is the one table of formats: how what a view tells is written.
package format

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/format/rows"
	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/web/app"
)

// Format is how a view is written.
type Format struct {
	Name, Help string
	Extension  string   // of a file that holds it
	Machine    bool     // for programs: keys as in docs/keys.md, no colour
	Sections   bool     // several views, each under its title, make one file
	Packets    bool     // the packets themselves, each with what is told of it; whoever reads them writes them
	Whole      bool     // its story shows all that there is, so that is what is written where no view is named
	table      opener   // of a view's rows; nil where it has none
	story      opener   // of the story
	only       []string // the views that it has, where it has not all of those
}

type opener = func(*view.View, io.Writer, present.Options) present.Presenter

// Formats are the formats there are.
var Formats = []Format{
	{Name: "text", Help: "for a terminal or a plain page", Extension: ".txt", Sections: true, table: text.Table, story: text.Story},
	{Name: "markdown", Help: "for notes", Extension: ".md", Sections: true, table: markdownTable, story: markdownStory},
	{Name: "html", Help: "a page for a browser, in one file, without scripts", Extension: ".html", Whole: true, table: page.HTML, story: page.HTML},
	{Name: "svg", Help: "a picture for slides and papers", Extension: ".svg", table: page.SVG, story: page.SVG, only: drawn},
	{Name: "mermaid", Help: "a diagram for Mermaid, as GitHub and Obsidian draw it", Extension: ".mmd",
		table: page.Mermaid, story: page.Mermaid, only: drawn},
	{Name: "latex", Help: "for papers and slides: pdflatex takes it as it stands, or \\input", Extension: ".tex",
		table: page.LaTeX, story: page.LaTeXStory},
	{Name: "page", Help: "a page for a browser to step through the story, in one file", Extension: ".page.html", story: app.Single},
	{Name: "cast", Help: "a recording of the story for asciinema", Extension: ".cast", story: text.Cast},
	{Name: "pcapng", Help: "the capture, with what is told of each packet as its comment, for Wireshark", Extension: ".pcapng", Packets: true},
	{Name: "csv", Help: "for a spreadsheet: one row a line, named columns", Extension: ".csv", Machine: true, table: rows.CSV},
	{Name: "json", Help: "for programs: one JSON document", Extension: ".json", Machine: true, table: rows.JSON, story: rows.JSON},
	{Name: "ndjson", Help: "for programs: one JSON object a line", Extension: ".ndjson", Machine: true, table: rows.NDJSON, story: rows.NDJSON},
}

// opens is how the format writes a view; nil where the pair makes no sense.
func (f *Format) opens(v *view.View) opener {
	switch {
	case f.only != nil && !slices.Contains(f.only, v.Name):
		return nil
	case v.IsStory():
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
	if len(o.Columns) == 0 {
		return open(v.InManner(o.Manner), w, o), nil
	}
	if !f.Machine && (v.IsStory() || f.only != nil) {
		return nil, fmt.Errorf("view %s in format %s has no columns to choose from", v.Name, format)
	}
	picked, err := v.Pick(o.Columns)
	if err != nil {
		return nil, err
	}
	return open(picked, w, o), nil
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

// OfFile is the format that a file's ending stands for, the longest one that it has;
// nil for none.
func OfFile(path string) (found *Format) {
	name := strings.ToLower(filepath.Base(path))
	for i := range Formats {
		if f := &Formats[i]; strings.HasSuffix(name, f.Extension) && (found == nil || len(f.Extension) > len(found.Extension)) {
			found = f
		}
	}
	return found
}

// Extensions are the endings that stand for a format.
func Extensions() (endings []string) {
	for i := range Formats {
		endings = append(endings, Formats[i].Extension)
	}
	return endings
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
