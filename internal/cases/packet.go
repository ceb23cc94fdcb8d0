package cases

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// began is the time 0 of a script, in seconds since 1970.
const began = 1_700_000_000

// flags of TCP, bits 100-111.
const (
	flagSYN = 0x002
	flagRST = 0x004
	flagACK = 0x010
)

const flagLetters = "FSRPAUECN" // from the lowest bit on

const (
	protoICMP  = 1
	protoTCP   = 6
	protoICMP6 = 58
)

type mac [6]byte

// packet reads a packet's line from its time on, and builds the packet.
func (p *parser) packet(words []string) {
	r := reader{words}
	at := moment(strings.TrimPrefix(r.next(), "@"))
	if !r.more() {
		fail("who sends what? @0.5 > S x")
	}
	switch r.words[0] {
	case "copy":
		p.copied(at, &r)
	case "icmp":
		p.icmp(at, &r)
	default:
		p.segment(at, &r)
	}
}

// header is what stands in front of a segment or a message.
type header struct {
	src, dst   netip.Addr
	ttl, tos   uint8
	id         uint16
	dontSplit  bool
	proto      uint8
	from, to   mac
	numberless bool // no IP identification was given
}

// segment reads and builds a TCP segment.
func (p *parser) segment(at int64, r *reader) {
	name := ""
	if isName(r.words[0]) {
		name = r.next()
	}
	c := p.connections[name]
	if c == nil {
		fail("connection %s is not known", name)
	}
	me := client
	direction := r.value("the packet's time")
	switch direction {
	case ">":
	case "<":
		me = server
	default:
		fail("%q is no direction: want > from the client or < from the server", direction)
	}
	from, to := &c.ends[me], &c.ends[1-me]
	if !from.addr.IsValid() || !to.addr.IsValid() {
		fail("say first who talks: client 192.0.2.10:40000, server 198.51.100.20:443")
	}
	flags := flagsOf(r.value(direction))
	h := header{src: from.addr.Addr(), dst: to.addr.Addr(), ttl: from.ttl, dontSplit: true, proto: protoTCP,
		from: macOf(from.addr.Addr()), to: macOf(to.addr.Addr()), numberless: true}
	seq := c.sum(r.value("the flags"))
	var ack uint32
	window, list := from.window, slices.Clone(from.plain)
	switch {
	case flags&flagSYN != 0:
		window, list = from.synWindow, slices.Clone(from.syn)
	case flags&flagRST != 0:
		window, list = 0, nil
	}
	var length, urgent, sum int64
	hasAck, given, how := false, []option(nil), ""
	for r.more() {
		switch w := r.next(); w {
		case "ack":
			ack, hasAck = c.sum(r.value(w)), true
		case "len":
			length = number(r.value(w), 65000)
		case "win":
			window = uint16(number(r.value(w), math.MaxUint16))
		case "urg":
			urgent = number(r.value(w), math.MaxUint16)
		case "checksum":
			if how = r.value(w); how != "wrong" && how != "partial" {
				sum = number(how, math.MaxUint16)
			}
		case "bare":
			list = nil
		default:
			if o, ok := r.option(w, c); ok {
				given = append(given, o)
			} else if !r.header(w, &h) {
				fail("%q is no word for a packet", w)
			}
		}
	}
	if flags&flagACK != 0 && !hasAck {
		fail("with ACK a packet acknowledges something: ack y+1")
	}
	for _, o := range given {
		list = put(list, o)
	}
	from.stamp(list, at, to)

	b := binary.BigEndian.AppendUint16(nil, from.addr.Port())
	b = binary.BigEndian.AppendUint16(b, to.addr.Port())
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	b = binary.BigEndian.AppendUint16(b, flags)
	b = binary.BigEndian.AppendUint16(b, window)
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(urgent))
	b = appendOptions(b, list)
	b[12] |= byte(len(b) / 4 << 4)
	b = append(b, strings.Repeat("xy"[me:me+1], int(length))...)
	switch how {
	case "":
		sum = int64(^checksum(h.pseudo(len(b)), b))
	case "wrong":
		sum = int64(^checksum(h.pseudo(len(b)), b) + 0x1111)
	case "partial":
		sum = int64(checksum(h.pseudo(len(b)), nil))
	}
	binary.BigEndian.PutUint16(b[16:], uint16(sum))
	p.add(at, h, b)
}

// header reads a word that stands in front of segments and messages alike.
func (r *reader) header(w string, h *header) bool {
	switch w {
	case "ttl":
		h.ttl = uint8(number(r.value(w), math.MaxUint8))
	case "tos":
		h.tos = uint8(number(r.value(w), math.MaxUint8))
	case "id":
		if h.src.Is6() {
			fail("IPv6 has no identification")
		}
		h.id, h.numberless = uint16(number(r.value(w), math.MaxUint16)), false
	case "nodf":
		h.dontSplit = false
	default:
		return r.macs(w, &h.from, &h.to)
	}
	return true
}

func (r *reader) macs(w string, from, to *mac) bool {
	if w != "from-mac" && w != "to-mac" {
		return false
	}
	m, err := net.ParseMAC(r.value(w))
	if err != nil || len(m) != len(mac{}) {
		fail("%s needs an address as 02:00:00:00:00:01", w)
	}
	if w == "from-mac" {
		*from = mac(m)
	} else {
		*to = mac(m)
	}
	return true
}

