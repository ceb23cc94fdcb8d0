package conversation

// table finds the latest conversation between two sockets. It is looked up
// for every segment: open addressing with the hash beside the pointer takes
// half the time of a Go map, whose keys would stand here a second time.
type table struct {
	slots []slot // a power of two; linear probing
	count int
}

type slot struct {
	hash uint32
	c    *Conversation // nil: free
}

const tableSize = 1 << 8 // slots at first

func newTable() table {
	return table{slots: make([]slot, tableSize)}
}

// find returns the conversation between a pair of sockets, nil where there is
// none.
func (t *table) find(p *Pair) *Conversation {
	mask := uint32(len(t.slots) - 1)
	for i := p.hash & mask; ; i = (i + 1) & mask {
		at := &t.slots[i]
		if at.c == nil {
			return nil
		}
		if at.hash == p.hash && at.c.pair.is(p) {
			return at.c
		}
	}
}

// put enters c as the conversation of a pair that has none.
func (t *table) put(p *Pair, c *Conversation) {
	c.pair = *p
	if 4*t.count >= 3*len(t.slots) {
		t.grow()
	}
	t.insert(slot{p.hash, c})
	t.count++
}

func (t *table) insert(s slot) {
	mask := uint32(len(t.slots) - 1)
	i := s.hash & mask
	for t.slots[i].c != nil {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.c != nil {
			t.insert(s)
		}
	}
}

// drop removes c and closes the gap it leaves. It reports whether c was entered.
func (t *table) drop(c *Conversation) bool {
	mask := uint32(len(t.slots) - 1)
	i := c.pair.hash & mask
	for t.slots[i].c != c {
		if t.slots[i].c == nil {
			return false
		}
		i = (i + 1) & mask
	}
	t.count--
	for next := (i + 1) & mask; t.slots[next].c != nil; next = (next + 1) & mask {
		if (next-t.slots[next].hash)&mask >= (next-i)&mask { // its own place is at i or before
			t.slots[i] = t.slots[next]
			i = next
		}
	}
	t.slots[i] = slot{}
	return true
}
