package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
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
	Clock
	Echo // the TSecr among the options; a cell that may be blank, and no column
)

// String returns the head of the column.
func (c Column) String() string {
	return [...]string{"#", "ms", "from", "to", "flags", "bits 104-111", "seq", "ack", "data", "TCP in the IP packet", "window", "options", "time (UTC)", "ecr"}[c]
}

// An Exhibit is shown with a question: rows of frames, or the bytes of one header.
type Exhibit struct {
	Frames  []*Frame
	Columns []Column
	Hidden  []Cell // blank: what is asked for
	Bytes   bool   // the header of the one frame in bytes, in place of columns

	isWhole   bool         // sockets are not shortened: they are asked for
	isShort   bool         // sockets are shown by their ports
	start     *Frame       // what times count from
	aside     []Column     // what the answer does not need: shown so that the rest is understood
	elsewhere map[Cell]int // the question of the same sheet that asks for what stands there
}

// A Cell is one place of an exhibit.
type Cell struct {
	Frame  int
	Column Column
}

// A Value is what stands in a cell: a text, in which there may be a gap.
type Value struct {
	Text  string // before the gap, if there is one
	Blank bool   // the gap is for the student to fill
	See   int    // the gap is what this question of the sheet asks for; 0 for none
	Rest  string // after the gap
}

// Heads are the heads of the columns.
func (e *Exhibit) Heads() (list []string) {
	for _, column := range e.visible() {
		list = append(list, column.String())
	}
	return list
}

// visible are the columns that are shown: where something is referred to that the answer
// does not need, the column is left out.
func (e *Exhibit) visible() []Column {
	return slices.DeleteFunc(slices.Clone(e.Columns), func(column Column) bool {
		return slices.Contains(e.aside, column) && slices.ContainsFunc(e.Frames, func(f *Frame) bool { return e.gap(f, column).See > 0 }) &&
			!slices.ContainsFunc(e.Hidden, func(c Cell) bool { return c.Column == column })
	})
}

// Rows are the values of an exhibit's frames, a row a frame.
func (e *Exhibit) Rows() (rows [][]Value) {
	columns := e.visible()
	for _, f := range e.Frames {
		row := make([]Value, len(columns))
		for i, column := range columns {
			row[i] = e.value(f, column)
		}
		rows = append(rows, row)
	}
	return rows
}

// value is what stands in a cell.
func (e *Exhibit) value(f *Frame, column Column) Value {
	if gap := e.gap(f, column); gap.Blank || gap.See > 0 {
		return gap
	}
	text := e.text(f, column)
	if gap := e.gap(f, Echo); column == Options && (gap.Blank || gap.See > 0) {
		echo := strconv.FormatUint(uint64(f.Segment.Options.TSEcr), 10)
		gap.Text, gap.Rest, _ = strings.Cut(text, " ecr "+echo)
		gap.Text += " ecr "
		return gap
	}
	return Value{Text: text}
}

// gap is the gap in a cell; the zero Value where there is none.
func (e *Exhibit) gap(f *Frame, column Column) Value {
	at := Cell{f.Number, column}
	return Value{Blank: slices.Contains(e.Hidden, at), See: e.elsewhere[at]}
}

// Alone is the exhibit as it is shown with its question alone, without others on the
// same sheet.
func (e *Exhibit) Alone() *Exhibit {
	alone := *e
	alone.elsewhere = nil
	return &alone
}

// Short is the exhibit with ports in place of sockets, where no two of them have the same
// port and no socket is asked for.
func (e *Exhibit) Short() *Exhibit {
	sockets := map[uint16]string{}
	for _, f := range e.Frames {
		for port, socket := range map[uint16]string{f.SrcPort: f.from(), f.DstPort: f.to()} {
			if known, ok := sockets[port]; ok && known != socket || f.SrcPort == f.DstPort {
				return e
			}
			sockets[port] = socket
		}
	}
	short := *e
	short.isShort = !e.isWhole
	return &short
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
		if e.isShort {
			return strconv.Itoa(int(f.SrcPort))
		}
		return f.from()
	case To:
		if e.isShort {
			return strconv.Itoa(int(f.DstPort))
		}
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
	case Clock:
		return clock(f.Time)
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

// clock is the time of day at which a frame was captured.
func clock(t capture.Time) string {
	layout := "15:04:05.000000"
	if t.Digits > 6 {
		layout += "000"
	}
	return time.Unix(t.Sec, int64(t.Nsec)).UTC().Format(layout)
}

// HeaderRows are the bytes of the exhibit's header, in hexadecimal, four a row as
// in the figure of RFC 9293 §3.1.
func (e *Exhibit) HeaderRows() (rows []Value) {
	f := e.Frames[0]
	for word, at := 0, f.Header; len(at) > 0; word, at = word+1, at[min(4, len(at)):] {
		row := Value{See: e.elsewhere[Cell{f.Number, columnOf(word)}]}
		if row.See == 0 {
			row.Text = fmt.Sprintf("% x", at[:min(4, len(at))])
		}
		rows = append(rows, row)
	}
	return rows
}

// columnOf is the fact that stands in a word of 32 bits of a header.
func columnOf(word int) Column {
	switch {
	case word >= 5:
		return Options
	case word < 4:
		return [...]Column{From, Seq, Ack, Flags}[word]
	}
	return Number // checksum and urgent pointer, which nothing asks for
}

// whole says that sockets are asked for.
func (e Exhibit) whole() Exhibit {
	e.isWhole = true
	return e
}

// with says of which columns the answer has no need.
func (e Exhibit) with(aside ...Column) Exhibit {
	e.aside = aside
	return e
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