func flagsOf(letters string) (flags uint16) {
	if letters == "-" {
		return 0
	}
	for _, l := range letters {
		i := strings.IndexRune(flagLetters, l)
		if i < 0 || flags&(1<<i) != 0 {
			fail("%q are no flags: letters S A F R P U E C N, each once, or -", letters)
		}
		flags |= 1 << i
	}
	return flags
}

// stamp fills in the timestamp by the clock, and notes it (RFC 7323 §3.2).
func (e *end) stamp(list []option, at int64, peer *end) {
	for i := range list {
		if list[i].kind != kindTimestamp {
			continue
		}
		if list[i].value == nil {
			if e.clock == nil {
				fail("ts needs values, or its end a clock")
			}
			value := binary.BigEndian.AppendUint32(nil, *e.clock+uint32(at/1e6))
			list[i].value = binary.BigEndian.AppendUint32(value, peer.sent)
		}
		if len(list[i].value) == 8 { // and not cut short by an option 8:…
			e.sent = binary.BigEndian.Uint32(list[i].value)
		}
	}
}

// copied reads and builds a copy of an earlier packet.
func (p *parser) copied(at int64, r *reader) {
	r.next()
	r.want("of")
	f := p.frame(r.value("of"))
	f.ip, f.at = slices.Clone(f.ip), at
	for r.more() {
		switch w := r.next(); {
		case w == "ttl":
			ttl := uint8(number(r.value(w), math.MaxUint8))
			if f.ip[0]>>4 == 6 {
				f.ip[7] = ttl
				continue
			}
			f.ip[8], f.ip[10], f.ip[11] = ttl, 0, 0
			binary.BigEndian.PutUint16(f.ip[10:], ^checksum(0, f.ip[:20]))
		case r.macs(w, &f.from, &f.to):
		default:
			fail("%q is no word for a copy", w)
		}
	}
	p.put(f)
}

// frame is the packet of a number.
func (p *parser) frame(text string) frame {
	n := number(text, math.MaxInt32)
	if n < 1 || n > int64(len(p.frames)) {
		fail("frame %d has not been yet", n)
	}
	return p.frames[n-1]
}

// add builds the packet around a segment or message.
func (p *parser) add(at int64, h header, payload []byte) {
	f := frame{sender: h.src, from: h.from, to: h.to, at: at}
	if h.src.Is6() != h.dst.Is6() {
		fail("%s and %s do not talk to each other", h.src, h.dst)
	}
	if h.src.Is6() {
		f.ip = binary.BigEndian.AppendUint32(nil, 6<<28|uint32(h.tos)<<20)
		f.ip = binary.BigEndian.AppendUint16(f.ip, uint16(len(payload)))
		f.ip = append(f.ip, h.proto, h.ttl)
	} else {
		if h.numberless {
			h.id = p.id + 1
		}
		p.id = h.id
		f.ip = append(f.ip, 0x45, h.tos)
		f.ip = binary.BigEndian.AppendUint16(f.ip, uint16(20+len(payload)))
		f.ip = binary.BigEndian.AppendUint16(f.ip, h.id)
		f.ip = append(f.ip, 0, 0, h.ttl, h.proto, 0, 0)
		if h.dontSplit {
			f.ip[6] = 0x40
		}
	}
	f.ip = append(f.ip, h.src.AsSlice()...)
	f.ip = append(f.ip, h.dst.AsSlice()...)
	if h.src.Is4() {
		binary.BigEndian.PutUint16(f.ip[10:], ^checksum(0, f.ip))
	}
	f.ip = append(f.ip, payload...)
	p.put(f)
}

// put adds the frame to the capture.
func (p *parser) put(f frame) {
	p.frames = append(p.frames, f)
	data := p.c.linkLayer(f)
	second, rest := f.at/1e9, f.at%1e9
	if rest < 0 {
		second, rest = second-1, rest+1e9
	}
	p.c.packets = append(p.c.packets, capture.Packet{
		Number: len(p.frames),
		Time:   capture.Time{Sec: began + second, Nsec: int32(rest), Digits: 9, Known: true},
		Link:   p.c.iface.Link, FCS: -1, Length: len(data), Data: data,
	})
}

// linkLayer puts the file's link layer around a packet.
func (c *Case) linkLayer(f frame) []byte {
	ethertype := []byte{0x08, 0x00}
	if f.ip[0]>>4 == 6 {
		ethertype = []byte{0x86, 0xdd}
	}
	var b []byte
	switch c.iface.Link {
	case capture.LinkEthernet:
		b = slices.Concat(f.to[:], f.from[:], ethertype, f.ip)
		if len(b) < 60 { // the least that Ethernet sends (IEEE 802.3 §4.2.3.3)
			b = append(b, make([]byte, 60-len(b))...)
		}
	case capture.LinkSLL: // to us, from an Ethernet address
		b = slices.Concat([]byte{0, 0, 0, 1, 0, 6}, f.from[:], []byte{0, 0}, ethertype, f.ip)
	default:
		b = f.ip
	}
	return b
}

// macOf makes a hardware address of an address, one of those that anybody may give.
func macOf(a netip.Addr) mac {
	m := mac{2, 0}
	b := a.AsSlice()
	copy(m[2:], b[len(b)-4:])
	return m
}

// pseudo is the sum of the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1).
func (h *header) pseudo(length int) uint32 {
	sum := uint32(checksum(0, h.src.AsSlice())) + uint32(checksum(0, h.dst.AsSlice()))
	return sum + uint32(h.proto) + uint32(length)
}

// checksum adds b up as words of 16 bits in ones' complement (RFC 1071); what is
// sent is its complement.
func checksum(sum uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) > 0 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}
