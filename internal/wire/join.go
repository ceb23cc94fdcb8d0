package wire

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// Joined are two captures of the same connections, one at each end, put together.
type Joined struct {
	Records []*Record
	Swapped bool          // the first capture is the server's end
	Both    int           // segments that stand in both captures
	Offset  time.Duration // by which the clock of the server's end is ahead of the client's
	OneWay  bool          // segments of one direction alone stand in both: its quickest is taken to have needed no time
	Trip    time.Duration // the quickest way there and the quickest back, together
}

// ErrNothingInCommon is for two captures that do not belong together.
var ErrNothingInCommon = errors.New("no segment stands in both captures")

// JoinMost is how many packets two captures may have together: all are held at once.
const JoinMost = 200_000

// seen is a packet of one of the captures.
type seen struct {
	key     key
	at      int64 // nanoseconds by the clock of the first capture
	data    []byte
	src     netip.Addr
	numbers span  // of sequence numbers
	other   *seen // in the other capture
}

// key is what stays the same of a segment on its way.
type key struct {
	src, dst netip.AddrPort
	seq, ack uint32
	flags    decode.Flags
	length   int
	stamp    uint32
	hasStamp bool
}

type span struct{ from, size uint32 }

// Join puts two captures together, one of each end. What stands in both tells by how
// much their clocks differ: the quickest segment each way is taken to have needed as
// long as the quickest the other way.
func Join(first, second capture.Source) (*Joined, error) {
	var sides [2][]*seen
	for i, source := range []capture.Source{first, second} {
		list, err := readSeen(source)
		if err != nil {
			return nil, err
		}
		sides[i] = list
	}
	matchUnique(sides)
	j, near, err := fit(sides)
	if err != nil {
		return nil, err
	}
	matchRest(sides, near)
	j.build(sides, near)
	return j, nil
}

// readSeen reads all segments of a capture.
func readSeen(source capture.Source) (list []*seen, err error) {
	decoder := decode.New()
	for {
		var p capture.Packet
		err := source.Next(&p)
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if len(list) == JoinMost/2 {
			return nil, fmt.Errorf("more than %d segments in one capture: it has to be held whole", JoinMost/2)
		}
		ip, ok := ipOf(&p)
		var s decode.Segment
		if !ok || decoder.Decode(&p, &s).Kind != decode.TCP || !p.Time.Known {
			continue
		}
		o := &s.Options
		list = append(list, &seen{at: p.Time.UnixNano(), data: slices.Clone(ip), src: s.Src,
			key:     key{netip.AddrPortFrom(s.Src, s.SrcPort), netip.AddrPortFrom(s.Dst, s.DstPort), s.Seq, s.Ack, s.Flags, s.PayloadLen, o.TSVal, o.HasTimestamps},
			numbers: span{s.Seq, uint32(s.PayloadLen)}})
	}
}

// ipOf is the packet from its IP header on, for the links that captures are made on.
func ipOf(p *capture.Packet) ([]byte, bool) {
	skip := 0
	switch p.Link {
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpen, capture.LinkIPv4, capture.LinkIPv6:
	case capture.LinkEthernet:
		skip = 14
		for len(p.Data) >= skip+4 && be.Uint16(p.Data[skip-2:]) == 0x8100 { // VLAN tags
			skip += 4
		}
	case capture.LinkNull, capture.LinkLoop:
		skip = 4
	case capture.LinkSLL:
		skip = 16
	case capture.LinkSLL2:
		skip = 20
	default:
		return nil, false
	}
	if len(p.Data) < skip+v4Header {
		return nil, false
	}
	return p.Data[skip:], true
}

