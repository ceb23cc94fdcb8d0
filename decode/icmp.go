package decode

import "encoding/binary"

// icmpError is an ICMP message that quotes the packet it complains about.
type icmpError struct {
	name  string
	codes []string
}

// icmpErrors are the errors of ICMP by type (RFC 792, RFC 1812 §5.2.7.1).
var icmpErrors = map[uint8]icmpError{
	3: {"destination unreachable", []string{"network unreachable", "host unreachable", "protocol unreachable",
		"port unreachable", "fragmentation needed", "source route failed", "network unknown", "host unknown",
		"source host isolated", "network administratively prohibited", "host administratively prohibited",
		"network unreachable for this service", "host unreachable for this service",
		"communication administratively prohibited", "host precedence violation", "precedence cutoff"}},
	4:  {"source quench", nil},
	5:  {"redirect", []string{"for the network", "for the host", "for the service and network", "for the service and host"}},
	11: {"time exceeded", []string{"in transit", "while fragments were awaited"}},
	12: {"parameter problem", []string{"at the pointer", "required option missing", "bad length"}},
}

// icmp6Errors are the errors of ICMPv6 by type (RFC 4443 §3).
var icmp6Errors = map[uint8]icmpError{
	1: {"destination unreachable", []string{"no route", "administratively prohibited", "beyond the scope of the source",
		"address unreachable", "port unreachable", "source address failed policy", "route rejected"}},
	2: {"packet too big", nil},
	3: {"time exceeded", []string{"in transit", "while fragments were awaited"}},
	4: {"parameter problem", []string{"erroneous header field", "unknown next header", "unknown IPv6 option"}},
}

// icmp reads an ICMP error and the TCP header that it quotes; other messages
// hold nothing of ours.
func (w *walk) icmp(version uint8) {
	const size = 8
	b := w.b
	w.end()
	if len(b) < size || w.quoting {
		return
	}
	table := icmpErrors
	if version == 6 {
		table = icmp6Errors
	}
	found, ok := table[b[0]]
	if !ok {
		return
	}
	q := &Quote{Src: w.s.Src, Dst: w.s.Dst, Type: b[0], Code: b[1], Version: version, Text: found.name}
	if int(b[1]) < len(found.codes) {
		q.Text += ": " + found.codes[b[1]]
	}
	switch {
	case version == 4 && b[0] == 3 && b[1] == 4: // RFC 1191 §4
		q.MTU = int(binary.BigEndian.Uint16(b[6:]))
	case version == 6 && b[0] == 2: // RFC 4443 §3.2
		q.MTU = length32(b[4:])
	}
	inner := walk{d: w.d, s: w.s, b: b[size:], n: w.n - size, quoting: true, next: layerIP}
	if inner.run().Kind == TCP {
		w.result = Result{Kind: Quoted, Quote: q}
	}
}
