package decode

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func rawPacket(data []byte) *capture.Packet {
	return &capture.Packet{Number: 1, Link: capture.LinkRaw, FCS: -1, Length: len(data), Data: data}
}

// bytesOf reads hex, with spaces and line ends for the reader.
func bytesOf(text string) []byte {
	var b []byte
	for _, word := range strings.Fields(text) {
		for ; len(word) >= 2; word = word[2:] {
			var v byte
			if _, err := fmt.Sscanf(word[:2], "%02x", &v); err != nil {
				panic(err)
			}
			b = append(b, v)
		}
	}
	return b
}

// The innermost layers that the rows below stand around.
const (
	syn = "04d2 0050  000003e8 00000000  5002 2000  0000 0000 " // 1234 → 80, seq 1000, 5 words, SYN

	ip4   = "4500 0028 0001 0000 40 06 0000  c0000201 c0000202 " // total 40, TTL 64, TCP, 192.0.2.1 → .2
	both6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 "
	ip6   = "60000000 0014 06 40 " + both6
	macs  = "020000000002 020000000001 "
	eth4  = macs + "0800 " + ip4 + syn
	snap4 = "aaaa03 000000 0800 " + ip4 + syn
	erf   = "0000000000f15365 "                                              // the time of an Endace record
	wlan4 = "0801 0000 020000000001 020000000002 020000000003 0000 " + snap4 // data, to the access point
)

// ip4of is an IPv4 header around a protocol with a payload of n bytes.
func ip4of(protocol string, n int) string {
	return fmt.Sprintf("4500 %04x 0001 0000 40 %s 0000  c6336401 c6336402 ", 20+n, protocol)
}

// udpOf is a UDP header to a port around a payload.
func udpOf(port, n int) string {
	return ip4of("11", 8+n) + fmt.Sprintf("9c40 %04x %04x 0000 ", port, 8+n)
}

func size(text string) int { return len(bytesOf(text)) }

// A row is a segment with all that stands before it in a frame.
type row struct {
	name  string
	link  capture.LinkType
	bytes string
}

func over(name, ethertypeAndMore string) row { return row{name, 1, macs + ethertypeAndMore} }

func in4(name, protocol, inner string) row {
	return row{name, 1, macs + "0800 " + ip4of(protocol, size(inner)) + inner}
}

func inUDP(name string, port int, inner string) row {
	return row{name, 1, macs + "0800 " + udpOf(port, size(inner)) + inner}
}

