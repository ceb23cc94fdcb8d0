package present

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Type is what a key's value is.
type Type uint8

// The types of values. In ndjson a list is an array, in csv it is joined by ";".
const (
	Number Type = iota
	Boolean
	Word    // a string of our own making: printable, without quotes and backslashes
	Text    // a string out of the capture, made visible
	Numbers // a list of numbers
	Words   // a list of words
)

// String returns number, boolean, string, list of numbers or list of strings.
func (t Type) String() string {
	return [...]string{"number", "boolean", "string", "string", "list of numbers", "list of strings"}[t]
}

// Column is one key of a view's machine-readable rows.
type Column struct {
	Key  string
	Type Type
	Unit string // bytes, seconds, bits; empty where there is none
	Help string // its meaning, one sentence without a full stop

	needs  need // what a row must have for it; 0: the value itself says whether it applies
	append appendFunc
}

// appendFunc appends the value, with what the row has between the members of a
// list; nothing where the key does not apply.
type appendFunc = func(dst []byte, r *row) []byte

// separators are what stands between the members of a list.
type separators struct{ numbers, words string }

var (
	inJSON = separators{",", `","`}
	inCSV  = separators{";", ";"}
)

// row is what a row of any view is made of. What it points to is valid until
// the next moment.
type row struct {
	has    need
	m      *timeline.Moment
	e      *conversation.Event
	s      *decode.Segment
	c      *conversation.Conversation
	start  capture.Time // of the first moment with a time
	field  *fieldRow
	before int    // frame of the header that this one is held against; 0 for none
	text   []byte // of the dialogue

	sent  int      // how often the step was sent; 0 where that is not known
	first sighting // the first time

	accounts *accounts         // with hasAccounts
	end      conversation.Side // whose line of two it is
	between  *separators       // by the format
}

// A rower makes the rows of a view out of moments.
type rower interface {
	moment(m *timeline.Moment, emit func(*row) error) error
	close(emit func(*row) error) error
}

// clock remembers the time of the first moment.
type clock struct{ start capture.Time }

func (c *clock) see(m *timeline.Moment) capture.Time {
	if !c.start.Known && m.Kind != timeline.Ended {
		c.start = m.At
	}
	return c.start
}

// segmentsOnly makes a row of every segment.
type segmentsOnly struct {
	clock
	row row
}

func segmentRows() rower { return new(segmentsOnly) }

func (s *segmentsOnly) moment(m *timeline.Moment, emit func(*row) error) error {
	s.see(m)
	if m.Kind != timeline.Segment {
		return nil
	}
	s.row = segmentRow(m, s.start)
	return emit(&s.row)
}

func (*segmentsOnly) close(func(*row) error) error { return nil }

// endedOnly makes a row of every conversation that is over.
type endedOnly struct {
	clock
	row row
}

func conversationRows() rower { return new(endedOnly) }

func (s *endedOnly) moment(m *timeline.Moment, emit func(*row) error) error {
	s.see(m)
	if m.Kind != timeline.Ended {
		return nil
	}
	s.row = row{m: m, c: m.Conversation, start: s.start}
	return emit(&s.row)
}

func (*endedOnly) close(func(*row) error) error { return nil }

// value appends the column's value, or nothing where it does not apply.
func (c *Column) value(dst []byte, r *row) []byte {
	if c.needs&^r.has != 0 {
		return dst
	}
	return c.append(dst, r)
}

// if_ makes a value apply only where a condition holds.
func if_(holds func(*row) bool, value appendFunc) appendFunc {
	return func(dst []byte, r *row) []byte {
		if holds(r) {
			return value(dst, r)
		}
		return dst
	}
}

// number makes the append function of a number that always applies.
func number(value func(r *row) int64) appendFunc {
	return func(dst []byte, r *row) []byte { return decimal.AppendInt(dst, value(r)) }
}

// positive makes the append function of a number that applies above 0.
func positive(value func(r *row) int64) appendFunc {
	return func(dst []byte, r *row) []byte {
		if n := value(r); n > 0 {
			return decimal.AppendInt(dst, n)
		}
		return dst
	}
}

// truth makes the append function of a boolean that is left out where false.
func truth(value func(r *row) bool) appendFunc {
	return func(dst []byte, r *row) []byte {
		if value(r) {
			return append(dst, "true"...)
		}
		return dst
	}
}
