package cases

import (
	"encoding/binary"
	"math"
	"net/netip"
)

// icmpError is the type and code of an error in ICMP and in ICMPv6 (RFC 792,
// RFC 1812 §5.2.7.1; RFC 4443 §3).
type icmpError struct{ type4, code4, type6, code6 uint8 }

var icmpErrors = map[string]icmpError{
	"net-unreachable":      {3, 0, 1, 0},
	"host-unreachable":     {3, 1, 1, 3},
	"protocol-unreachable": {3, 2, 4, 1},
	"port-unreachable":     {3, 3, 1, 4},
	"too-big":              {3, 4, 2, 0},
	"net-prohibited":       {3, 9, 1, 1},
	"host-prohibited":      {3, 10, 1, 1},
	"prohibited":           {3, 13, 1, 1},
	"time-exceeded":        {11, 0, 3, 0},
}

// icmp reads and builds an error that quotes an earlier packet.
func (p *parser) icmp(at int64, r *reader) {
	r.next()
	name := r.value("icmp")
	e, ok := icmpErrors[name]
	if !ok {
		fail("%q is no ICMP error that is known", name)
	}
	var mtu int64
	if name == "too-big" {
		mtu = number(r.value(name), math.MaxInt32)
	}
	r.want("from")
	src, err := netip.ParseAddr(r.value("from"))
	if err != nil {
		fail("from needs an address")
	}
	documented(src)
	r.want("about")
	f := p.frame(r.value("about"))
	const internetworkControl = 0xc0 // RFC 1812 §4.3.2.5
	h := header{src: src, dst: f.sender, ttl: 64, tos: internetworkControl, proto: protoICMP,
		from: macOf(src), to: f.from, numberless: true}
	size := int64(20 + 8)
	if src.Is6() {
		h.proto, h.tos = protoICMP6, 0
		size = 1280 - 40 - 8 // RFC 4443 §2.4
	}
	for r.more() {
		if w := r.next(); w == "bytes" {
			size = number(r.value(w), 60000)
		} else if !r.header(w, &h) {
			fail("%q is no word for an ICMP error", w)
		}
	}
	if src.Is6() != f.sender.Is6() {
		fail("%s and %s do not talk to each other", src, f.sender)
	}
	b := []byte{e.type4, e.code4, 0, 0, 0, 0, byte(mtu >> 8), byte(mtu)}
	if src.Is6() {
		b[0], b[1] = e.type6, e.code6
		binary.BigEndian.PutUint32(b[4:], uint32(mtu))
	}
	b = append(b, f.ip[:min(int64(len(f.ip)), size)]...)
	var sum uint32
	if src.Is6() {
		sum = h.pseudo(len(b))
	}
	binary.BigEndian.PutUint16(b[2:], ^checksum(sum, b))
	p.add(at, h, b)
}
