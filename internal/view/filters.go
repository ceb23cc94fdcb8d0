package view

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A Query is a question that a filter answers: all frames of which something is the
// same as of a segment's.
type Query uint8

// The queries.
const (
	SameFlags Query = iota // the flags, bits 100-111
	SamePair               // the pair of sockets, in both directions
	SameAll                // sender, receiver, both numbers, flags, and the length of the frame
	Queries                // how many there are
)

// String says what is the same.
func (q Query) String() string {
	return [...]string{"these flags", "this pair of sockets", "this segment"}[q]
}

// filterable reports whether enough of the header was captured to ask for it.
func filterable(s *decode.Segment) bool {
	return len(s.Header) >= headerToWindow && !s.Stunted() && s.Src.IsValid()
}

// whyNoBPF says why a filter of pcap-filter(7) does not find a segment; empty where
// it does.
func whyNoBPF(s *decode.Segment) string {
	switch {
	case !filterable(s):
		return "too little of its header was captured"
	case s.Fragmented || s.Excerpt:
		return "it is in IP fragments, of which at most the first holds the header"
	case !s.Bare && s.IPVersion == 6:
		return "it stands behind an extension header, a tag or in a tunnel, where BPF does not look for TCP"
	case !s.Bare:
		return "it stands behind a tag or in a tunnel, where BPF does not look for TCP"
	}
	return ""
}

// appendBPF appends the filter as tcpdump takes it; nothing where there is none. In
// IPv6 tcp[n] means nothing: the bytes are counted from the IP header, which has 40.
func appendBPF(dst []byte, s *decode.Segment, q Query) []byte {
	if whyNoBPF(s) != "" {
		return dst
	}
	tcp := func(dst []byte, offset, size int) []byte {
		if s.IPVersion == 6 {
			dst, offset = append(dst, "ip6["...), offset+40
		} else {
			dst = append(dst, "tcp["...)
		}
		return append(decimal.AppendInt(append(decimal.AppendInt(dst, int64(offset)), ':'), int64(size)), ']')
	}
	if s.IPVersion == 6 {
		dst = append(dst, "ip6[6] == 6 and "...)
	}
	switch q {
	case SamePair:
		dst = appendDirection(append(dst, "tcp and (("...), s.Src, s.SrcPort, s.Dst, s.DstPort)
		return append(appendDirection(append(dst, ") or ("...), s.Dst, s.DstPort, s.Src, s.SrcPort), "))"...)
	case SameAll:
		dst = appendDirection(append(dst, "tcp and "...), s.Src, s.SrcPort, s.Dst, s.DstPort)
		dst = decimal.Append(append(tcp(append(dst, " and "...), 4, 4), " == "...), uint64(s.Seq))
		dst = decimal.Append(append(tcp(append(dst, " and "...), 8, 4), " == "...), uint64(s.Ack))
		dst = append(dst, " and "...)
	}
	dst = appendHex16(append(tcp(dst, 12, 2), " & 0xfff == "...), uint16(s.Flags))
	if q == SameAll {
		dst = decimal.AppendInt(append(dst, " and len == "...), int64(s.Length))
	}
	return dst
}

// appendDirection appends from which socket to which.
func appendDirection(dst []byte, from netip.Addr, fromPort uint16, to netip.Addr, toPort uint16) []byte {
	dst = appendAddr(append(dst, "src host "...), from.WithZone(""))
	dst = decimal.Append(append(dst, " and src port "...), uint64(fromPort))
	dst = appendAddr(append(dst, " and dst host "...), to.WithZone(""))
	return decimal.Append(append(dst, " and dst port "...), uint64(toPort))
}

// appendDisplayFilter appends the filter as Wireshark takes it; nothing where there is
// none. What an ICMP error quotes has fields of TCP, too.
func appendDisplayFilter(dst []byte, s *decode.Segment, q Query) []byte {
	if !filterable(s) {
		return dst
	}
	ip := "ip"
	if s.IPVersion == 6 {
		ip = "ipv6"
	}
	direction := func(dst []byte, from netip.Addr, fromPort uint16, to netip.Addr, toPort uint16) []byte {
		dst = appendAddr(append(append(dst, ip...), ".src == "...), from.WithZone(""))
		dst = decimal.Append(append(dst, " && tcp.srcport == "...), uint64(fromPort))
		dst = appendAddr(append(append(append(dst, " && "...), ip...), ".dst == "...), to.WithZone(""))
		return decimal.Append(append(dst, " && tcp.dstport == "...), uint64(toPort))
	}
	switch q {
	case SamePair:
		dst = direction(append(dst, "(("...), s.Src, s.SrcPort, s.Dst, s.DstPort)
		dst = direction(append(dst, ") || ("...), s.Dst, s.DstPort, s.Src, s.SrcPort)
		return append(dst, ")) && !icmp && !icmpv6"...)
	case SameAll:
		dst = direction(dst, s.Src, s.SrcPort, s.Dst, s.DstPort)
		dst = decimal.Append(append(dst, " && tcp.seq_raw == "...), uint64(s.Seq))
		dst = decimal.Append(append(dst, " && tcp.ack_raw == "...), uint64(s.Ack))
		dst = append(dst, " && "...)
	}
	dst = appendHex16(append(dst, "tcp.flags == "...), uint16(s.Flags))
	if q == SameAll {
		dst = decimal.AppendInt(append(dst, " && frame.len == "...), int64(s.Length))
	}
	return append(dst, " && !icmp && !icmpv6"...)
}

// Twins knows which segments are the same to the filters: a capture is told to it
// before it is shown.
type Twins struct {
	frames map[twin][]int32
	count  int
}

