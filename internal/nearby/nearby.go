// Package nearby finds the names that are written nearly as what somebody asked
// for.
package nearby

import "strings"

// Far is a distance that is near no longer.
const Far = 4

// Distance tells how far a name is from what was asked for: 1 where it begins
// with it or holds it, else the edits between them. More than a third of the
// letters wrong is another word.
func Distance(asked, name string) int {
	if asked == "" || name == "" {
		return Far
	}
	d := edits(asked, name)
	if d > len(asked)/3 || d >= len(name) {
		d = Far
	}
	if len(asked) >= 3 && strings.Contains(name, asked) {
		d = min(d, 1)
	}
	return min(d, Far)
}

// Names lists up to three names near to what was asked for, the nearest first.
func Names(asked string, names []string) []string {
	var byDistance [Far][]string
	for _, name := range names {
		if d := Distance(asked, name); d < Far {
			byDistance[d] = append(byDistance[d], name)
		}
	}
	var near []string
	for _, list := range byDistance {
		near = append(near, list...)
	}
	return near[:min(len(near), 3)]
}

// edits is how many bytes must be put in, taken out or replaced, or neighbours change
// their places, to turn a into b: the Damerau-Levenshtein distance, as its restricted
// form (optimal string alignment) counts it.
func edits(a, b string) int {
	last := make([]int, len(b)+1) // the row before the present one of the table
	row := make([]int, len(b)+1)
	next := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := row[j]
			if a[i] != b[j] {
				cost++
			}
			next[j+1] = min(cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
		last, row, next = row, next, last
	}
	return row[len(b)]
}