func TestWays(t *testing.T) {
	for _, r := range []row{
		{"Ethernet", 1, eth4},
		{"BSD loopback, little endian", 0, "02000000 " + ip4 + syn},
		{"BSD loopback, big endian", 0, "00000002 " + ip4 + syn},
		{"BSD loopback, IPv6 of Darwin", 0, "1e000000 " + ip6 + syn},
		{"OpenBSD loopback", 108, "00000002 " + ip4 + syn},
		{"raw, IPv4", 101, ip4 + syn}, {"raw, IPv6", 101, ip6 + syn},
		{"raw of BSD/OS", 12, ip4 + syn}, {"raw of OpenBSD", 14, ip4 + syn},
		{"raw IPv4", 228, ip4 + syn}, {"raw IPv6", 229, ip6 + syn},
		{"Linux cooked", 113, "0000 0001 0006 0200000000010000 0800 " + ip4 + syn},
		{"Linux cooked with LLC", 113, "0000 0001 0006 0200000000010000 0004 " + snap4},
		{"Linux cooked, version 2", 276, "0800 0000 00000001 0001 00 06 0200000000010000 " + ip4 + syn},
		{"PPP", 9, "ff03 0021 " + ip4 + syn}, {"PPP, protocol compressed", 9, "21 " + ip4 + syn},
		{"PPP, serial", 50, "ff03 0057 " + ip6 + syn},
		{"PPPoE", 51, "1100 0001 002a 0021 " + ip4 + syn},
		{"Cisco HDLC", 104, "0f00 0800 " + ip4 + syn},
		{"FDDI", 10, "50 " + macs + snap4},
		{"token ring with a route", 6, "1040 020000000002 820000000001 063000010020 " + snap4},
		{"ARCNET of BSD", 7, "0102 d4 000001 " + ip4 + syn},
		{"ARCNET of Linux", 129, "0102 0000 f0 " + ip4 + syn},
		{"netfilter log", 239, "02000000 0800 0100 08000000 2c00 0900 " + ip4 + syn},
		{"packet filter log", 117, "3d02 " + strings.Repeat("00", 62) + " " + ip4 + syn},
		{"InfiniBand", 242, strings.Repeat("00", 40) + " 0800 0000 " + ip4 + syn},
		{"Frame Relay", 107, "0441 03 cc " + ip4 + syn}, {"Frame Relay of Cisco", 107, "0441 0800 " + ip4 + syn},
		{"802.11", 105, wlan4},
		{"802.11 with radiotap and checksum", 127, "0000 0900 02000000 10 " + wlan4 + "deadbeef"},
		{"802.11 with PPI", 192, "0000 0800 69000000 " + wlan4},
		{"802.11 with AVS", 163, "80211001 00000040 " + strings.Repeat("00", 56) + " " + wlan4},
		{"PKTAP", 258, "0c000000 00000000 01000000 " + eth4},
		{"Juniper Ethernet", 178, "4d4743 00 " + eth4},
		{"ERF with an extension", 197, erf + "82 00 004e 0000 0036 0300000000000000 0000 " + eth4},
		{"ERF of color and hash", 197, erf + "14 00 0048 0000 0036 0000 " + eth4},
		{"ERF, PPP", 197, erf + "0a 00 003c 0000 002c ff03 0021 " + ip4 + syn},
		{"ERF, Cisco HDLC on a channel", 197, erf + "05 00 0040 0000 002c 00000001 0f00 0800 " + ip4 + syn},
		{"ERF, ATM", 197, erf + "04 00 0044 0000 0030 00000001 " + snap4},
		{"ERF, IPv6", 197, erf + "17 00 004c 0000 003c " + ip6 + syn},

		over("VLAN", "8100 0005 0800 "+ip4+syn),
		over("QinQ", "88a8 0005 8100 0006 0800 "+ip4+syn),
		over("QinQ of old", "9100 0005 8100 0006 0800 "+ip4+syn),
		over("IEEE 802.3 with LLC and SNAP", "0030 "+snap4),
		over("MPLS", "8847 00064040 000c8140 "+ip4+syn),
		over("MPLS pseudowire with a control word", "8847 00064140 00000000 "+eth4),
		over("PPPoE", "8864 1100 0001 002a 0021 "+ip4+syn+"0000"),
		over("provider backbone bridging", "88e7 00000005 "+eth4),
		over("FabricPath", "8903 0005 "+eth4),
		over("MACsec, not encrypted", "88e5 2000 00000001 0200000000010001 0800 "+ip4+syn+strings.Repeat("aa", 16)),
		over("IPv6", "86dd "+ip6+syn),
		over("IPv6 with hop-by-hop options", "86dd 60000000 001c 00 40 "+both6+"06 00 0104 00000000 "+syn),

		in4("IPIP", "04", ip4+syn), in4("6in4", "29", ip6+syn), in4("EtherIP", "61", "3000 "+eth4),
		in4("GRE", "2f", "0000 0800 "+ip4+syn),
		in4("GRE with checksum, key, sequence", "2f", "b000 0800 00000000 00000001 00000002 "+ip4+syn),
		in4("GRE with Ethernet", "2f", "2000 6558 00000001 "+eth4),
		in4("GRE with WCCP's redirect header", "2f", "0000 883e 00000000 "+ip4+syn),
		in4("ERSPAN", "2f", "1000 88be 00000001 1000000000000000 "+eth4),
		in4("PPTP", "2f", "3001 880b 002c 0001 00000001 ff03 0021 "+ip4+syn),
		in4("authentication header", "33", "06 04 0000 00000001 00000002 aabbccddeeff001122334455 "+syn),
		in4("MPLS in IP", "89", "00064140 "+ip4+syn),

		inUDP("VXLAN", 4789, "08000000 00000500 "+eth4), inUDP("VXLAN of old Linux", 8472, "08000000 00000500 "+eth4),
		inUDP("VXLAN-GPE", 4790, "0c000001 00000500 "+ip4+syn),
		inUDP("Geneve with options", 6081, "0100 6558 00000500 aabbccdd "+eth4),
		inUDP("GTP", 2152, "30ff 0028 00000001 "+ip4+syn),
		inUDP("GTP with an extension", 2152, "34ff 0030 00000001 00000085 01000500 "+ip4+syn),
		inUDP("Teredo with origin", 3544, "0000 aabb ccddeeff "+ip6+syn),
		inUDP("L2TP", 1701, "0002 0001 0001 ff03 0021 "+ip4+syn),
		inUDP("CAPWAP", 5247, "00 100300 00000000 0108 "+wlan4[5:]),
		inUDP("GRE in UDP", 4754, "0000 0800 "+ip4+syn),
		inUDP("GRE in UDP with a key, Ethernet", 4754, "2000 6558 00000001 "+eth4),
		{"GRE in UDP, from that port", 1, macs + "0800 " + ip4of("11", 52) + "1292 9c40 0034 0000 0000 0800 " + ip4 + syn},
		inUDP("AYIYA", 5072, "4052 01 29 00000000 "+strings.Repeat("00", 36)+" "+ip6+syn),
	} {
		r.check(t)
	}
}

