// Package view says what is told of moments: rows, with columns for programs and
// for readers, and the story, entry by entry. How wide a page is, and which
// colours and characters it has, is the formats' affair.
package view

import (
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// View is what is told: rows, or the story.
type View struct {
	Name, Help string
	Columns    []KeyColumn     // the keys of its rows, for programs
	More       []KeyColumn     // further ones, for who asks for them
	Rows       func() RowMaker // of moments
	Lines      func() RowMaker // the same for readers, where those see others

	// Cells are its columns for readers, on a page of so many characters; 0 is no
	// limit, and then no Below. The story has none.
	Cells func(room int) []ReaderColumn

	Legend string                          // what stands above all
	Title  func(dst []byte, r *Row) []byte // of the table that begins with the row; nothing where none does
	Foot   func(r *Row) []Fact             // what stands below the table that a row is of, where Title begins one
	Below  func(dst []byte, r *Row) []byte // what there is to say below a row
	Card   func(r *Row) []Fact             // of a conversation where there are few

	Sortable bool // its rows are of conversations, and may be sorted by their clients

	Wants timeline.Wants // what its rows are made of
	Both  bool           // its rows are of segments whose way is known at both ends (timeline.Passage): of others there are none
}

// IsStory reports whether the view is the story, which a format tells entry by
// entry.
func (v *View) IsStory() bool { return v.Cells == nil }

// Views are the views there are.
var Views = []View{
	{Name: "story", Help: "what happened, moment by moment: calls, segments, data and states on one ladder",
		Columns: storyColumns, More: filterColumns, Rows: oneRow(fillMoment), Wants: everything},
	{Name: "segments", Help: "a row a segment",
		Columns: segmentColumns, More: filterColumns, Rows: oneRow(fillSegment), Cells: always(segmentCells), Legend: BitsNote,
		Wants: timeline.Wants{Kinds: timeline.AllKinds &^ timeline.These(timeline.Ended), Behind: true}},
	{Name: "handshake", Help: "a row a step of each handshake, three as a rule: flags, numbers and their arithmetic",
		Columns: handshakeColumns, More: filterColumns, Rows: newHandshakeRows, Cells: handshakeCells, Legend: BitsNote, Below: appendTimesSent, Sortable: true, Wants: everything},
	{Name: "endpoints", Help: "where both ends stand after each segment: state, numbers, windows, what is proved and what assumed",
		Columns: endpointColumns, Rows: oneRow(fillEndpoints), Lines: newEndpointLines, Cells: endpointCells,
		Legend: endpointsLegend, Below: appendRefused, Wants: everything},
	{Name: "header", Help: "every field of each segment: bit range, bits, value, meaning, and what changed",
		Columns: headerColumns, More: filterColumns, Foot: filterFacts, Rows: newHeaderRows, Cells: always(headerCells), Title: headerTitle, Below: appendBelowField, Wants: everything},
	{Name: "conversations", Help: "a row a connection: handshake, options, bytes, who closed and how, the verdict",
		Columns: conversationColumns, Rows: oneRow(fillConversation), Cells: always(conversationCells), Card: card, Sortable: true,
		Wants: timeline.Wants{Kinds: timeline.These(timeline.Ended), Behind: true}},
	{Name: "wire", Help: "where both ends are known (run --scenario): when each segment was sent and arrived, what the cable did with it, what the kernels say",
		Columns: wireColumns, Rows: oneRow(fillWire), Lines: newWireLines, Cells: always(wireCells), Legend: wireLegend, Below: appendCable,
		Both: true, Wants: everything},
	{Name: "dialogue", Help: "what was said, in order, each byte once",
		Columns: dialogueColumns, Rows: oneRow(fillSaid), Cells: always(dialogueCells), Wants: everything},
}

var everything = timeline.Wants{Kinds: timeline.AllKinds}

func always(cells []ReaderColumn) func(int) []ReaderColumn {
	return func(int) []ReaderColumn { return cells }
}

// Named is the view of a name; nil where there is none.
func Named(name string) *View {
	for i := range Views {
		if Views[i].Name == name {
			return &Views[i]
		}
	}
	return nil
}