// twin is what SameAll asks for.
type twin struct {
	src, dst         netip.Addr
	srcPort, dstPort uint16
	seq, ack         uint32
	length           int
	flags            decode.Flags
}

func twinOf(s *decode.Segment) twin {
	return twin{s.Src, s.Dst, s.SrcPort, s.DstPort, s.Seq, s.Ack, s.Length, s.Flags}
}

// twinsMost is of how many segments it knows at most.
const twinsMost = 1 << 18

// NewTwins begins.
func NewTwins() *Twins { return &Twins{frames: map[twin][]int32{}} }

// Wants implements timeline.Chooser.
func (t *Twins) Wants() timeline.Wants {
	return timeline.Wants{Kinds: timeline.These(timeline.Segment), Behind: true}
}

// Moment implements timeline.Sink.
func (t *Twins) Moment(m timeline.Moment) error {
	s := m.Event.Segment
	if t.count++; t.count > twinsMost || !filterable(s) {
		return nil
	}
	t.frames[twinOf(s)] = append(t.frames[twinOf(s)], int32(s.Number))
	return nil
}

// of are the other frames that a segment's own filter matches; known is false where
// the capture was too long, or was not told.
func (t *Twins) of(s *decode.Segment) (others []int, known bool) {
	if t == nil || t.count > twinsMost {
		return nil, false
	}
	for _, frame := range t.frames[twinOf(s)] {
		if int(frame) != s.Number {
			others = append(others, int(frame))
		}
	}
	return others, true
}

// filterColumns are those of filters, for who asks for them.
var filterColumns = []KeyColumn{
	{"lab.bpf_flags", Word, "", "filter for tcpdump: all segments with these flags in the same version of IP", IsSegment, bpf(SameFlags)},
	{"lab.bpf_pair", Word, "", "filter for tcpdump: all segments between this pair of sockets", IsSegment, bpf(SamePair)},
	{"lab.bpf", Word, "", "filter for tcpdump: this segment, by sender, receiver, numbers, flags and the frame's length", IsSegment, bpf(SameAll)},
	{"lab.bpf_none", Word, "", "why tcpdump's filters do not find it", IsSegment, func(dst []byte, r *Row) []byte { return append(dst, whyNoBPF(r.Segment)...) }},
	{"lab.display_filter_flags", Word, "", "filter for Wireshark: all segments with these flags", IsSegment, displayFilter(SameFlags)},
	{"lab.display_filter_pair", Word, "", "filter for Wireshark: all segments between this pair of sockets", IsSegment, displayFilter(SamePair)},
	{"lab.display_filter", Word, "", "filter for Wireshark: this segment, by sender, receiver, numbers, flags and the frame's length", IsSegment, displayFilter(SameAll)},
	{"lab.display_filter_frame", Word, "", "filter for Wireshark: this frame, by its number in the capture", IsSegment,
		func(dst []byte, r *Row) []byte {
			return decimal.AppendInt(append(dst, "frame.number == "...), int64(r.Segment.Number))
		}},
	{"lab.also_matched", Numbers, "", "other frames that lab.bpf and lab.display_filter match; left out where there are none, or the capture was read once only", IsSegment,
		func(dst []byte, r *Row) []byte {
			start := len(dst)
			others, _ := r.twins().of(r.Segment)
			for _, n := range others {
				dst = decimal.AppendInt(appendBetween(dst, start, r.Between.Numbers), int64(n))
			}
			return dst
		}},
}

func (r *Row) twins() *Twins {
	if r.Manner == nil {
		return nil
	}
	return r.Manner.Twins
}

func bpf(q Query) AppendFunc {
	return func(dst []byte, r *Row) []byte { return appendBPF(dst, r.Segment, q) }
}

func displayFilter(q Query) AppendFunc {
	return func(dst []byte, r *Row) []byte { return appendDisplayFilter(dst, r.Segment, q) }
}

// filterFacts are the filters of a header's segment, for readers.
func filterFacts(r *Row) (facts []Fact) {
	s := r.Segment
	if !filterable(s) {
		return []Fact{{"filters", "none: " + whyNoBPF(s), Quiet}}
	}
	why := whyNoBPF(s)
	for q := range Queries {
		if why == "" {
			name := q.String()
			if q == SameFlags { // tcpdump asks for them in one version of IP
				name += map[bool]string{false: " in IPv4", true: " in IPv6"}[s.IPVersion == 6]
			}
			facts = append(facts, Fact{name + ", tcpdump", string(appendBPF(nil, s, q)), Plain})
		}
		facts = append(facts, Fact{q.String() + ", Wireshark", string(appendDisplayFilter(nil, s, q)), Plain})
	}
	facts = append(facts, Fact{"this frame, Wireshark", string(decimal.AppendInt([]byte("frame.number == "), int64(s.Number))), Plain})
	if why != "" {
		facts = append(facts, Fact{"tcpdump", "no filter finds it: " + why, Quiet})
	}
	switch others, known := r.twins().of(s); {
	case !known:
	case len(others) == 0:
		facts = append(facts, Fact{"this segment", "no other frame of the capture matches", Quiet})
	default:
		facts = append(facts, Fact{"this segment", "matches too:" + string(appendHashes(nil, others)), Remarked})
	}
	return facts
}

// appendHashes appends " #4 #9".
func appendHashes(dst []byte, frames []int) []byte {
	const most = 20
	for i, n := range frames {
		if i == most {
			return append(decimal.AppendInt(append(dst, " and "...), int64(len(frames)-most)), " more"...)
		}
		dst = decimal.AppendInt(append(dst, " #"...), int64(n))
	}
	return dst
}
