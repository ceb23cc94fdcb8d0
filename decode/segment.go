package decode

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Segment is one TCP segment with what stood around it. It is filled by
// Decoder.Decode and may be reused; its byte slices point into the packet's
// data and are valid as long as that is.
type Segment struct {
	// What conversations are made of stands together in front.
	Number           int          // frame number
	Time             capture.Time // when it was captured
	Length           int          // frame.len: bytes on the wire
	PayloadLen       int          // tcp.len: payload bytes by the lengths in the headers, captured or not
	Seq, Ack         uint32       // as in the header
	SrcPort, DstPort uint16
	Flags            Flags // twelve bits, 100-111
	Window           uint16
	Header           []byte // the TCP header with its options as far as captured, at most HeaderLen bytes
	HeaderLen        int    // bytes, from the data offset
	Payload          []byte // the payload as far as captured

	// Excerpt marks a segment whose length nothing tells: a sample that a
	// switch took (sFlow), the first fragment of a datagram that was not
	// captured whole, or a header longer than its segment. PayloadLen is 0 and
	// means nothing; Wireshark keeps such a segment out of its sequence
	// analysis and shows absolute numbers.
	Excerpt    bool
	Bare       bool // nothing stands around its IP packet, and no extension header in it: where a filter of pcap-filter(7) looks for TCP
	Fragmented bool // put together from IP fragments; this frame holds the last of them
	whole      bool // all of header and payload was captured, for the checksum

	Checksum uint16
	Urgent   uint16
	Options  Options  // read in one pass; the list itself is in Options.All
	Problem  *Problem // why the header or its options do not decode fully; nil where all is well

	Src, Dst  netip.Addr  // of the IP layer right below TCP (with IPv4 source routing: the final hop; see Final)
	final     *netip.Addr // where an IPv6 routing header leads to; nil where there is none
	IPVersion uint8       // 4 or 6
	TTL       uint8       // time to live or hop limit
	ECN       uint8       // the two ECN bits of the IP header (RFC 3168 §5)
	IPHeader  uint8       // bytes of the IP header, without IPv6's extension headers
	ID        uint16      // IPv4's identification: what its sender numbers packets by; 0 with IPv6
	IPLength  uint16      // IPv4's total length, IPv6's payload length, as in the header

	Captured int    // bytes captured
	Iface    int    // index of the interface in the capture
	Comment  string // the packet's comment in the capture
}

// Final is where the segment goes in the end: Dst, except where an IPv6
// routing header names a destination behind it (RFC 8200 §4.4). Conversations
// are told apart by it, and the checksum is over it (RFC 8200 §8.1); Dst is
// what Wireshark shows as ipv6.dst.
func (s *Segment) Final() netip.Addr {
	if s.final != nil {
		return *s.final
	}
	return s.Dst
}

// Cut reports whether fewer than 20 bytes of the header were captured; fields that
// lie beyond len(Header) are zero and mean nothing.
func (s *Segment) Cut() bool { return len(s.Header) < headerBytes }

// Stunted reports whether the data offset is below 5 words, so that the header
// would end before its own last field. Like Wireshark, believe nothing of it
// but ports, sequence number and HeaderLen; PayloadLen counts from there.
func (s *Segment) Stunted() bool { return s.HeaderLen < headerBytes }

// Sum is what a checksum says about its segment.
type Sum uint8

// Verdicts over a checksum (RFC 9293 §3.1).
const (
	SumUnchecked Sum = iota // not all bytes were captured, or a fragment
	SumGood
	SumPartial // only the pseudo-header's sum: the device was to complete it (offload), as on loopback
	SumBad
)

// String returns unchecked, good, partial or bad.
func (s Sum) String() string { return [...]string{"unchecked", "good", "partial", "bad"}[s&3] }

// Problem says why something does not decode, and where.
type Problem struct {
	Layer  string // "TCP", "TCP option", "IPv4", "IPv6", "Ethernet", …
	Bit    int    // bits from the first bit of that layer's header; -1 where no single place is at fault
	Reason string // "3 words, the minimum is 5 (RFC 9293 §3.1)"
}

// Kind is what Decode found in a packet.
type Kind uint8

// What a packet can turn out to be.
const (
	Other     Kind = iota // well formed, or unknown, and no TCP in it: UDP, ARP, a first fragment, …
	TCP                   // a segment
	Quoted                // an ICMP error that quotes a TCP segment; Segment holds the quoted header
	Undecoded             // was to hold TCP or IP and could not be read; Problem says why
	Foreign               // of a link type that there is no decoder for: what it holds is not known
)

// Result is what Decode made of one packet.
type Result struct {
	Kind    Kind
	Problem *Problem // with Undecoded
	Quote   *Quote   // with Quoted

	LeftPacked bool // with Undecoded: nothing is wrong, but unpacking it would cost more than a packet may
}

// Quote is the ICMP error around a quoted segment.
type Quote struct {
	Src, Dst   netip.Addr // of the ICMP message: who complains, and to whom
	Type, Code uint8
	Version    uint8  // 4: ICMP, 6: ICMPv6
	MTU        int    // next-hop MTU of "fragmentation needed" (3/4) and "packet too big" (2/0); 0 elsewhere
	Text       string // "destination unreachable: port unreachable"
}
