package decode

import "slices"

// What may be unpacked of one capture. A datagram has no more than 64 KiB,
// however many layers are packed into one another; and what a whole capture is
// unpacked to stands in proportion to its size, so that reading it takes no
// longer than reading another one.
const (
	maxUnpacked   = 1<<16 - 1 // bytes of one frame, over all its layers (RFC 791 §3.1)
	unpackedFirst = 16 << 20  // bytes that any capture may be unpacked to
	unpackedShare = 4         // and so many more for each byte that was captured
)

// unpacking is the account of what a decoder has unpacked.
type unpacking struct {
	work    int    // that may still be done, in bytes that come out
	left    int    // bytes that this frame may still be unpacked to
	made    int    // bytes that were made for this frame: unpacked, or put together
	scratch []byte // what comes out first; what stays is copied, at its own size
}

// begin makes the account that of the next frame.
func (u *unpacking) begin(captured int) {
	u.left, u.made = maxUnpacked, 0
	if most := unpackedFirst << 4; u.work < most { // a long capture must not save up for a burst
		u.work += unpackedShare * captured
	}
}

// Made is how many bytes of memory the last packet's segment holds on to beside
// the packet's own: what was unpacked, and datagrams put together.
func (d *Decoder) Made() int { return d.unpacking.made }

// compressed inflates an IPComp payload (RFC 3173 §3). Its method is known to
// the two ends only, so DEFLATE (RFC 2394) is tried, as Wireshark does; what
// comes out before it fails is what there is.
func (w *walk) compressed() {
	b, u := w.b, &w.d.unpacking
	w.end()
	if len(b) < 4 {
		return
	}
	f := inflater{in: b[4:], out: u.scratch[:0], most: u.left, work: u.work}
	f.run()
	u.work, u.scratch = max(f.work, 0), f.out
	switch {
	case f.ended == inflateWork:
		w.leavePacked("left packed: what this capture is unpacked to would be out of proportion to its size")
		return
	case f.ended == inflateMost:
		w.leavePacked("left packed: it would be more than the 65,535 bytes that a datagram can have (RFC 791 §3.1)")
		return
	case len(f.out) == 0:
		return
	}
	data := slices.Clone(f.out)
	u.left -= len(data)
	u.made += len(data)
	w.guessed = true
	w.b, w.n = data, len(data)
	w.next, w.number = layerProtocol, uint16(b[0])
}

// leavePacked ends the walk with a packet that is said to be left out, whatever
// led to it.
func (w *walk) leavePacked(reason string) {
	w.next = layerDone
	w.result = Result{Kind: Undecoded, Problem: &Problem{Layer: "IPComp", Bit: -1, Reason: reason}, LeftPacked: true}
}