// check holds what is decoded against the innermost layers.
func (r row) check(t *testing.T) {
	t.Helper()
	data := bytesOf(r.bytes)
	var s Segment
	got := New().Decode(&capture.Packet{Link: r.link, FCS: -1, Length: len(data), Data: data}, &s)
	if got.Kind != TCP {
		t.Errorf("%s: kind %d, %+v", r.name, got.Kind, got.Problem)
		return
	}
	if s.SrcPort != 1234 || s.DstPort != 80 || s.Seq != 1000 || s.Flags != SYN || s.PayloadLen != 0 || s.Problem != nil {
		t.Errorf("%s: read %+v", r.name, s)
	}
	if src := s.Src.String(); src != "192.0.2.1" && src != "2001:db8::1" && r.name != "authentication header" {
		t.Errorf("%s: source %s is not of the innermost layer", r.name, src)
	}
}

func TestKindsAndProblems(t *testing.T) {
	for _, r := range []struct {
		name  string
		bytes string
		kind  Kind
		where string // layer and bit of the problem
	}{
		{"UDP", ip4of("11", 8) + "1234 5678 0008 0000", Other, ""},
		{"version 5", "5500 0028" + ip4[9:] + syn, Undecoded, "IP 0"},
		{"IPv4 header of 4 words", "4400 0028" + ip4[9:] + syn, Undecoded, "IPv4 4"},
		{"total length below the header", "4500 0013" + ip4[9:] + syn, Undecoded, "IPv4 16"},
		{"IPv4 cut", "4500 0028 0001", Undecoded, "IPv4 48"},
		{"TCP of 3 bytes", ip4of("06", 3) + "04d200", Undecoded, "TCP 24"},
		{"TCP of 8 bytes", ip4of("06", 8) + "04d2 0050 000003e8", TCP, "TCP 64"},
		{"data offset 3 words", ip4of("06", 20) + strings.Replace(syn, "5002", "3002", 1), TCP, "TCP 96"},
		{"data offset past the end", ip4of("06", 20) + strings.Replace(syn, "5002", "a002", 1), TCP, "TCP 96"},
		{"bad option", ip4of("06", 24) + strings.Replace(syn, "5002", "6002", 1) + "0204 05b4", TCP, ""},
		{"bad option", ip4of("06", 24) + strings.Replace(syn, "5002", "6002", 1) + "0101 0304", TCP, "TCP option 176"},
		{"first fragment", "4500 0028 0001 2000" + ip4[19:] + syn, Other, ""},
		{"GRE in UDP inside DTLS", udpOf(4755, 44) + "0000 0800 " + ip4 + syn, Other, ""},
		{"GRE in UDP that is none", udpOf(4754, 44) + "0000 0800 5500 0028" + ip4[9:] + syn, Other, ""},
		{"a guessed tunnel that is none", udpOf(4789, 20) + strings.Repeat("ff", 20), Other, ""},
	} {
		data := bytesOf(r.bytes)
		var s Segment
		got := New().Decode(rawPacket(data), &s)
		p := got.Problem
		if got.Kind == TCP {
			p = s.Problem
		}
		where := ""
		if p != nil {
			where = fmt.Sprintf("%s %d", p.Layer, p.Bit)
		}
		if got.Kind != r.kind || where != r.where {
			t.Errorf("%s: kind %d with problem %+v, want kind %d at %q", r.name, got.Kind, p, r.kind, r.where)
		}
	}
}

