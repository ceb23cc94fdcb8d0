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
	var missing int
	last := text[strings.LastIndex(strings.TrimSpace(text), "\n")+1:]
	if _, err := fmt.Sscanf(last, "(%d lines are not shown", &missing); err != nil || shown+missing != n {
		t.Errorf("%d of %d lines shown, and at the end %q", shown, n, last)
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
