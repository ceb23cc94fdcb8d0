// Package stable makes of a capture one that is the same each time the same was said:
// what hosts choose at random, and what the clock made, is replaced by what stands for
// it. It is for notes and tests that must not change from run to run.
//
// Of each connection x becomes X and y becomes Y, the client's port one of those from
// FirstPort on, timestamps and IP ids become numbers in order, and checksums that were
// right are right again. No packet has a time. Connections come one after the other,
// in the order of what they say.
package stable

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// What stands for numbers that hosts choose.
const (
	X         = 1000              // the client's initial sequence number
	Y         = 5000              // the server's
	FirstPort = view.SymbolicPort // of the first client; the next has the next one
	chosen    = 1024              // from this port on one was chosen, and not known
)

// packetsMost is how many segments are held at most: all must be read before the first
// is handed out.
const packetsMost = 1 << 17

// Source hands out the packets of another one made stable. It is a capture.Source.
type Source struct {
	from    capture.Source
	tap     func(*capture.Packet) error // is given each packet as it was; may be nil
	packets []capture.Packet
	read    bool
	err     error // of from

	// LeftOut is how many packets were left out: those that hold no TCP segment that
	// stands bare in its frame.
	LeftOut int
}

// New makes a source stable. tap is given each packet as it came; it may be nil.
func New(from capture.Source, tap func(*capture.Packet) error) *Source {
	return &Source{from: from, tap: tap}
}

// Next implements capture.Source.
func (s *Source) Next(p *capture.Packet) error {
	if !s.read {
		s.read = true
		s.err = s.readAll()
	}
	if len(s.packets) == 0 {
		return s.err
	}
	*p, s.packets = s.packets[0], s.packets[1:]
	return nil
}

// connection is what is said between two sockets.
type connection struct {
	segments []segment
	isn      [2]uint32 // of the client, of the server
	knows    [2]bool
	content  []byte // what it says, to put connections in an order
}

// segment is one of a connection: a frame, and where in it IP and TCP begin.
type segment struct {
	frame    capture.Packet
	ip, tcp  int
	v6       bool
	fromPeer bool // it is the server's
	sum      decode.Sum
	header   int // bytes
	size     int // of the segment, captured
}

// sockets are the two ends of a connection, the lesser first.
type sockets struct{ a, b end }

type end struct {
	addr string
	port uint16
}

func (s *Source) readAll() error {
	var (
		decoder = decode.New()
		open    = map[sockets]*connection{}
		all     []*connection
		count   int
		result  error
	)
	for {
		var p capture.Packet
		if result = s.from.Next(&p); result != nil {
			break
		}
		if s.tap != nil {
			if result = s.tap(&p); result != nil {
				return result
			}
		}
		p.Data = bytes.Clone(p.Data)
		var seg decode.Segment
		if r := decoder.Decode(&p, &seg); r.Kind != decode.TCP || !seg.Bare || seg.Cut() || seg.Stunted() {
			s.LeftOut++
			continue
		}
		if count++; count > packetsMost {
			return &present.TooMuch{Format: "--stable", What: "segments", Most: packetsMost}
		}
		from, to := end{string(seg.Src.AsSlice()), seg.SrcPort}, end{string(seg.Dst.AsSlice()), seg.DstPort}
		key := sockets{from, to}
		if to.addr < from.addr || to.addr == from.addr && to.port < from.port {
			key = sockets{to, from}
		}
		c := open[key]
		isSYN := seg.Flags.Has(decode.SYN) && !seg.Flags.Has(decode.ACK)
		if c == nil || isSYN && c.knows[0] && c.isn[0] != seg.Seq {
			c = &connection{}
			open[key], all = c, append(all, c)
		}
		c.add(&p, &seg)
	}
	s.packets = arrange(all)
	return result
}

// add takes a segment. Who sends first is the client, but for a SYN+ACK.
func (c *connection) add(p *capture.Packet, seg *decode.Segment) {
	one := segment{frame: *p, v6: seg.IPVersion == 6, sum: seg.VerifyChecksum(), header: len(seg.Header), size: len(seg.Header) + len(seg.Payload)}
	one.tcp = cap(p.Data) - cap(seg.Header)
	one.ip = beforeTCP(p.Data, one.tcp, one.v6)
	if len(c.segments) == 0 {
		one.fromPeer = seg.Flags.Has(decode.SYN|decode.ACK) || seg.SrcPort < seg.DstPort && !seg.Flags.Has(decode.SYN)
	} else {
		first := &c.segments[0]
		same := seg.SrcPort == binary.BigEndian.Uint16(first.frame.Data[first.tcp:]) && bytes.Equal(addressOf(first.frame.Data, first.ip, first.v6), addressOf(p.Data, one.ip, one.v6))
		one.fromPeer = first.fromPeer == same
	}
	side := 0
	if one.fromPeer {
		side = 1
	}
	if !c.knows[side] {
		c.isn[side], c.knows[side] = seg.Seq, true
		if !seg.Flags.Has(decode.SYN) {
			c.isn[side]--
		}
	}
	if !c.knows[1-side] && seg.Flags.Has(decode.ACK) && len(c.segments) == 0 {
		c.isn[1-side], c.knows[1-side] = seg.Ack-1, true
	}
	c.segments = append(c.segments, one)
}

