package conversation

import (
	"math/bits"
	"math/rand/v2"
)

// table finds the latest conversation between two sockets. It is looked up
// for every segment: open addressing with the hash beside the pointer takes
// half the time of a Go map, whose keys would stand here a second time.
type table struct {
	seed  [2]uint64 // random, so that no capture can be made to collide
	slots []slot    // a power of two; linear probing
	count int
}

type slot struct {
	hash uint32
	c    *Conversation // nil: free
}

const tableSize = 1 << 8 // slots at first

func newTable() table {
	return table{seed: [2]uint64{rand.Uint64(), rand.Uint64()}, slots: make([]slot, tableSize)}
}

// key names a pair of sockets, whoever speaks: the smaller socket stands
// first. An IPv4 pair fits the first two words.
type key struct {
	a, b   uint64    // IPv4: address << 16 | port; IPv6: the high halves of the addresses
	lo     [2]uint64 // IPv6: the low halves
	ports  uint32    // IPv6
	family uint8     // 4 or 6
}

// is compares word by word: the compiler would call memequal.
func (k *key) is(other *key) bool {
	return k.a == other.a && k.b == other.b && k.family == other.family &&
		(k.family == 4 || k.lo == other.lo && k.ports == other.ports)
}

func (t *table) hash(k *key) uint32 {
	hi, lo := bits.Mul64(k.a^t.seed[0], k.b^t.seed[1])
	h := hi ^ lo
	if k.family != 4 {
		hi, lo = bits.Mul64(k.lo[0]^h, k.lo[1]^uint64(k.ports)^t.seed[0])
		h = hi ^ lo
	}
	return uint32(h>>32) ^ uint32(h)
}

// find returns the conversation under a key, nil where there is none.
func (t *table) find(k *key) *Conversation {
	hash := t.hash(k)
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		at := &t.slots[i]
		if at.c == nil {
			return nil
		}
		if at.hash == hash && at.c.key.is(k) {
			return at.c
		}
	}
}

// put enters c under k, in the place of an earlier conversation with that key.
func (t *table) put(k *key, c *Conversation) {
	c.key = *k
	if 4*t.count >= 3*len(t.slots) {
		t.grow()
	}
	t.insert(slot{t.hash(k), c})
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

// drop removes c where it is entered, and closes the gap it leaves.
func (t *table) drop(c *Conversation) {
	mask := uint32(len(t.slots) - 1)
	i := t.hash(&c.key) & mask
	for t.slots[i].c != c {
		if t.slots[i].c == nil {
			return
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
}