func TestForeign(t *testing.T) {
	for _, r := range []struct {
		link  capture.LinkType
		bytes string
		want  Kind
	}{
		{147, eth4, Foreign}, {257, eth4, Foreign}, {178, "4d4743 00 ffff", Other}, {1, macs + "0806 0001", Other},
		{192, "0000 0800 93000000 " + eth4, Foreign}, // inside PPI
	} {
		data := bytesOf(r.bytes)
		got := New().Decode(&capture.Packet{Link: r.link, FCS: -1, Length: len(data), Data: data}, new(Segment))
		if got.Kind != r.want {
			t.Errorf("link type %d: kind %d, want %d", r.link, got.Kind, r.want)
		}
	}
}

func TestLengths(t *testing.T) {
	data := "68656c6c6f " // hello
	for _, r := range []struct {
		name     string
		bytes    string
		captured int // bytes kept by the snaplen; 0 for all
		want     int
	}{
		{"plain", macs + "0800 " + ip4of("06", 25) + syn + data, 0, 5},
		{"Ethernet's padding", macs + "0800 " + ip4of("06", 20) + syn + "000000000000", 0, 0},
		{"cut by the snaplen", macs + "0800 " + ip4of("06", 25) + syn + data, 56, 5},
		{"total length 0", macs + "0800 " + strings.Replace(ip4, "0028", "0000", 1) + syn + data, 0, 5},
		{"total length past the frame", macs + "0800 " + strings.Replace(ip4, "0028", "4000", 1) + syn + data, 0, 5},
		{"IPv6 payload length 0", macs + "86dd " + strings.Replace(ip6, "0014", "0000", 1) + syn + data, 0, 5},
		{"PPPoE's length", macs + "8864 1100 0001 002d 0021 " + strings.Replace(ip4, "0028", "4000", 1) + syn + data, 0, 3},
	} {
		b := bytesOf(r.bytes)
		p := &capture.Packet{Link: 1, FCS: -1, Length: len(b), Data: b}
		if r.captured > 0 {
			p.Data = b[:r.captured]
		}
		var s Segment
		if got := New().Decode(p, &s); got.Kind != TCP || s.PayloadLen != r.want {
			t.Errorf("%s: kind %d, %d bytes of payload, want %d", r.name, got.Kind, s.PayloadLen, r.want)
		}
	}
}

func TestSourceRouteLeadsToTheFinalHop(t *testing.T) {
	option := "83 0b 04 cb007101 cb007102 01 " // loose route by 203.0.113.1 to .2, pointer at the first
	b := bytesOf("4800 0034 0001 0000 40 06 0000 c0000201 c0000202 " + option + syn)
	var s Segment
	New().Decode(rawPacket(b), &s)
	if s.Dst != netip.MustParseAddr("203.0.113.2") {
		t.Errorf("destination %s", s.Dst)
	}
	b[22] = 12 // the route is used up
	New().Decode(rawPacket(b), &s)
	if s.Dst != netip.MustParseAddr("192.0.2.2") {
		t.Errorf("route used up: destination %s", s.Dst)
	}
}

func TestQuotes(t *testing.T) {
	for _, r := range []struct {
		bytes string
		text  string
		mtu   int
	}{
		{ip4of("01", 36) + "0303 0000 00000000 " + ip4 + "04d2 0050 000003e8", "destination unreachable: port unreachable", 0},
		{ip4of("01", 36) + "0304 0000 000005dc " + ip4 + "04d2 0050 000003e8", "destination unreachable: fragmentation needed", 1500},
		{ip4of("01", 36) + "0b00 0000 00000000 " + ip4 + "04d2 0050 000003e8", "time exceeded: in transit", 0},
		{"60000000 0044 3a 40 20010db80000000000000000000000aa 20010db8000000000000000000000001 0200 0000 00000500 " + ip6 + syn, "packet too big", 1280},
	} {
		var s Segment
		got := New().Decode(rawPacket(bytesOf(r.bytes)), &s)
		if got.Kind != Quoted || got.Quote.Text != r.text || got.Quote.MTU != r.mtu || s.SrcPort != 1234 || s.Seq != 1000 {
			t.Errorf("%s: kind %d, quote %+v, segment %d → %d", r.text, got.Kind, got.Quote, s.SrcPort, s.DstPort)
		}
		if got.Kind == Quoted && (s.Src == got.Quote.Src || s.Problem != nil) {
			t.Errorf("%s: quoted source %s, problem %+v", r.text, s.Src, s.Problem)
		}
	}
}

