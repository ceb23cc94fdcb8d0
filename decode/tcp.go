package decode

import (
	"encoding/binary"
	"fmt"
)

// Where the fields stand, in bytes; made of the table's offsets.
const (
	srcPortByte    = srcPortOffset / 8
	dstPortByte    = dstPortOffset / 8
	seqByte        = seqOffset / 8
	ackByte        = ackOffset / 8
	dataOffsetByte = dataOffsetOffset / 8
	windowByte     = windowOffset / 8
	checksumByte   = checksumOffset / 8
	urgentByte     = urgentOffset / 8

	flagsMask = 1<<(windowOffset-reservedOffset) - 1 // bits 100-111 of the word at dataOffsetByte
)

// tcp reads a TCP header: the end of every walk that gets here.
func (w *walk) tcp() {
	w.next = layerDone
	w.result.Kind = TCP
	s, b := w.s, w.b
	if len(b) < headerBytes {
		w.tcpCut()
		return
	}
	s.fixed((*[headerBytes]byte)(b))
	size := s.HeaderLen
	if size < headerBytes {
		s.Problem = &Problem{"TCP", dataOffsetOffset,
			fmt.Sprintf("data offset %d words, the minimum is 5 (RFC 9293 §3.1)", size/4)}
		s.Header = b[:headerBytes]
		s.PayloadLen = max(w.n-size, 0)
		s.Payload = b[headerBytes:]
		return
	}
	if size <= len(b) {
		s.Header, s.Payload = b[:size], b[size:]
	} else {
		s.Header = b
	}
	if size > headerBytes {
		s.Problem = s.Options.read(s.Header[headerBytes:])
	}
	if size > len(b) && !w.quoting {
		s.Problem = w.tcpTooLong(size)
	}
	if s.Excerpt = w.excerpt || w.n < size; s.Excerpt {
		return
	}
	s.PayloadLen = w.n - size
	if len(b) == w.n && !w.quoting {
		s.whole = true
	}
}

// fixed reads the fields of the first 20 bytes.
func (s *Segment) fixed(b *[headerBytes]byte) {
	word := binary.BigEndian.Uint16(b[dataOffsetByte:])
	s.SrcPort = binary.BigEndian.Uint16(b[srcPortByte:])
	s.DstPort = binary.BigEndian.Uint16(b[dstPortByte:])
	s.Seq = binary.BigEndian.Uint32(b[seqByte:])
	s.Ack = binary.BigEndian.Uint32(b[ackByte:])
	s.HeaderLen = int(word>>12) * 4
	s.Flags = Flags(word & flagsMask)
	s.Window = binary.BigEndian.Uint16(b[windowByte:])
	s.Checksum = binary.BigEndian.Uint16(b[checksumByte:])
	s.Urgent = binary.BigEndian.Uint16(b[urgentByte:])
}

// tcpTooLong says why a header does not reach the end its data offset gives.
func (w *walk) tcpTooLong(size int) *Problem {
	if w.n < size {
		return &Problem{"TCP", dataOffsetOffset,
			fmt.Sprintf("data offset %d words (%d bytes), the segment has only %d bytes", size/4, size, w.n)}
	}
	return &Problem{"TCP", 8 * len(w.b), fmt.Sprintf("header of %d bytes cut by the capture after %d", size, len(w.b))}
}

// tcpCut reads what is there of a header that is cut before its 160th bit.
func (w *walk) tcpCut() {
	s, b := w.s, w.b
	if len(b) < seqByte { // not even the ports
		w.result.Kind = Other
		w.short("TCP", headerBytes)
		return
	}
	s.Header = b
	s.Excerpt = w.excerpt
	s.SrcPort = binary.BigEndian.Uint16(b[srcPortByte:])
	s.DstPort = binary.BigEndian.Uint16(b[dstPortByte:])
	if len(b) >= ackByte {
		s.Seq = binary.BigEndian.Uint32(b[seqByte:])
	}
	if len(b) >= dataOffsetByte {
		s.Ack = binary.BigEndian.Uint32(b[ackByte:])
	}
	if len(b) >= windowByte {
		word := binary.BigEndian.Uint16(b[dataOffsetByte:])
		s.HeaderLen = int(word>>12) * 4
		s.Flags = Flags(word & flagsMask)
		s.PayloadLen = max(w.n-s.HeaderLen, 0)
		s.Excerpt = s.Excerpt || w.n < s.HeaderLen
	}
	if len(b) >= checksumByte {
		s.Window = binary.BigEndian.Uint16(b[windowByte:])
	}
	if len(b) >= urgentByte {
		s.Checksum = binary.BigEndian.Uint16(b[checksumByte:])
	}
	if w.quoting {
		return
	}
	if w.n < headerBytes {
		s.Problem = &Problem{"TCP", 8 * len(b), fmt.Sprintf("%d bytes, the minimum is %d (RFC 9293 §3.1)", w.n, headerBytes)}
		return
	}
	s.Problem = &Problem{"TCP", 8 * len(b), fmt.Sprintf("cut by the capture after %d of %d bytes", len(b), headerBytes)}
}
