package wire

import "slices"

// InOrder puts records into the order of sending, and numbers them by it.
func InOrder(records []*Record) []*Record {
	slices.SortStableFunc(records, func(a, b *Record) int {
		switch {
		case a.Sent < b.Sent:
			return -1
		case a.Sent > b.Sent:
			return 1
		}
		return 0
	})
	return numbered(records)
}

// numbered numbers records as they stand.
func numbered(records []*Record) []*Record {
	numbers := make(map[int]int, len(records))
	for i, r := range records {
		numbers[r.Number] = i + 1
	}
	for i, r := range records {
		r.Number, r.CopyOf = i+1, numbers[r.CopyOf]
	}
	return records
}
