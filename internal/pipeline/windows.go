package pipeline

import (
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/hugepages"
)

// keeper is a source that reads into memory given to it, and leaves what it has
// read as it is.
type keeper interface {
	ReadInto(fresh func(n int) []byte)
}

// windows are what a source reads into while the packets before are still in
// use. All of it happens on the reader's goroutine.
type windows struct {
	free []*window
	now  *window // the one being read into; nil before the first
	held bool    // by the batch that is being filled
}

// window is memory for packets; it is used again when no batch has a packet in it.
type window struct {
	bytes []byte
	users int // batches
}

// firstWindows is how many there are from the start, in one piece of memory:
// as many as batches of small packets need.
const firstWindows = 16

func newWindows() *windows {
	all := make([]byte, firstWindows*capture.WindowSize)
	hugepages.Ask(all)
	w := new(windows)
	for part := range slices.Chunk(all, capture.WindowSize) {
		w.free = append(w.free, &window{bytes: part})
	}
	return w
}

// fresh leaves the window that was read into for another one, of n bytes or more.
func (w *windows) fresh(n int) []byte {
	left := w.now
	w.now, w.held = w.find(n), false
	if left != nil && left.users == 0 {
		w.free = append(w.free, left)
	}
	return w.now.bytes
}

// find takes a free window; the one used last is the likeliest in a cache.
func (w *windows) find(n int) *window {
	for i := len(w.free) - 1; i >= 0; i-- {
		if found := w.free[i]; len(found.bytes) >= n {
			w.free = slices.Delete(w.free, i, i+1)
			return found
		}
	}
	return &window{bytes: make([]byte, n)}
}

// hold notes that a packet of the batch lies in the window being read into.
func (w *windows) hold(b *batch) {
	if !w.held && w.now != nil {
		w.held = true
		w.now.users++
		b.windows = append(b.windows, w.now)
	}
}

// begin makes a batch that has been round ready to be filled: it gives up what
// it has held.
func (w *windows) begin(b *batch) {
	for _, held := range b.windows {
		if held.users--; held.users == 0 && held != w.now {
			w.free = append(w.free, held)
		}
	}
	b.windows, w.held = b.windows[:0], false
}
