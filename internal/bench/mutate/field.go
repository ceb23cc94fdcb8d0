package main

import "encoding/binary"

// Link types worth a try: those that the decoder knows, and some it does not.
var links = []uint16{0, 1, 6, 7, 8, 9, 10, 12, 14, 50, 51, 101, 104, 105, 107, 108, 109, 113, 119, 127, 129, 144, 147, 163,
	192, 195, 204, 220, 226, 228, 229, 239, 242, 249, 253, 257, 265, 276, 0x7fff, 0xffff}

// headField changes the file header, or the section's and the interfaces'.
func (w *work) headField() {
	if !w.ng {
		if len(w.head) < 24 {
			return
		}
		if w.IntN(2) == 0 {
			link := links[w.IntN(len(links))]
			w.order.PutUint32(w.head[20:], uint32(link))
			w.tell("link type %d", link)
			return
		}
		w.tell("in the file header")
		w.extreme(w.head, []int{0, 4, 6, 8, 12, 16, 20}[w.IntN(7)])
		return
	}
	for try := range 8 { // interfaces stand in front
		i := w.IntN(min(len(w.parts), 1+try*2))
		p := w.parts[i]
		if len(p) < 20 || w.order.Uint32(p) != 1 && w.order.Uint32(p) != 0x0a0d0d0a {
			continue
		}
		p = w.writable(i)
		if w.order.Uint32(p) == 1 && w.IntN(2) == 0 {
			link := links[w.IntN(len(links))]
			w.order.PutUint16(p[8:], link)
			w.tell("link type %d", link)
			return
		}
		w.tell("in part %d", i)
		w.extreme(p, w.field(p))
		return
	}
}

// partField sets a length, a time or another field of a record to an extreme.
func (w *work) partField() {
	i := w.IntN(len(w.parts))
	p := w.writable(i)
	if len(p) < 12 {
		return
	}
	w.tell("in part %d", i)
	if !w.ng {
		w.extreme(p, 4*w.IntN(4))
		return
	}
	w.extreme(p, w.field(p))
}

// field is where a field of a pcapng block stands: in front, at the end, or
// the code or length of an option.
func (w *work) field(p []byte) int {
	switch w.IntN(4) {
	case 0:
		return 4
	case 1:
		return len(p) - 4
	case 2:
		return 8 + 4*w.IntN(5)
	}
	at := 28
	switch w.order.Uint32(p) {
	case 1:
		at = 16
	case 0x0a0d0d0a:
		at = 24
	case 6, 2:
		if len(p) > 28 {
			at = 28 + int(w.order.Uint32(p[20:])+3)&^3
		}
	}
	for n := w.IntN(4); n > 0 && at+4 < len(p); n-- {
		at += 4 + int(w.order.Uint16(p[at+2:])+3)&^3
	}
	return at + 2*w.IntN(2)
}

// packet changes what a record holds: its frame, its headers, their lengths.
func (w *work) packet() {
	i := w.IntN(len(w.parts))
	from := 16
	if w.ng {
		from = 28
	}
	if len(w.parts[i]) <= from+4 {
		return
	}
	p := w.writable(i)[from:]
	w.tell("in the packet of part %d", i)
	order := w.order
	w.order = binary.BigEndian // the network's
	defer func() { w.order = order }()
	switch w.IntN(4) {
	case 0:
		w.extreme(p, w.IntN(min(len(p), 120)))
	case 1:
		for range 1 + w.IntN(8) {
			p[w.IntN(len(p))] ^= 1 << w.IntN(8)
		}
		w.tell("bits flipped")
	case 2:
		n := w.IntN(len(p))
		for at := w.IntN(len(p)); at < len(p) && n > 0; at, n = at+1, n-1 {
			p[at] = byte(w.Uint32())
		}
		w.tell("bytes at random")
	default:
		w.header(p)
	}
}

// header sets a field of an IP or TCP header to an extreme.
func (w *work) header(p []byte) {
	at := findIP(p, w.IntN(3))
	if at < 0 {
		w.extreme(p, w.IntN(min(len(p), 120)))
		return
	}
	ip, tcp := p[at:], 40
	if ip[0]>>4 == 4 {
		tcp = int(ip[0]&15) * 4
	}
	if w.IntN(2) == 0 || tcp+20 > len(ip) {
		where := []int{0, 1, 2, 4, 6, 6, 8, 9}[w.IntN(8)] // lengths, fragment offset, protocol
		if where == 0 {
			ip[0] = ip[0]&0xf0 | byte(w.IntN(16))
			w.tell("header length %d", ip[0]&15)
			return
		}
		w.extreme(ip, where)
		return
	}
	t := ip[tcp:]
	switch w.IntN(4) {
	case 0:
		t[12] = byte(w.IntN(16))<<4 | t[12]&15
		w.tell("data offset %d", t[12]>>4)
	case 1:
		t[13] = byte(w.Uint32())
		w.tell("flags %#x", t[13])
	case 2:
		w.extreme(t, []int{0, 2, 4, 8, 14, 16, 18}[w.IntN(7)])
	default:
		for at := 20; at < min(len(t), 60); at += 1 + w.IntN(4) {
			t[at] = []byte{0, 1, 2, 3, 4, 5, 8, 10, 12, 19, 30, 34, 254, 255}[w.IntN(14)]
		}
		w.tell("options at random")
	}
}

// findIP finds what looks like the nth IP header of a frame; -1 for none.
func findIP(p []byte, nth int) int {
	found := -1
	for at := 0; at+40 <= len(p) && at < 160; at++ {
		v4 := p[at]>>4 == 4 && p[at]&15 >= 5 && int(binary.BigEndian.Uint16(p[at+2:])) <= len(p)-at+4 && p[at+2] < 8
		v6 := p[at]>>4 == 6 && int(binary.BigEndian.Uint16(p[at+4:])) <= len(p)-at
		if v4 && p[at+8] > 0 || v6 && p[at+1] == 0 && p[at+7] > 0 {
			found = at
			if nth--; nth < 0 {
				return found
			}
		}
	}
	return found
}
