package decode

import "encoding/binary"

// sflow looks through the samples of an sFlow datagram, version 5
// (https://sflow.org/sflow_version_5.txt), for the first that holds a TCP
// header. A sample says nothing of the segments before and behind it.
func (w *walk) sflow() {
	const flowSample, expandedSample = 1, 3
	b := w.b
	w.end()
	if w.excerpt || len(b) < 8 || binary.BigEndian.Uint32(b) != 5 {
		return
	}
	at := 8 + 4
	if binary.BigEndian.Uint32(b[4:]) == 2 {
		at = 8 + 16
	}
	at += 16 // agent, sequence, uptime, count
	for at+8 <= len(b) && w.result.Kind == Other {
		kind, size := binary.BigEndian.Uint32(b[at:]), length32(b[at+4:])
		at += 8
		if size > len(b)-at {
			size = len(b) - at // cut by the capture
		}
		switch kind {
		case flowSample:
			w.sample(b[at:at+size], 28)
		case expandedSample:
			w.sample(b[at:at+size], 40)
		}
		at += size
	}
}

// sample looks through the records of one sample, which begin behind counts.
func (w *walk) sample(b []byte, counts int) {
	const rawHeader = 1
	for at := counts + 4; at+8 <= len(b) && w.result.Kind == Other; {
		kind, size := binary.BigEndian.Uint32(b[at:]), length32(b[at+4:])
		at += 8
		size = min(size, len(b)-at)
		if kind == rawHeader && size >= 16 {
			w.sampled(b[at : at+size])
		}
		at += size
	}
}

// sampled reads the frame inside a record: its protocol, the length it had,
// bytes stripped, and the bytes that were kept.
func (w *walk) sampled(b []byte) {
	const ethernet, ppp, ipv4, ipv6, mpls = 1, 7, 11, 12, 13
	frame, kept := length32(b[4:]), length32(b[12:])
	data := b[16:]
	data = data[:min(kept, len(data))]
	inner := walk{d: w.d, s: w.s, b: data, n: max(frame, len(data)), guessed: true, excerpt: true, quoting: true}
	switch binary.BigEndian.Uint32(b) {
	case ethernet:
		inner.next = layerEthernet
	case ppp:
		inner.next = layerPPP
	case ipv4:
		inner.next = layerIPv4
	case ipv6:
		inner.next = layerIPv6
	case mpls:
		inner.next = layerMPLS
	default:
		return
	}
	if r := inner.run(); r.Kind == TCP {
		w.result = r
	}
}
