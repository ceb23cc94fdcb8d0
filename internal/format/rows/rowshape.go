package rows

import "github.com/handshake-lab/handshake-lab/internal/view"

// A cache of the columns that fit a row, so that none is asked of each: cache.go says
// what it buys. So many shapes are cached.
const (
	shapeBits = 6
	rowShapes = 1 << shapeBits
)

// rowShape is the columns that fit rows with certain parts.
type rowShape struct {
	has  view.Need
	runs []run // none: not made yet
}

// run is neighbours among the columns of a shape that are written together.
type run struct {
	basis   basis
	parts   view.Need // what they need
	columns []*jsonColumn
}

// shapes caches the shapes of a view's rows. Few captures have more than a dozen.
type shapes struct {
	columns []jsonColumn
	cache   [rowShapes]rowShape
}

// fit returns the columns that can apply to rows with these parts, which are half
// of them or fewer.
func (s *shapes) fit(has view.Need) *rowShape {
	shape := &s.cache[slotOf(uint64(has), shapeBits)]
	if shape.has != has || len(shape.runs) == 0 {
		*shape = s.shape(has)
	}
	return shape
}

func (s *shapes) shape(has view.Need) rowShape {
	shape := rowShape{has: has}
	for i := range s.columns {
		c := &s.columns[i]
		if c.needs&^has != 0 {
			continue
		}
		basis := c.basis
		if has&view.IsSegment == 0 { // of what has a stream too, and no ends
			basis = notCached
		}
		last := len(shape.runs) - 1
		if last < 0 || shape.runs[last].basis != basis {
			shape.runs = append(shape.runs, run{basis: basis})
			last++
		}
		run := &shape.runs[last]
		run.columns, run.parts = append(run.columns, c), run.parts|c.needs
	}
	return shape
}

// slotOf is where something is looked for that is cached in a table of
// 2^bits slots.
func slotOf(key uint64, bits int) uint64 {
	const golden = 0x9e3779b97f4a7c15 // Knuth's multiplicative hashing
	return key * golden >> (64 - bits)
}
