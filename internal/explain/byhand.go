package explain

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// refusal is the RST with which the recording scenario:refused ends: its kernel has
// filled in the checksum.
var refusal = sync.OnceValues(func() (*decode.Segment, error) {
	recording, err := scenarios.Find("refused")
	if err != nil {
		return nil, err
	}
	file, err := capture.NewReader(bytes.NewReader(recording.Capture()))
	if err != nil {
		return nil, err
	}
	decoder := decode.New()
	for {
		var p capture.Packet
		if err := file.Next(&p); err != nil {
			return nil, err
		}
		s := new(decode.Segment)
		if decoder.Decode(&p, s).Kind == decode.TCP && s.Flags.Has(decode.RST) && s.IPVersion == 4 && s.HeaderLen == 20 && s.PayloadLen == 0 {
			s.Keep(nil)
			return s, nil
		}
	}
})

// term is 16 bits that go into a checksum, and what they are.
type term struct {
	word uint16
	is   string
}

// pseudoTerms is how many of the terms are of the pseudo-header.
const pseudoTerms = 6

// terms are the words that the checksum of a segment without options and data is of.
func terms(s *decode.Segment) (words []term) {
	for _, end := range []struct {
		is   string
		addr netip.Addr
	}{{"source", s.Src}, {"destination", s.Final()}} {
		a := end.addr.As4()
		words = append(words, term{binary.BigEndian.Uint16(a[:]), fmt.Sprintf("%s address, %d.%d", end.is, a[0], a[1])},
			term{binary.BigEndian.Uint16(a[2:]), fmt.Sprintf("%d.%d", a[2], a[3])})
	}
	words = append(words, term{6, "zero, and the protocol: TCP is 6"},
		term{uint16(s.HeaderLen), fmt.Sprintf("length of header and data: %d bytes", s.HeaderLen)})
	for i, is := range [...]string{fmt.Sprintf("source port, %d", s.SrcPort), fmt.Sprintf("destination port, %d", s.DstPort),
		fmt.Sprintf("sequence number, %d", s.Seq), "", fmt.Sprintf("acknowledgment number, %d", s.Ack), "",
		fmt.Sprintf("%d words of header; %s", s.HeaderLen/4, s.Flags), fmt.Sprintf("window, %d", s.Window),
		"checksum: 0 while it is worked out", fmt.Sprintf("urgent pointer, %d", s.Urgent)} {
		words = append(words, term{binary.BigEndian.Uint16(s.Header[2*i:]), is})
	}
	words[pseudoTerms+8].word = 0
	return words
}

// checksumTopic works a checksum out word by word.
func checksumTopic() Topic {
	segment, err := refusal()
	if err != nil {
		panic(err) // the recording is part of the program
	}
	lines := code{"the pseudo-header, from the IP header"}
	var sum uint32
	for i, w := range terms(segment) {
		if i == pseudoTerms {
			lines = append(lines, "the TCP header")
		}
		sum += uint32(w.word)
		lines = append(lines, fmt.Sprintf("  %04x  sum %5x  %s", w.word, sum, w.is))
	}
	last := fmt.Sprintf("%x", sum)
	folded := sum
	carries := code{}
	for folded > 0xffff {
		next := folded&0xffff + folded>>16
		carries = append(carries, fmt.Sprintf("  %x: %x + %04x = %x", folded, folded>>16, folded&0xffff, next))
		folded = next
	}
	return Topic{Name: "checksum-by-hand", Group: groupHeader, Title: "The checksum, worked out by hand",
		aliases: []string{"checksum by hand", "checksum example", "internet checksum", "ones' complement", "pseudo-header"},
		Help:    "The ones' complement of the ones' complement sum of all 16-bit words: of a pseudo-header, the header and the data.",
		Ref:     "RFC 9293 §3.1",
		body: []block{
			para("The segment is the RST of handshake-lab export scenario:refused --view header: 20 bytes, no options, no data. The numbers are hexadecimal."),
			heading("1. Add all words, the checksum itself as 0"), lines,
			heading("2. Add what is beyond 16 bits, the carries, to the rest, until nothing is"), append(code{"the sum is " + last}, carries...),
			heading("3. Turn every bit round: the ones' complement"), code{fmt.Sprintf("  ffff - %04x = %04x", folded, uint16(^folded))},
			para(fmt.Sprintf("So the checksum is 0x%04x, as the segment has it. The receiver adds all words, this one too: ffff comes out where nothing has changed.", uint16(^folded))),
			rows{
				{"odd length", "a byte of 0 is added behind the last, for the sum alone"},
				{"IPv6", "the pseudo-header has 40 bytes: both addresses, a length of 32 bits, three zeros and the Next Header, 6"},
				{"what it finds", "any single wrong bit; not two words that have changed places, as a sum has no order"},
				{"see", "explain checksum: why a capture often has only a part of it"},
			},
		}}
}

// lengthsTopic is what IP's lengths say of TCP's header.
func lengthsTopic() Topic {
	return Topic{Name: "lengths", Group: groupHeader, Title: "Header and data, from the lengths in the IP header",
		aliases: []string{"header length by hand", "ip length", "total length", "payload length", "data length"},
		Help:    "TCP has no field for the length of its data: it is what is left of the IP packet.",
		Ref:     "RFC 9293 §3.1",
		body: []block{rows{
			{"IP header", "IHL × 4 bytes: 5 words are 20"},
			{"TCP header", "Data Offset × 4 bytes: 5 words are 20, 10 words 40"},
			{"data", "Total Length - IP header - TCP header"},
			{"data over IPv6", "Payload Length - extension headers - TCP header; IPv6's own header, 40 bytes, is not in the Payload Length"},
		},
			heading("In the recording scenario:normal"),
			code{
				"frame                     total   IP   both  header  data",
				"1 SYN                        60 - 20 =   40 =    40 +   0",
				"3 ACK                        52 - 20 =   32 =    32 +   0",
				"4 PSH+ACK Welcome! and LF    61 - 20 =   41 =    32 +   9",
			},
			para("A SYN has no data as a rule: so what IP leaves of it, 40 bytes, is all header, 20 fixed and 20 of options. A segment with an equal Total Length may have another header: the Data Offset decides."),
			para("See all of it: handshake-lab export scenario:normal --view header."),
		}}
}
