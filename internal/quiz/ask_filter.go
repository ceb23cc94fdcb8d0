package quiz

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode"
)

// A filter is a BPF expression with what it selects, so that it can be said of each
// frame without libpcap.
type filter struct {
	text    string
	selects func(*Frame) bool
	why     string // what it selects in place of the one frame
}

// askFilter asks which expression selects one frame and no other of the capture.
func askFilter(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil || m.capture.Left > 0 {
		return
	}
	f := pick(m, list)
	if f.IPVersion != 4 || !f.Bare {
		return // libpcap's tcp[…] reaches into IPv4 only, and not behind tags or into tunnels
	}
	filters := filtersFor(f)
	for i, other := range filters {
		selected := 0
		for _, frame := range m.capture.Frames {
			if frame.Bare && other.selects(frame) {
				selected++
			}
		}
		if (selected == 1 && other.selects(f)) != (i == 0) {
			return
		}
	}
	q := Question{
		Ask:     fmt.Sprintf("Which capture filter selects %s, and no other segment of this capture?", hash(f.Number)),
		Show:    []Exhibit{table([]Column{From, To, Flags, Seq, Ack, Len}, m.capture.Frames[:min(12, len(m.capture.Frames))])},
		Why:     fmt.Sprintf("Byte 13 of the header holds the flags, bytes 4 to 7 the sequence number: tcp[13] and tcp[4:4]. Only %s has %d there, from port %d.", hash(f.Number), f.Segment.Seq, f.SrcPort),
		Section: "RFC 9293 §3.1",
		tells:   append(f.facts(Flags), f.facts(Seq)...),
	}
	if last := q.Show[0].Frames[len(q.Show[0].Frames)-1]; last.Number < f.Number {
		return
	}
	options := make([]option, len(filters))
	for i, other := range filters {
		options[i] = option{other.text, other.why}
	}
	q.choose(m.Shuffle, options...)
	m.add(q)
}

// filtersFor are the filter for a frame, and others that students write.
func filtersFor(f *Frame) []filter {
	byte13 := f.Flags & 0xff
	port, seq, ack := f.SrcPort, f.Segment.Seq, f.Segment.Ack
	from := func(g *Frame) bool { return g.SrcPort == port && g.IPVersion == 4 }
	return []filter{
		{fmt.Sprintf("tcp src port %d and tcp[4:4] = %d and tcp[13] = %#02x", port, seq, uint16(byte13)),
			func(g *Frame) bool { return from(g) && g.Segment.Seq == seq && g.Flags&0xff == byte13 }, ""},
		{fmt.Sprintf("tcp port %d", port),
			func(g *Frame) bool { return g.SrcPort == port || g.DstPort == port }, "That selects every segment to or from that port."},
		{fmt.Sprintf("tcp[13] & %#02x != 0", uint16(decode.ACK)),
			func(g *Frame) bool { return g.IPVersion == 4 && g.Flags.Has(decode.ACK) }, "That selects every segment with ACK, which is all but the first."},
		{fmt.Sprintf("tcp src port %d and tcp[8:4] = %d and tcp[13] = %#02x", port, seq, uint16(byte13)),
			func(g *Frame) bool { return from(g) && g.Segment.Ack == seq && g.Flags&0xff == byte13 }, fmt.Sprintf("Bytes 8 to 11 hold the acknowledgment number, which is %d here.", ack)},
	}
}
