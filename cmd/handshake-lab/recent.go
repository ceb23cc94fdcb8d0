package main

import (
	"bytes"
	"fmt"
	"io"
)

// A table of a long run is its begin and the last of it: the rows of an hour
// would fill the memory, and nobody reads a million.
const (
	recentFirst = 64 << 10 // bytes kept of the begin
	recentLast  = 1 << 20  // and of the end
)

// recent keeps the begin and the end of what is written to it, in whole lines.
type recent struct {
	first, last []byte
	left        int // lines between them that were left out
}

func (r *recent) Write(p []byte) (int, error) {
	n := len(p)
	if len(r.last) == 0 && len(r.first) < recentFirst {
		// The begin ends with what stands apart as a whole, a row or a card.
		take := min(recentFirst-len(r.first), len(p))
		if take < len(p) {
			take = bytes.LastIndexByte(p[:take], '\n') + 1
		}
		r.first = append(r.first, p[:take]...)
		p = p[take:]
	}
	r.last = append(r.last, p...)
	if len(r.last) > 2*recentLast {
		cut := len(r.last) - recentLast
		cut += ahead(r.last[cut:])
		r.left += bytes.Count(r.last[:cut], []byte{'\n'})
		r.last = append(r.last[:0], r.last[cut:]...)
	}
	return n, nil
}

// ahead is how far it is to the begin of a row: behind the next empty line, if
// there is one soon, else behind the end of this line.
func ahead(text []byte) int {
	if i := bytes.Index(text[:min(len(text), 8<<10)], []byte("\n\n")); i >= 0 {
		return i + 2
	}
	return bytes.IndexByte(text, '\n') + 1
}

// Len is how many bytes are kept.
func (r *recent) Len() int { return len(r.first) + len(r.last) }

// WriteTo writes what is kept, and says what is not.
func (r *recent) WriteTo(w io.Writer) (int64, error) {
	text := [][]byte{r.first, nil, r.last}
	if r.left > 0 {
		text[1] = fmt.Appendf(nil, "\n… %d lines of so long a run are left out here; -w keeps all of it …\n\n", r.left)
	}
	var written int64
	for _, part := range text {
		n, err := w.Write(part)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