// beforeTCP is where the IP header in front of TCP begins.
func beforeTCP(data []byte, tcp int, v6 bool) int {
	if v6 {
		return tcp - 40
	}
	for words := 5; words <= 15 && tcp-4*words >= 0; words++ {
		if data[tcp-4*words] == byte(0x40|words) {
			return tcp - 4*words
		}
	}
	return tcp - 20
}

func addressOf(data []byte, ip int, v6 bool) []byte {
	if v6 {
		return data[ip+8 : ip+24]
	}
	return data[ip+12 : ip+16]
}

// arrange replaces what was chosen, and puts the connections in order.
func arrange(all []*connection) (packets []capture.Packet) {
	for _, c := range all {
		c.replace()
	}
	slices.SortStableFunc(all, func(a, b *connection) int { return bytes.Compare(a.content, b.content) })
	for i, c := range all {
		for j := range c.segments {
			s := &c.segments[j]
			s.setPort(uint16(FirstPort + i%10000))
			s.setSums()
			p := s.frame
			p.Number, p.Time = len(packets)+1, capture.Time{}
			packets = append(packets, p)
		}
	}
	return packets
}

// replace replaces numbers; the ports are 0 until the connections have an order.
func (c *connection) replace() {
	ids := [2]map[uint16]uint16{{}, {}}
	for i := range c.segments {
		s := &c.segments[i]
		side := 0
		if s.fromPeer {
			side = 1
		}
		base := [2]uint32{X, Y}
		tcp := s.frame.Data[s.tcp:]
		put := func(at int, side int) {
			binary.BigEndian.PutUint32(tcp[at:], binary.BigEndian.Uint32(tcp[at:])-c.isn[side]+base[side])
		}
		put(4, side)
		if decode.Flags(tcp[13]).Has(decode.ACK) {
			put(8, 1-side)
		}
		s.replaceOptions(func(at int) { put(at, 1-side) }, side)
		if ip := s.frame.Data[s.ip:]; s.v6 {
			ip[1], ip[2], ip[3] = ip[1]&0xf0, 0, 0 // flow label
		} else {
			id := binary.BigEndian.Uint16(ip[4:])
			if _, known := ids[side][id]; !known {
				ids[side][id] = uint16(len(ids[side]) + 1)
			}
			if id != 0 {
				binary.BigEndian.PutUint16(ip[4:], ids[side][id])
			}
		}
		s.setPort(0)
		s.setSums()
		c.content = append(c.content, s.frame.Data[s.ip:]...)
	}
}

// replaceOptions replaces the edges of SACK blocks and timestamps: the client's clock
// stands at 1, the server's at 2.
func (s *segment) replaceOptions(edge func(at int), side int) {
	tcp := s.frame.Data[s.tcp:]
	for at := 20; at+1 < s.header; {
		kind, n := tcp[at], int(tcp[at+1])
		switch {
		case kind == 0:
			return
		case kind == 1:
			at++
			continue
		case n < 2 || at+n > s.header:
			return
		case kind == 5:
			for edgeAt := at + 2; edgeAt+4 <= at+n; edgeAt += 4 {
				edge(edgeAt)
			}
		case kind == 8 && n == 10:
			clock := func(at int, of uint32) {
				if binary.BigEndian.Uint32(tcp[at:]) != 0 {
					binary.BigEndian.PutUint32(tcp[at:], of)
				}
			}
			clock(at+2, uint32(side+1))
			clock(at+6, uint32(2-side))
		}
		at += n
	}
}

// setPort sets the client's port, where that was chosen.
func (s *segment) setPort(port uint16) {
	at := s.tcp
	if s.fromPeer {
		at += 2
	}
	if old := binary.BigEndian.Uint16(s.frame.Data[at:]); old >= chosen || old == 0 {
		binary.BigEndian.PutUint16(s.frame.Data[at:], port)
	}
}

// setSums sets the checksums of IPv4, and of TCP where it was right; where it was left
// to the device it depends on nothing that was replaced.
func (s *segment) setSums() {
	ip, tcp := s.frame.Data[s.ip:], s.frame.Data[s.tcp:]
	if !s.v6 {
		binary.BigEndian.PutUint16(ip[10:], 0)
		binary.BigEndian.PutUint16(ip[10:], ^sum(0, ip[:s.tcp-s.ip]))
	}
	if s.sum == decode.SumPartial {
		return
	}
	binary.BigEndian.PutUint16(tcp[16:], 0)
	if s.sum != decode.SumGood {
		return // whatever it was, it was of other numbers
	}
	start := uint32(6) + uint32(s.size)
	addresses := ip[12:20]
	if s.v6 {
		addresses = ip[8:40]
	}
	binary.BigEndian.PutUint16(tcp[16:], ^sum(start+uint32(sum(0, addresses)), tcp[:min(s.size, len(tcp))]))
}

// sum is the ones' complement sum of 16-bit words (RFC 1071).
func sum(start uint32, b []byte) uint16 {
	total := uint64(start)
	for i := 0; i < len(b); i += 2 {
		word := uint64(b[i]) << 8
		if i+1 < len(b) {
			word |= uint64(b[i+1])
		}
		total += word
	}
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return uint16(total)
}

var _ capture.Source = (*Source)(nil)
