// Package report holds what the measuring programs have in common: rows with
// a bar, their table in Markdown, what machine it was, and the place in
// docs/performance.md where the last table stands.
package report

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Row is one line of the table.
type Row struct {
	Work     string // what was done
	Ours     string // what handshake-lab took
	Peer     string // what the peer took, and which; empty where the bar is absolute
	Measured string // the number that the bar is about
	Bar      string // empty where there is none
	Holds    bool
	Skipped  string // why there is no number; empty where there is one
}

// AtMost makes a row whose number must not exceed the bar.
func AtMost(work, ours, peer string, got, bar float64, unit string) Row {
	return Row{Work: work, Ours: ours, Peer: peer, Measured: number(got) + unit, Bar: "≤ " + number(bar) + unit, Holds: got <= bar}
}

// AtLeast makes a row whose number must reach the bar.
func AtLeast(work, ours, peer string, got, bar float64, unit string) Row {
	return Row{Work: work, Ours: ours, Peer: peer, Measured: number(got) + unit, Bar: "≥ " + number(bar) + unit, Holds: got >= bar}
}

// Told makes a row without a bar: a peer's number to hold others against.
func Told(work, ours, peer string, got float64, unit string) Row {
	return Row{Work: work, Ours: ours, Peer: peer, Measured: number(got) + unit}
}

// Skip makes a row without a number.
func Skip(work, bar, why string) Row { return Row{Work: work, Bar: bar, Skipped: why} }

func number(n float64) string {
	switch {
	case n == float64(int64(n)) || n >= 100:
		return fmt.Sprintf("%.0f", n)
	case n >= 10:
		return fmt.Sprintf("%.1f", n)
	}
	return fmt.Sprintf("%.2f", n)
}

// String is the row as a line of the Markdown table.
func (r Row) String() string {
	verdict := "**missed**"
	switch {
	case r.Skipped != "":
		r.Measured, verdict = r.Skipped, "skipped"
	case r.Holds:
		verdict = "ok"
	case r.Bar == "":
		verdict = ""
	}
	return "| " + strings.Join([]string{r.Work, r.Ours, r.Peer, r.Measured, r.Bar, verdict}, " | ") + " |"
}

// Head is the head of the table.
const Head = "| work | handshake-lab | peer | measured | bar | |\n|---|---|---|---|---|---|"

// Update writes text into the file between the marks of a section, which the
// file must have.
func Update(path, section, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := []byte("<!-- "+section+" begins -->\n"), []byte("<!-- "+section+" ends -->")
	before, rest, ok := bytes.Cut(old, begin)
	_, after, closed := bytes.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no section %s", path, section)
	}
	return os.WriteFile(path, slices.Concat(before, begin, []byte(text), end, after), 0o644)
}

// Median is the middle of the times, the lower one of two.
func Median[T time.Duration | float64](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)/2]
}

// Time writes a duration with three digits: "1.42 s", "7.31 ms".
func Time(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", d.Seconds()*1e3)
	}
	return fmt.Sprintf("%.3g µs", d.Seconds()*1e6)
}
