package present

import "slices"

// So many layouts are remembered.
const (
	layoutBits = 6
	layouts    = 1 << layoutBits
)

// layout is the columns that fit rows with certain parts.
type layout struct {
	has  need
	runs []run // none: not made yet
}

// run is neighbours among the columns of a layout that are written together.
type run struct {
	basis   basis
	parts   need // what they need
	columns []*jsonColumn
}

// fitting returns the columns that can apply to rows with these parts, which
// are half of them or fewer. Few captures have more than a dozen kinds of rows.
func (e *encoder) fitting(has need) *layout {
	const golden = 0x9e3779b9 // Knuth's multiplicative hashing
	l := &e.layouts[uint32(has)*golden>>(32-layoutBits)]
	if l.has != has || len(l.runs) == 0 {
		*l = e.layout(has)
	}
	return l
}

func (e *encoder) layout(has need) layout {
	l := layout{has: has}
	for i := range e.keyed {
		c := &e.keyed[i]
		if c.needs&^has != 0 {
			continue
		}
		basis := c.basis
		if has&isSegment == 0 {
			basis = anything
		}
		last := len(l.runs) - 1
		if last < 0 || l.runs[last].basis != basis {
			l.runs = append(l.runs, run{basis: basis})
			last++
		}
		run := &l.runs[last]
		run.columns, run.parts = append(run.columns, c), run.parts|c.needs
	}
	return l
}

// basesOf returns the basis of each column of a view. A basis is given to the
// longest run of its columns alone, if that is more than one, so that what is
// remembered for it is always the same columns.
func basesOf(columns []Column) []basis {
	of := make([]basis, len(columns))
	for b := onEnds; b < bases; b++ {
		first, behind, from := 0, 1, 0 // the longest run so far; the last one
		for i, c := range columns {
			if c.needs == 0 || !slices.Contains(columnsOn[b], c.Key) { // what needs nothing is not of segments alone
				from = i + 1
			} else if i+1-from > behind-first {
				first, behind = from, i+1
			}
		}
		for i := first; i < behind && behind-first > 1; i++ {
			of[i] = b
		}
	}
	return of
}
