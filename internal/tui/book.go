// Package tui is the story on a full screen, stepped through by its viewer: the
// ladder, the header of the chosen segment, what it means, and where both ends are.
// What it shows is told by internal/view and drawn by internal/format/text.
package tui

import (
	"sync"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// How much is kept of a story: moments, and bytes of what was captured with them.
const (
	mostMoments = 10_000
	mostBytes   = 16 << 20
)

// book keeps the moments of a story for its viewer, who may be anywhere in it.
type book struct {
	mu      sync.Mutex
	moments []timeline.Moment
	bytes   int
	left    int    // moments that were left out, as there were too many
	over    bool   // there will be no more
	said    string // a message that is still to be shown
	changed chan struct{}
}

func newBook() *book { return &book{changed: make(chan struct{}, 1)} }

// add keeps a moment, as long as there is room.
func (b *book) add(m *timeline.Moment) {
	b.mu.Lock()
	size := 0
	if m.Event != nil {
		size = len(m.Event.Segment.Payload)
	}
	if m.Call != nil {
		size = len(m.Call.Data)
	}
	if b.left > 0 || len(b.moments) == mostMoments || b.bytes+size > mostBytes {
		b.left++
	} else {
		b.bytes += size
		b.moments = append(b.moments, timeline.Keep(*m))
	}
	b.mu.Unlock()
	b.tell()
}

// finish says that there will be no more.
func (b *book) finish() {
	b.mu.Lock()
	b.over = true
	b.mu.Unlock()
	b.tell()
}

func (b *book) tell() {
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// news are the moments from one on, how many were left out, and whether there will
// be more.
func (b *book) news(from int) (moments []timeline.Moment, left int, over bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.moments[from:len(b.moments):len(b.moments)], b.left, b.over
}

// message is what is still to be shown of messages; "" for none.
func (b *book) message() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = ""
	return said
}
