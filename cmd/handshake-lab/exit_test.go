package main

import (
	"strings"
	"testing"
)

// A message is broken at blanks, and never in a word.
func TestFold(t *testing.T) {
	const message = program + ": normal, a recording: A client is greeted: opened in three steps, closed by a FIN of each end.\n"
	for columns := 20; columns < 120; columns++ {
		got := fold(message, columns)
		if strings.Join(strings.Fields(got), " ") != strings.TrimSpace(message) {
			t.Fatalf("%d columns: %q", columns, got)
		}
		for line := range strings.Lines(got) {
			if len(strings.TrimRight(line, "\n")) > columns {
				t.Errorf("%d columns: %q", columns, line)
			}
		}
	}
}

// A paragraph of help with a line that is too long is broken anew; what is indented
// and what fits stays.
func TestFitParagraphs(t *testing.T) {
	const text = "One two three\nfour.\n\n  kept as it is\n\nFits."
	if got, want := fitParagraphs(text, 10), "One two\nthree\nfour.\n\n  kept as it is\n\nFits."; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got := fitParagraphs(text, 80); got != text {
		t.Errorf("%q", got)
	}
}
