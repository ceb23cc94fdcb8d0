package decode

import (
	"container/list"
	"net/netip"
	"slices"
)

// Bounds of what is kept of fragments that wait for the others. The oldest
// datagram goes first.
const (
	maxFragmentBytes = 4 << 20 // over all datagrams, with pieceCost for each piece
	maxDatagram      = 1 << 16 // bytes of one datagram put together (RFC 791 §3.1)
	maxPieces        = maxDatagram / 8
	pieceCost        = 64 // bytes that keeping a piece costs besides its data
)

// fragmentKey is what the fragments of one datagram have in common (RFC 791
// §3.2, RFC 8200 §4.5), and the VLAN, since the same datagram may be seen in
// two.
type fragmentKey struct {
	src, dst netip.Addr
	id       uint32
	number   uint16 // protocol
	vlan     uint16
}

// piece is a fragment as the IP layer describes it.
type piece struct {
	key   fragmentKey
	at    int  // offset in the datagram, bytes
	more  bool // others follow behind it
	whole bool // all of its bytes were captured
}

// fragments are the datagrams that wait for pieces.
type fragments struct {
	open  map[fragmentKey]*datagram
	order list.List // of *datagram, oldest first
	bytes int
}

// datagram is what was seen of one datagram.
type datagram struct {
	key    fragmentKey
	parts  []part // by offset; the earlier seen first among equals
	total  int    // bytes, known from the last piece; -1 before
	joined int    // parts from the front without a gap …
	end    int    // … reach up to here
	bytes  int    // what it costs
	place  *list.Element
}

type part struct {
	at   int
	data []byte
}

// fragment takes the fragment that the walk stands in. The walk goes on in the
// datagram put together where this piece was the last that was missing.
func (w *walk) fragment(p piece) {
	if w.next != layerProtocol {
		return // the header itself did not fit
	}
	if !p.whole || w.quoting {
		if p.at > 0 || w.s.IPVersion == 6 && !w.quoting {
			w.end()
			return
		}
		w.excerpt = true // IPv4's first fragment with nothing to join: its header still tells ports and numbers
		return
	}
	data := w.d.fragments.add(p, w.b)
	if data == nil {
		w.end()
		return
	}
	w.d.unpacking.made += len(data)
	w.b, w.n = data, len(data)
	w.excerpt = false
	w.s.Fragmented = true
}

// add keeps a copy of the piece and returns the datagram's data where it is
// complete.
func (f *fragments) add(p piece, data []byte) []byte {
	if p.at+len(data) > maxDatagram {
		return nil
	}
	if f.open == nil {
		f.open = make(map[fragmentKey]*datagram)
	}
	d := f.open[p.key]
	if d == nil {
		d = &datagram{key: p.key, total: -1}
		f.open[p.key] = d
		d.place = f.order.PushBack(d)
	}
	if len(d.parts) >= maxPieces {
		return nil
	}
	cost := len(data) + pieceCost
	d.bytes += cost
	f.bytes += cost
	d.insert(part{p.at, slices.Clone(data)})
	if !p.more && d.total < 0 {
		d.total = p.at + len(data)
	}
	if d.total >= 0 && d.end >= d.total {
		f.close(d)
		return d.join()
	}
	for f.bytes > maxFragmentBytes {
		f.close(f.order.Front().Value.(*datagram))
	}
	return nil
}

// insert puts a part in its place and moves the gapless front on.
func (d *datagram) insert(p part) {
	i, _ := slices.BinarySearchFunc(d.parts, p.at+1, func(q part, at int) int { return q.at - at })
	d.parts = slices.Insert(d.parts, i, p)
	if i <= d.joined && p.at <= d.end {
		d.joined++
		d.end = max(d.end, p.at+len(p.data))
	}
	for d.joined < len(d.parts) && d.parts[d.joined].at <= d.end {
		q := d.parts[d.joined]
		d.end = max(d.end, q.at+len(q.data))
		d.joined++
	}
}

// join copies the parts together; where they overlap, the one in front wins,
// as in Wireshark.
func (d *datagram) join() []byte {
	data := make([]byte, 0, d.total)
	for _, p := range d.parts {
		if from := len(data) - p.at; from >= 0 && from < len(p.data) {
			data = append(data, p.data[from:]...)
		}
	}
	return data[:d.total]
}

// close forgets the datagram: it is complete, or there is no room for it.
func (f *fragments) close(d *datagram) {
	delete(f.open, d.key)
	f.order.Remove(d.place)
	f.bytes -= d.bytes
}