// fit finds by how much the clocks differ and which addresses are near which capture,
// and brings the times of the second capture to the clock of the first.
func fit(sides [2][]*seen) (*Joined, map[netip.Addr]int, error) {
	// The least difference between the two times, by the sender.
	least := map[netip.Addr]int64{}
	opens := map[netip.Addr]int{} // SYNs sent
	j := new(Joined)
	for _, s := range sides[0] {
		if s.key.flags&(decode.SYN|decode.ACK) == decode.SYN {
			opens[s.src]++
		}
		if s.other == nil {
			continue
		}
		j.Both++
		d := s.other.at - s.at
		if was, ok := least[s.src]; !ok || d < was {
			least[s.src] = d
		}
	}
	if j.Both == 0 {
		return nil, nil, ErrNothingInCommon
	}
	client := clientOf(opens, sides[0])
	there, back, hasThere, hasBack := int64(math.MaxInt64), int64(math.MinInt64), false, false
	for addr := range least {
		if isClient(client, addr) {
			there, hasThere = min(there, least[addr]), true
		}
	}
	for _, s := range sides[0] { // of the other direction the largest: what comes back is seen there first
		if s.other != nil && !isClient(client, s.src) {
			back, hasBack = max(back, s.other.at-s.at), true
		}
	}
	var offset int64
	switch {
	case hasThere && hasBack:
		j.Trip = time.Duration(there - back)
		if j.Swapped = j.Trip < 0; j.Swapped { // then the extremes are the others'
			there, back = math.MinInt64, math.MaxInt64
			for _, s := range sides[0] {
				if s.other == nil {
					continue
				}
				if d := s.other.at - s.at; isClient(client, s.src) {
					there = max(there, d)
				} else {
					back = min(back, d)
				}
			}
			j.Trip = time.Duration(back - there)
		}
		offset = there/2 + back/2
	case hasThere:
		j.OneWay, offset = true, there
	default:
		j.OneWay, offset = true, back
	}
	for _, s := range sides[1] {
		s.at -= offset
	}
	j.Offset = time.Duration(offset)
	near := map[netip.Addr]int{}
	for _, side := range sides {
		for _, s := range side {
			near[s.src] = 1
			if isClient(client, s.src) != j.Swapped {
				near[s.src] = 0
			}
		}
	}
	if j.Swapped {
		j.Offset = -j.Offset
	}
	return j, near, nil
}

// clientOf are the addresses that have sent SYNs; where there are none, that of the
// first segment.
func clientOf(opens map[netip.Addr]int, side []*seen) map[netip.Addr]bool {
	clients := map[netip.Addr]bool{}
	for addr := range opens {
		clients[addr] = true
	}
	if len(clients) == 0 && len(side) > 0 {
		clients[side[0].src] = true
	}
	if len(clients) > 1 { // who has opened less than the others in these captures is a server that is a client elsewhere
		for _, s := range side {
			if s.key.flags.Has(decode.SYN|decode.ACK) && clients[s.src] && opens[s.src] < opens[s.key.dst.Addr()] {
				delete(clients, s.src)
			}
		}
	}
	return clients
}

func isClient(clients map[netip.Addr]bool, addr netip.Addr) bool { return clients[addr] }

// build makes records of all that was seen.
func (j *Joined) build(sides [2][]*seen, near map[netip.Addr]int) {
	endOf := func(side int) End {
		if (side == 0) != j.Swapped {
			return Client
		}
		return Server
	}
	var covered [2]span64
	for i, side := range sides {
		covered[i] = timesOf(side)
	}
	for i, side := range sides {
		for _, s := range side {
			r := &Record{From: endOf(near[s.src]), Data: s.data}
			switch {
			case near[s.src] == i && s.other != nil:
				r.Sent, r.Arrival, r.Fate = s.at, max(s.other.at, s.at), Arrived
				if !slices.Equal(s.other.data, s.data) {
					r.Became = s.other.data
				}
			case near[s.src] == i:
				r.Sent, r.Fate, r.Why = s.at, Lost, ""
				if !covered[1-i].holds(s.at) {
					r.Fate = OnItsWay // the other capture had not begun, or was over
				}
			case s.other != nil:
				continue // told where it was sent
			default:
				r.Forged, r.Sent, r.Arrival, r.Fate = true, s.at, s.at, Arrived
				r.Why = "it stands in the capture of its receiver's end alone"
			}
			r.Number = len(j.Records) + 1
			j.Records = append(j.Records, r)
		}
	}
	j.Records = InOrder(j.Records)
}

// span64 is from the first to the last time of a capture.
type span64 struct{ from, to int64 }

func (s span64) holds(at int64) bool { return at >= s.from && at <= s.to }

func timesOf(side []*seen) span64 {
	if len(side) == 0 {
		return span64{0, -1}
	}
	byTime := func(a, b *seen) int { return cmp.Compare(a.at, b.at) }
	return span64{slices.MinFunc(side, byTime).at, slices.MaxFunc(side, byTime).at}
}