func TestFinalDestinationOfARoutingHeader(t *testing.T) {
	b := bytesOf("60000000 002c 2b 40 " + both6 + "06 02 00 01 00000000 20010db8000000000000000000000077 " + syn)
	var s Segment
	New().Decode(rawPacket(b), &s)
	if s.Dst != netip.MustParseAddr("2001:db8::2") || s.Final() != netip.MustParseAddr("2001:db8::77") {
		t.Errorf("destination %s, final %s", s.Dst, s.Final())
	}
}

func TestChecksum(t *testing.T) {
	for _, base := range []string{ip4of("06", 25), "60000000 0019 06 40 " + both6} {
		b := bytesOf(base + syn + "68656c6c6f")
		at := len(b) - 25 + checksumByte
		var s Segment
		set := func(v uint16) Sum {
			binary.BigEndian.PutUint16(b[at:], v)
			New().Decode(rawPacket(b), &s)
			return s.VerifyChecksum()
		}
		set(0)
		// the reference: word by word, as RFC 1071 §1 describes it
		sum := uint32(protoTCP + 25)
		words := slices.Concat(s.Src.AsSlice(), s.Dst.AsSlice())
		partial := addWords(sum, words)
		full := addWords(partial, append(slices.Clone(b[len(b)-25:]), 0))
		if got := set(^uint16(full)); got != SumGood {
			t.Errorf("right checksum: %s", got)
		}
		if got := set(uint16(partial)); got != SumPartial {
			t.Errorf("pseudo-header's sum: %s", got)
		}
		if got := set(^uint16(full) + 1); got != SumBad {
			t.Errorf("wrong checksum: %s", got)
		}
		p := rawPacket(b)
		p.Data = b[:len(b)-1]
		New().Decode(p, &s)
		if got := s.VerifyChecksum(); got != SumUnchecked {
			t.Errorf("cut segment: %s", got)
		}
	}
}

func addWords(sum uint32, b []byte) uint32 {
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return sum
}

// FuzzDecode: whatever the bytes and the link type, Decode returns, and what
// it returns hangs together.
func FuzzDecode(f *testing.F) {
	f.Add(uint16(1), bytesOf(eth4))
	f.Add(uint16(113), bytesOf("0000 0001 0006 0200000000010000 0800 "+ip4+syn))
	f.Add(uint16(127), bytesOf("0000 0900 02000000 10 "+wlan4+"deadbeef"))
	f.Add(uint16(1), bytesOf(macs+"0800 "+udpOf(4789, 62)+"08000000 00000500 "+eth4))        // VXLAN
	f.Add(uint16(101), bytesOf(ip4of("01", 48)+"0303 0000 00000000 "+ip4+syn))               // ICMP
	f.Add(uint16(101), bytesOf("4500 0028 0001 2000"+ip4[19:]+syn))                          // first fragment
	f.Add(uint16(1), bytesOf(macs+"8847 "+strings.Repeat("00000040 ", 100)+"00000140 "+ip4)) // labels
	f.Fuzz(func(t *testing.T, link uint16, data []byte) {
		d := New()
		for _, length := range []int{len(data), len(data) + 7} {
			var s Segment
			r := d.Decode(&capture.Packet{Link: capture.LinkType(link), FCS: -1, Length: length, Data: data}, &s)
			switch r.Kind {
			case TCP:
				if !s.Src.IsValid() || len(s.Header) < seqByte || s.PayloadLen < 0 || len(s.Payload) > len(data)*1100+1<<16 {
					t.Fatalf("segment %+v", s)
				}
				if s.Problem != nil && s.Problem.Bit > 8*max(60, len(s.Header)) {
					t.Fatalf("problem %+v in a header of %d bytes", s.Problem, len(s.Header))
				}
				_ = s.VerifyChecksum()
				_ = s.Options.Text()
			case Quoted:
				if r.Quote == nil {
					t.Fatal("no quote")
				}
			case Undecoded:
				if r.Problem == nil || r.Problem.Reason == "" || r.Problem.Bit > 8*len(data)+8*7 {
					t.Fatalf("problem %+v of %d bytes", r.Problem, len(data))
				}
			}
		}
	})
}
