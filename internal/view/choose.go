package view

import "slices"

// ColumnGap is what stands between two columns of a page, in characters.
const ColumnGap = 2

// Choose takes the columns that fit on a page of so many characters, where nothing is
// known of their texts but how long they are as a rule, and gives the room that is
// left to those that grow.
func Choose(cells []ReaderColumn, width int) []ReaderColumn {
	needs := make([]int, len(cells))
	for i, c := range cells {
		if needs[i] = c.Size; c.grows() {
			needs[i] = width
		}
	}
	chosen, _ := Fit(cells, needs, width)
	return chosen
}

// Fit takes the columns that fit on a page, where the texts of each need so many
// characters. Texts that go on in the next line are the first to have less room; then
// those columns go that may, the highest Drop first, unless it is enough that their
// texts are shorter. It returns the columns, and which of cells they are.
func Fit(cells []ReaderColumn, needs []int, width int) (chosen []ReaderColumn, from []int) {
	f := fitting{cells: cells, needs: make([]int, len(cells)), width: width}
	for i, c := range cells {
		f.needs[i] = min(max(needs[i], 1), width)
		if c.Kind == Chunked {
			f.needs[i] = min(f.needs[i], c.Size)
		}
	}
	f.sizes = slices.Clone(f.needs)
	f.shrink(func(i int) bool { return cells[i].Kind == Wrapped && f.sizes[i] > cells[i].Size })
	for f.over() > 0 && f.drop() {
	}
	f.bringBack()
	f.grow()
	f.shrink(func(i int) bool { return cells[i].grows() && f.sizes[i] > cells[i].Size })
	f.shrink(func(i int) bool { return cells[i].Kind != Figures && f.sizes[i] > 4 })
	f.shrink(func(i int) bool { return f.sizes[i] > 4 })
	for last := len(cells) - 1; last > 0 && f.over() > 0; last-- {
		f.sizes[last] = 0
	}
	for i, size := range f.sizes {
		if size > 0 {
			c := cells[i]
			c.Size = size
			chosen, from = append(chosen, c), append(from, i)
		}
	}
	return chosen, from
}

// grows reports whether a column's texts may be longer than they are as a rule.
func (c *ReaderColumn) grows() bool { return c.Kind == Prose || c.Kind == Wrapped }

// fitting is a page under way: its columns with their sizes, 0 for those that are
// left out.
type fitting struct {
	cells []ReaderColumn
	needs []int
	sizes []int
	width int
}

// over is how many characters too many the columns take.
func (f *fitting) over() int {
	total := -ColumnGap
	for _, size := range f.sizes {
		if size > 0 {
			total += size + ColumnGap
		}
	}
	return total - f.width
}

// drop makes room at the columns of the highest rank; false where none may go.
func (f *fitting) drop() bool {
	rank := 0
	for i, c := range f.cells {
		if f.sizes[i] > 0 {
			rank = max(rank, c.Drop)
		}
	}
	if rank == 0 {
		return false
	}
	is := func(i int) bool { return f.sizes[i] > 0 && f.cells[i].Drop == rank }
	f.shrink(func(i int) bool { return is(i) && f.cells[i].grows() && f.sizes[i] > f.cells[i].Size })
	if f.over() > 0 {
		for i := range f.cells {
			if is(i) { // from goes with to
				f.sizes[i] = 0
			}
		}
	}
	return true
}

// bringBack takes columns again that have room beside those of higher rank, the
// lowest Drop first.
func (f *fitting) bringBack() {
	for rank := 1; f.over() < 0 && rank < 16; rank++ {
		before := slices.Clone(f.sizes)
		for i, c := range f.cells {
			if f.sizes[i] == 0 && c.Drop == rank {
				if f.sizes[i] = f.needs[i]; c.grows() {
					f.sizes[i] = min(f.sizes[i], c.Size)
				}
			}
		}
		if f.over() > 0 {
			f.sizes = before
		}
	}
}

// grow gives what is left to texts that need it.
func (f *fitting) grow() {
	for i, c := range f.cells {
		if left := -f.over(); left > 0 && f.sizes[i] > 0 && c.grows() {
			f.sizes[i] = min(f.sizes[i]+left, f.needs[i])
		}
	}
}

// shrink takes from the widest of the columns that may be narrower, as long as
// something is missing.
func (f *fitting) shrink(may func(i int) bool) {
	for over := f.over(); over > 0; over-- {
		widest := -1
		for i := range f.cells {
			if may(i) && (widest < 0 || f.sizes[i] > f.sizes[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		f.sizes[widest]--
	}
}
