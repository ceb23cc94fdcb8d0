package present

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
	l := &e.layouts[slotOf(uint64(has), layoutBits)]
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
		if has&isSegment == 0 { // of what has a stream too, and no ends
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
