// Package present shows moments: views (what is told) in formats (how it is
// written).
package present

import (
	"fmt"
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// A Presenter is given moments in order and shows them.
type Presenter interface {
	Moment(timeline.Moment) error
	Close() error // writes what must come last
}

// A Flusher holds rows back, where Options.Held lets it, until Flush or until
// there are enough for a write.
type Flusher interface {
	Presenter
	Flush() error
}

// Options say how to write.
type Options struct {
	Width int  // columns of the terminal or page; 0 means 80
	Color bool // ANSI colour
	ASCII bool // the terminal has no UTF-8
	Live  bool // write after every moment
	Held  bool // … or not before Flush, where the presenter is a Flusher

	Endpoints bool // the story says below each segment what has changed of the numbers of both ends

	Clients int // how many clients are expected at once; above 1 every line of the story says whose it is from the first on
}

func (o Options) width() int {
	if o.Width <= 0 {
		return 80
	}
	return max(o.Width, 24)
}

func (o Options) charset() visible.Charset {
	if o.ASCII {
		return visible.ASCII
	}
	return visible.Screen
}

// View is what is told.
type View struct {
	Name, Help string
	Columns    []Column // the keys of its machine-readable rows
	open       map[string]func(v *View, w io.Writer, o Options) Presenter

	Wants timeline.Kinds // the moments it has a use for
	Apart bool           // of a segment's Conversation it looks only at what never changes (pipeline.Flow)
}

// Format is how it is written.
type Format struct {
	Name, Help string
	Extension  string // of a file that holds it
	Machine    bool   // for programs: keys as in docs/keys.md, no colour
}

// Formats are the formats there are.
var Formats = []Format{
	{"text", "for a terminal or a plain page", ".txt", false},
	{"markdown", "for notes", ".md", false},
	{"csv", "for a spreadsheet: one row a line, named columns", ".csv", true},
	{"ndjson", "for programs: one JSON object a line", ".ndjson", true},
}

type openers = map[string]func(*View, io.Writer, Options) Presenter

// Views are the views there are, each with the formats that make sense for it.
var Views = []View{
	{"story", "what happened, moment by moment: calls, segments, data and states on one ladder", storyColumns,
		openers{"text": openStory, "markdown": openStoryMarkdown, "ndjson": openNDJSON(momentRows)},
		timeline.AllKinds, false},
	{"segments", "a row a segment", segmentColumns,
		openers{"text": openTable(segmentRows, segmentCells), "markdown": openMarkdown(segmentRows, segmentCells),
			"csv": openCSV(segmentRows), "ndjson": openNDJSON(segmentRows)},
		timeline.AllKinds &^ timeline.These(timeline.Ended), true},
	{"handshake", "a row a step of each handshake, three as a rule: flags, numbers and their arithmetic", handshakeColumns,
		openers{"text": openHandshake, "markdown": openMarkdown(handshakeRows, append(handshakeCells, cellSent)),
			"csv": openCSV(handshakeRows), "ndjson": openNDJSON(handshakeRows)},
		timeline.AllKinds, false},
	{"endpoints", "where both ends stand behind each segment: state, numbers, windows, what is proved and what assumed", endpointColumns,
		openers{"text": openEndpoints, "markdown": openEndpointsMarkdown,
			"csv": openCSV(endpointRows), "ndjson": openNDJSON(endpointRows)},
		timeline.AllKinds, false},
	{"header", "every field of each segment: bit range, bits, value, meaning, and what changed", headerColumns,
		openers{"text": openHeader, "markdown": openHeaderMarkdown,
			"csv": openCSV(headerRows), "ndjson": openNDJSON(headerRows)},
		timeline.AllKinds, false},
	{"conversations", "a row a connection: handshake, options, bytes, who closed and how, the verdict", conversationColumns,
		openers{"text": openConversations, "markdown": openMarkdown(conversationRows, conversationCells),
			"csv": openCSV(conversationRows), "ndjson": openNDJSON(conversationRows)},
		timeline.These(timeline.Ended), true},
	{"dialogue", "what was said, in order, each byte once", dialogueColumns,
		openers{"text": openTable(dialogueRows, dialogueCells), "markdown": openMarkdown(dialogueRows, dialogueCells),
			"csv": openCSV(dialogueRows), "ndjson": openNDJSON(dialogueRows)},
		timeline.AllKinds, false},
}

// Open makes the presenter for a view in a format. An unknown name, or a pair
// that makes no sense, is an error that lists what does.
func Open(view, format string, w io.Writer, o Options) (Presenter, error) {
	if v := ViewNamed(view); v != nil {
		if open := v.open[format]; open != nil {
			return open(v, w, o), nil
		}
		for _, f := range Formats {
			if f.Name == format {
				return nil, fmt.Errorf("view %s has no format %s: want %s", view, format, strings.Join(v.Formats(), ", "))
			}
		}
		return nil, fmt.Errorf("unknown format %q: view %s has %s", format, view, strings.Join(v.Formats(), ", "))
	}
	names := make([]string, len(Views))
	for i, v := range Views {
		names[i] = v.Name
	}
	return nil, fmt.Errorf("unknown view %q: want %s", view, strings.Join(names, ", "))
}

// ViewNamed is the view of a name; nil where there is none.
func ViewNamed(name string) *View {
	for i := range Views {
		if Views[i].Name == name {
			return &Views[i]
		}
	}
	return nil
}

// Formats are the names of the formats that make sense for the view.
func (v *View) Formats() []string {
	var names []string
	for _, f := range Formats {
		if v.open[f.Name] != nil {
			names = append(names, f.Name)
		}
	}
	return names
}
