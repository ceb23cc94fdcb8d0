package stepper

import "github.com/mattn/go-runewidth"

// widths measures text as a terminal shows it. It does not look at the environment:
// line drawing is one column wide everywhere.
var widths = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// Width is how many columns a text without colours has.
func Width(text string) int { return widths.StringWidth(text) }

// Cut is a line as far as so many columns. Colours take no column.
func Cut(line string, columns int) string { return cutLine(line, columns) }
