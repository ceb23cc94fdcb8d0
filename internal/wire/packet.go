package wire

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Offsets in the header of TCP (RFC 9293 §3.1), in bytes: what the cable changes in
// packets, and what it makes them of. It reads them with package decode.
const (
	tcpHeader   = 20
	tcpSeq      = 4
	tcpAck      = 8
	tcpOffset   = 12
	tcpFlags    = 13
	tcpWindow   = 14
	tcpSum      = 16
	protocolTCP = 6
)

var be = binary.BigEndian

// Segment is a TCP segment to be made.
type Segment struct {
	From, To netip.AddrPort
	Seq, Ack uint32
	Flags    decode.Flags
	Window   uint16
	Options  []byte // a multiple of four bytes
	Payload  []byte
}

// Trap makes the cable forge a segment when another one passes.
type Trap struct {
	From  End                        // whose segment sets it off
	Is    func(*decode.Segment) bool // and which
	As    End                        // from whose address the forged one comes
	After time.Duration
	Make  func(*decode.Segment) Segment // of what has set it off
	Why   string                        // what the forged one is

	sprung bool
}

// Packet makes the segment as a packet of its addresses' version of IP, with right
// checksums.
func (s *Segment) Packet() []byte {
	head := tcpHeader + len(s.Options)
	tcp := make([]byte, head, head+len(s.Payload))
	be.PutUint16(tcp, s.From.Port())
	be.PutUint16(tcp[2:], s.To.Port())
	be.PutUint32(tcp[tcpSeq:], s.Seq)
	be.PutUint32(tcp[tcpAck:], s.Ack)
	tcp[tcpOffset] = byte(head/4) << 4
	tcp[tcpFlags] = byte(s.Flags)
	be.PutUint16(tcp[tcpWindow:], s.Window)
	copy(tcp[tcpHeader:], s.Options)
	p := ipPacket(s.From.Addr(), s.To.Addr(), protocolTCP, append(tcp, s.Payload...))
	sumTCP(p)
	return p
}

// reset is the RST with which a host answers a segment for which it has no
// connection (RFC 9293 §3.10.7.1).
func reset(s *decode.Segment) []byte {
	answer := Segment{From: netip.AddrPortFrom(s.Dst, s.DstPort), To: netip.AddrPortFrom(s.Src, s.SrcPort), Flags: decode.RST | decode.ACK}
	if s.Flags.Has(decode.ACK) {
		answer.Seq, answer.Flags = s.Ack, decode.RST
		return answer.Packet()
	}
	answer.Ack = s.Seq + uint32(s.PayloadLen)
	if s.Flags.Has(decode.SYN) {
		answer.Ack++
	}
	return answer.Packet()
}

// sumTCP fills in the checksum of the segment (RFC 9293 §3.1), over the pseudo-header
// too.
func sumTCP(p []byte) {
	tcp := p[headerSize(p):]
	be.PutUint16(tcp[tcpSum:], 0)
	be.PutUint16(tcp[tcpSum:], ^onesSum(uint32(pseudoSum(p, protocolTCP, len(tcp))), tcp))
}

// onesSum is the ones' complement sum of RFC 1071.
func onesSum(sum uint32, data []byte) uint16 {
	for len(data) >= 2 {
		sum += uint32(be.Uint16(data))
		data = data[2:]
	}
	if len(data) == 1 {
		sum += uint32(data[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}

// corrupted is a packet with one bit of its last byte turned over, its checksum as
// it was.
func corrupted(p []byte) []byte {
	changed := slices.Clone(p)
	changed[len(changed)-1] ^= 1
	return changed
}

// clamped is a SYN with another MSS; nil where it names none.
func clamped(p []byte, mss uint16) []byte {
	changed := slices.Clone(p)
	begin := headerSize(p)
	for at := begin + tcpHeader; at+1 < begin+int(changed[begin+tcpOffset]>>4)*4; {
		kind, size := changed[at], int(changed[at+1])
		switch {
		case kind == 1:
			at++
			continue
		case kind == 0 || size < 2:
			return nil
		case kind == 2 && size == 4:
			be.PutUint16(changed[at+2:], mss)
			sumTCP(changed)
			return changed
		}
		at += size
	}
	return nil
}

// reader reads the packets that pass.
type reader struct {
	decoder *decode.Decoder
	packet  capture.Packet
	segment decode.Segment
}

func newReader() *reader { return &reader{decoder: decode.New()} }

// read reads an IP packet; nil where it holds no segment. What it returns is valid
// until the next call, and points into the packet.
func (r *reader) read(data []byte) *decode.Segment {
	r.packet = capture.Packet{Number: 1, Link: capture.LinkRaw, FCS: -1, Length: len(data), Data: data}
	if r.decoder.Decode(&r.packet, &r.segment).Kind != decode.TCP {
		return nil
	}
	return &r.segment
}
