package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestLines: who brings lines never waits for a reader that takes none; what is
// left out is counted in its place.
func TestLines(t *testing.T) {
	r, w := io.Pipe()
	l := printLines(w, func(err error) { t.Error(err) })
	const n = 3 * linesMost
	for i := range n {
		l.print(fmt.Sprint("line ", i))
	}
	read := make(chan string)
	go func() { text, _ := io.ReadAll(r); read <- string(text) }()
	l.close()
	w.Close()
	text := <-read
	shown := strings.Count(text, "line ")
	missing := 0
	for line := range strings.Lines(text) {
		var some int
		if _, err := fmt.Sscanf(line, "(%d lines are not shown", &some); err == nil {
			missing += some
		}
	}
	if missing == 0 || shown+missing != n {
		t.Errorf("%d of %d lines shown, and %d are said not to be", shown, n, missing)
	}
}

// TestLinesFail: an output that fails is told once, and nobody waits for it.
func TestLinesFail(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	told := 0
	l := printLines(w, func(error) { told++ })
	for range 2 * linesMost {
		l.print("line")
	}
	l.close()
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
