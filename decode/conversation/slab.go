package conversation

import (
	"unsafe"
)

// So many conversations are allocated together: few at first.
const (
	slabLeast = 16
	slabMost  = 2 << 20 / int(unsafe.Sizeof(Conversation{}))
)

// fresh returns a conversation that was never used. Nothing is read of it
// first: memory that is read before it is written costs two page faults, and
// the second one stops every processor.
func (t *Tracker) fresh() *Conversation {
	if len(t.slab) == 0 {
		t.slab = make([]Conversation, min(max(slabLeast, t.streams), slabMost))
	}
	c := &t.slab[0]
	t.slab = t.slab[1:]
	return c
}
