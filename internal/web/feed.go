// Package web serves the page: the story's moments as they happen, to a browser on
// this machine, and to a class that follows it.
package web

import (
	"bytes"
	"sync"
)

// A Feed is the log of moments: JSON objects, a line each, as the format ndjson
// writes the story. It keeps them all up to a bound, so that a page which comes
// late, or comes back, misses nothing. Any number of readers follow it.
type Feed struct {
	mu     sync.Mutex
	rows   [][]byte
	rest   []byte        // of a line that is not whole yet
	closed bool          // nothing more comes
	more   chan struct{} // closed, and made anew, when there is more
	left   int           // rows that there was no room for
	room   int           // bytes
}

// What a feed keeps: far more than anybody looks at, and not more than a laptop has.
const (
	maxRows  = 200_000
	maxBytes = 256 << 20
)

// NewFeed returns an empty feed.
func NewFeed() *Feed { return &Feed{more: make(chan struct{})} }

// Write takes lines, whole or in parts. It never fails: what there is no room for is
// counted.
func (f *Feed) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rest = append(f.rest, p...)
	for {
		end := bytes.IndexByte(f.rest, '\n')
		if end < 0 {
			break
		}
		f.add(f.rest[:end])
		f.rest = f.rest[end+1:]
	}
	f.rest = append([]byte(nil), f.rest...)
	f.wake()
	return len(p), nil
}

func (f *Feed) add(line []byte) {
	switch {
	case len(line) == 0:
	case len(f.rows) == maxRows || f.room+len(line) > maxBytes:
		f.left++
	default:
		f.rows = append(f.rows, bytes.Clone(line))
		f.room += len(line)
	}
}

// Close says that nothing more comes.
func (f *Feed) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		f.wake()
	}
	return nil
}

func (f *Feed) wake() {
	close(f.more)
	f.more = make(chan struct{})
}

// From returns the rows from a place on, whether more may come, and what is closed
// when there is more. The rows are not to be changed.
func (f *Feed) From(place int) (rows [][]byte, open bool, more <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	place = min(max(place, 0), len(f.rows))
	return f.rows[place:len(f.rows):len(f.rows)], !f.closed, f.more
}

// Left is how many rows there was no room for.
func (f *Feed) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left
}
