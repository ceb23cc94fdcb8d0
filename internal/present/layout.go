package present

// So many layouts are remembered.
const (
	layoutBits = 6
	layouts    = 1 << layoutBits
)

// layout is the columns that fit rows with certain parts.
type layout struct {
	has     need
	columns []*jsonColumn // none: not made yet
	placed  [2]int        // the longest run of those that need nothing but placing: its first, and behind its last
}

// fitting returns the columns that can apply to rows with these parts, which
// are half of them or fewer. Few captures have more than a dozen kinds of rows.
func (e *encoder) fitting(has need) *layout {
	const golden = 0x9e3779b9 // Knuth's multiplicative hashing
	l := &e.layouts[uint32(has)*golden>>(32-layoutBits)]
	if l.has != has || len(l.columns) == 0 {
		*l = e.layout(has)
	}
	return l
}

func (e *encoder) layout(has need) layout {
	l := layout{has: has}
	from := 0 // of columns that are placed, up to the last one
	for i := range e.keyed {
		c := &e.keyed[i]
		if c.needs&^has != 0 {
			continue
		}
		l.columns = append(l.columns, c)
		n := len(l.columns)
		if c.needs&^placing != 0 || c.needs == 0 {
			from = n
		} else if has&isPlaced != 0 && n-from > l.placed[1]-l.placed[0] {
			l.placed = [2]int{from, n}
		}
	}
	return l
}
