package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
)

// work is a capture being mutated.
type work struct {
	*rand.Rand
	original
	captures []*original
	told     []string
}

func (w *work) join() []byte { return append(bytes.Clone(w.head), bytes.Join(w.parts, nil)...) }

func (w *work) tell(format string, args ...any) {
	w.told = append(w.told, fmt.Sprintf(format, args...))
}

// change makes one change. Parts are shared with the original, so a part is
// copied before it is written to.
func (w *work) change() {
	if len(w.parts) == 0 || w.order == nil && w.IntN(4) > 0 {
		if data := w.join(); len(data) > 0 {
			w.head, w.parts = nil, [][]byte{w.bytes(data)}
		}
		return
	}
	switch w.IntN(10) {
	case 0:
		w.cutParts()
	case 1:
		w.splice()
	case 2:
		i, j := w.IntN(len(w.parts)), w.IntN(len(w.parts))
		w.parts[i], w.parts[j] = w.parts[j], w.parts[i]
		w.tell("parts %d and %d swapped", i, j)
	case 3:
		i, times := w.IntN(len(w.parts)), 1<<w.IntN(8)
		w.parts = slices.Insert(w.parts, i, slices.Repeat([][]byte{w.parts[i]}, times)...)
		w.tell("part %d %d times more", i, times)
	case 4:
		w.headField()
	case 5, 6:
		w.partField()
	default:
		w.packet()
	}
}

// cutParts ends the capture within a part, or takes some out.
func (w *work) cutParts() {
	i := w.IntN(len(w.parts))
	if w.IntN(2) == 0 {
		n := w.IntN(len(w.parts[i]) + 1)
		w.parts = append(w.parts[:i:i], w.parts[i][:n])
		w.tell("cut at byte %d of part %d", n, i)
		return
	}
	j := i + w.IntN(min(len(w.parts)-i, 8)+1)
	w.parts = slices.Delete(w.parts, i, j)
	w.tell("parts %d to %d taken out", i, j)
}

// splice puts parts of another capture in, whatever its format.
func (w *work) splice() {
	o := w.captures[w.IntN(len(w.captures))]
	i, from := w.IntN(len(w.parts)+1), w.IntN(len(o.parts))
	to := from + 1 + w.IntN(min(len(o.parts)-from, 64))
	w.parts = slices.Insert(w.parts, i, o.parts[from:to]...)
	w.tell("parts %d to %d of %s put in before part %d", from, to, o.name, i)
}

// writable gives part i a copy of its own.
func (w *work) writable(i int) []byte {
	w.parts[i] = bytes.Clone(w.parts[i])
	return w.parts[i]
}

// bytes changes a capture without regard to its format.
func (w *work) bytes(data []byte) []byte {
	data = bytes.Clone(data)
	at := w.IntN(len(data))
	switch w.IntN(5) {
	case 0:
		w.tell("cut at byte %d", at)
		return data[:at]
	case 1:
		n := 1 + w.IntN(32)
		for range n {
			data[w.IntN(len(data))] ^= 1 << w.IntN(8)
		}
		w.tell("%d bits flipped", n)
	case 2:
		w.extreme(data, at)
	case 3:
		n := min(1+w.IntN(64), len(data)-at)
		for i := range n {
			data[at+i] = byte(w.Uint32())
		}
		w.tell("%d bytes at random from byte %d on", n, at)
	default:
		n := min(1+w.IntN(256), len(data)-at)
		data = slices.Insert(data, w.IntN(len(data)), bytes.Clone(data[at:at+n])...)
		w.tell("%d bytes of byte %d doubled", n, at)
	}
	return data
}

// extremes are values that lengths, offsets and numbers stumble over.
var extremes = []uint64{0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 16, 19, 20, 28, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff,
	262143, 262144, 262145, 1 << 24, 1<<24 + 4, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffc, 0xffffffff}

// extreme writes an extreme value of one to eight bytes at a place.
func (w *work) extreme(b []byte, at int) {
	if at >= len(b) {
		return
	}
	v := extremes[w.IntN(len(extremes))]
	size := min(1<<w.IntN(4), len(b)-at)
	if size == 8 && w.IntN(2) == 0 {
		v = v<<32 | v
	}
	order := w.order
	for i := range size {
		shift := 8 * i
		if order == nil || order.String() == "BigEndian" {
			shift = 8 * (size - 1 - i)
		}
		b[at+i] = byte(v >> shift)
	}
	w.tell("%d bytes at %d set to %#x", size, at, v)
}
