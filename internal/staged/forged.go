package staged

import (
	"net/netip"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

const flagSYN = decode.SYN

// sameAs is a segment to be made that says what another one has said.
func sameAs(s *decode.Segment) wire.Segment {
	return wire.Segment{From: netip.AddrPortFrom(s.Src, s.SrcPort), To: netip.AddrPortFrom(s.Dst, s.DstPort),
		Seq: s.Seq, Ack: s.Ack, Flags: s.Flags, Window: s.Window, Options: slices.Clone(s.Options.Raw)}
}

// answerTo is a SYN+ACK to a SYN, with an initial number and an acknowledgment.
func answerTo(syn *decode.Segment, seq, ack uint32) wire.Segment {
	return wire.Segment{From: netip.AddrPortFrom(syn.Dst, syn.DstPort), To: netip.AddrPortFrom(syn.Src, syn.SrcPort),
		Seq: seq, Ack: ack, Flags: decode.SYN | decode.ACK, Window: 65535}
}

// fromNobody is the i-th source of a flood against somebody: an address set apart for
// documentation (RFC 5737, RFC 3849) at which nobody is, and a port that no kernel
// gives of its own accord.
func fromNobody(i int, against netip.AddrPort) netip.AddrPort {
	addr := netip.AddrFrom4([4]byte{203, 0, 113, byte(100 + i)})
	if against.Addr().Is6() {
		addr = netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 4, 15: byte(100 + i)})
	}
	return netip.AddrPortFrom(addr, uint16(61100+i))
}
