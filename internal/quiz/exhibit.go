package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Column is one fact about a frame.
type Column uint8

// The columns of an exhibit, in the order in which they stand.
const (
	Number Column = iota
	Time
	From
	To
	Flags
	Byte
	Seq
	Ack
	Len
	IPLen
	Window
	Options
)

// String returns the head of the column.
func (c Column) String() string {
	return [...]string{"#", "ms", "from", "to", "flags", "bits 104-111", "seq", "ack", "data bytes", "TCP bytes in the IP packet", "window field", "options"}[c]
}

// An Exhibit is shown with a question: rows of frames, or the bytes of one header.
type Exhibit struct {
	Frames  []*Frame
	Columns []Column
	Hidden  []Cell // blank: what is asked for
	Bytes   bool   // the header of the one frame in bytes, in place of columns

	start *Frame // what times count from
}

// A Cell is one place of an exhibit.
type Cell struct {
	Frame  int
	Column Column
}

// A Value is what stands in a cell.
type Value struct {
	Text  string
	Blank bool // it is for the student to fill
}

// Rows are the values of an exhibit's frames, a row a frame.
func (e *Exhibit) Rows() (rows [][]Value) {
	for _, f := range e.Frames {
		row := make([]Value, len(e.Columns))
		for i, column := range e.Columns {
			if row[i].Blank = slices.Contains(e.Hidden, Cell{f.Number, column}); !row[i].Blank {
				row[i].Text = e.text(f, column)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (e *Exhibit) text(f *Frame, column Column) string {
	switch column {
	case Number:
		return strconv.Itoa(f.Number)
	case Time:
		if e.start == nil || !f.Time.Known || !e.start.Time.Known {
			return ""
		}
		return strconv.FormatFloat(float64(f.Time.Since(e.start.Time).Nanoseconds())/1e6, 'f', 3, 64)
	case From:
		return f.from()
	case To:
		return f.to()
	case Flags:
		return f.Flags.String()
	case Byte:
		return f.Flags.Bits()
	case Seq:
		return strconv.FormatUint(uint64(f.Segment.Seq), 10)
	case Ack:
		return strconv.FormatUint(uint64(f.Segment.Ack), 10)
	case Len:
		return strconv.Itoa(f.PayloadLen)
	case IPLen:
		return strconv.Itoa(f.HeaderLen + f.PayloadLen)
	case Window:
		return strconv.Itoa(int(f.Segment.Window))
	}
	return optionsText(&f.Segment.Options)
}

// optionsText lists options in tcpdump's words.
func optionsText(o *decode.Options) string {
	var list []string
	if o.HasMSS {
		list = append(list, fmt.Sprintf("mss %d", o.MSS))
	}
	if o.SACKPermitted {
		list = append(list, "sackOK")
	}
	if o.HasTimestamps {
		list = append(list, fmt.Sprintf("TS val %d ecr %d", o.TSVal, o.TSEcr))
	}
	if o.HasScale {
		list = append(list, fmt.Sprintf("wscale %d", o.Scale))
	}
	return strings.Join(list, ", ")
}

// HeaderRows are the bytes of the exhibit's header, in hexadecimal, four a row as
// in the figure of RFC 9293 §3.1.
func (e *Exhibit) HeaderRows() (rows []string) {
	for at := e.Frames[0].Header; len(at) > 0; at = at[min(4, len(at)):] {
		rows = append(rows, fmt.Sprintf("% x", at[:min(4, len(at))]))
	}
	return rows
}

// table shows some columns of some frames, but for hidden cells.
func table(columns []Column, list []*Frame, hidden ...Cell) Exhibit {
	e := Exhibit{Frames: list, Columns: append([]Column{Number}, columns...), Hidden: hidden}
	if len(list) > 0 {
		e.start = list[0]
	}
	return e
}

// header shows the bytes of a header.
func header(f *Frame) Exhibit { return Exhibit{Frames: []*Frame{f}, Bytes: true} }
