package staged

import (
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// Sequence is what an end has sent, a word a segment:
//
//	SYN SYN+ACK FIN RST         by the flags; .E stands behind one with ECE, .C behind one with CWR
//	ACK                         the third step of the handshake
//	5                           a segment with so many bytes of data; 5F with a FIN
//	5'                          sent before: the same numbers once more
//	SYN!                        lost on the way
//	SYN*                        made by the cable
//	ICMP3/4                     an ICMP error, ICMPv6-2/0 one of IPv6
//
// Several connections stand in the order of their first segments, with a stroke
// between them, and a number before those that are alike. Other acknowledgments that
// carry nothing else are left out unless they were lost: how many there are varies, as
// a kernel may wait with them for data to go along.
func Sequence(records []*wire.Record, from wire.End) string {
	s := sequence{decoder: decode.New(), words: map[uint32][]string{}, seen: map[numbers]bool{}, opened: map[uint32]bool{}}
	for _, r := range records {
		if r.From == from {
			s.add(r)
		}
	}
	return s.String()
}

// numbers tell a segment from others of its connection.
type numbers struct {
	ports  uint32
	seq    uint32
	length int
	flags  decode.Flags
}

type sequence struct {
	decoder *decode.Decoder
	order   []uint32            // connections, by their ports
	words   map[uint32][]string // of each
	seen    map[numbers]bool
	opened  map[uint32]bool // there was an ACK, or it has sent a SYN+ACK
}

func (q *sequence) add(r *wire.Record) {
	var s decode.Segment
	p := capture.Packet{Number: 1, Link: capture.LinkRaw, FCS: -1, Length: len(r.Data), Data: r.Data}
	result := q.decoder.Decode(&p, &s)
	var word string
	ports := uint32(s.SrcPort)<<16 | uint32(s.DstPort)
	switch result.Kind {
	case decode.Quoted:
		name := "ICMP"
		if len(r.Data) > 0 && r.Data[0]>>4 == 6 {
			name = "ICMPv6-"
		}
		word = fmt.Sprintf("%s%d/%d", name, result.Quote.Type, result.Quote.Code)
		ports = 0
	case decode.TCP:
		word = wordOf(&s)
		if word == "ACK" && q.opened[ports] && r.Fate != wire.Lost && !r.Forged {
			return
		}
		q.opened[ports] = q.opened[ports] || word == "ACK" || s.Flags.Has(decode.SYN|decode.ACK)
		n := numbers{ports, s.Seq, s.PayloadLen, s.Flags & (decode.SYN | decode.FIN | decode.RST)}
		if s.Flags.Has(decode.SYN) {
			n.flags |= s.Flags & decode.ACK // its SYN+ACK does not repeat its SYN
		}
		if word != "ACK" && !r.Forged {
			if q.seen[n] {
				word += "'"
			}
			q.seen[n] = true
		}
	default:
		return
	}
	if r.Forged {
		word += "*"
	}
	if r.Fate == wire.Lost {
		word += "!"
	}
	if q.words[ports] == nil {
		q.order = append(q.order, ports)
	}
	q.words[ports] = append(q.words[ports], word)
}

func (q *sequence) String() string {
	var parts []string
	alike := 1
	for i, ports := range q.order {
		text := strings.Join(q.words[ports], " ")
		if i+1 < len(q.order) && strings.Join(q.words[q.order[i+1]], " ") == text {
			alike++
			continue
		}
		if alike > 1 {
			text = fmt.Sprintf("%dx %s", alike, text)
		}
		parts, alike = append(parts, text), 1
	}
	return strings.Join(parts, " / ")
}

func wordOf(s *decode.Segment) string {
	word := ""
	switch {
	case s.Flags.Has(decode.SYN | decode.ACK):
		word = "SYN+ACK"
	case s.Flags.Has(decode.SYN):
		word = "SYN"
	case s.Flags.Has(decode.RST):
		return "RST"
	}
	if s.PayloadLen > 0 {
		word += fmt.Sprint(s.PayloadLen)
	}
	switch {
	case s.Flags.Has(decode.FIN) && word == "":
		word = "FIN"
	case s.Flags.Has(decode.FIN):
		word += "F"
	case word == "":
		return "ACK"
	}
	if s.Flags.Has(decode.ECE) {
		word += ".E"
	}
	if s.Flags.Has(decode.CWR) && !s.Flags.Has(decode.SYN) {
		word += ".C"
	}
	return word
}
