package view

// ColumnGap is what stands between two columns of a page, in characters.
const ColumnGap = 2

// Choose takes the columns that fit on a page of so many characters, and gives the
// room that is left to those that grow.
func Choose(cells []ReaderColumn, width int) []ReaderColumn {
	chosen := append([]ReaderColumn(nil), cells...)
	for len(chosen) > 1 && room(chosen, width) < 0 {
		worst := -1
		for i, c := range chosen {
			if c.Drop > 0 && (worst < 0 || c.Drop > chosen[worst].Drop) {
				worst = i
			}
		}
		if worst < 0 { // nothing to leave out: the widest shrinks
			worst = 0
			for i, c := range chosen {
				if c.Size > chosen[worst].Size {
					worst = i
				}
			}
			if chosen[worst].Size += room(chosen, width); chosen[worst].Size < 4 {
				chosen[worst].Size = 4
				chosen = chosen[:len(chosen)-1]
			}
			continue
		}
		chosen = append(chosen[:worst], chosen[worst+1:]...)
	}
	for i := range chosen {
		if chosen[i].Kind == Prose {
			chosen[i].Size += max(room(chosen, width), 0)
		}
	}
	return chosen
}

// room is how many columns are left; negative where they do not fit.
func room(cells []ReaderColumn, width int) int {
	for _, c := range cells {
		width -= c.Size + ColumnGap
	}
	return width + ColumnGap
}
