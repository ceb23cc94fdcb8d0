package conversation

import (
	"strconv"
	"strings"
	"sync"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Completeness is Wireshark's sum of what was seen of a conversation.
type Completeness uint8

// The bits of Completeness.
const (
	SawSYN Completeness = 1 << iota
	SawSYNACK
	SawACK
	SawData
	SawFIN
	SawRST
)

// completeness returns the bits that one segment adds. As in Wireshark, a
// pure ACK is any segment with ACK, without SYN and without data, and a FIN
// counts together with ACK.
func completeness(f decode.Flags, length int) (bits Completeness) {
	switch f & (decode.SYN | decode.ACK) {
	case decode.SYN | decode.ACK:
		bits |= SawSYNACK
	case decode.ACK:
		bits |= SawACK
		if length > 0 {
			bits = SawData
		}
	}
	if f.Has(decode.FIN | decode.ACK) {
		bits |= SawFIN
	}
	if f.Has(decode.RST) {
		bits |= SawRST
	}
	return bits
}

// complete adds the segment's bits to the conversation. Wireshark takes
// nothing but a SYN from a conversation's first segment until a second one
// has followed, and not even that where the conversation was announced. One on
// reused ports begins in the middle of another, in its eyes: an RST beside its
// SYN counts at once.
func (c *Conversation) complete(s *decode.Segment, opens bool) {
	bits := completeness(s.Flags, s.PayloadLen)
	switch {
	case !opens:
		c.Seen |= bits | c.firstBits
	case c.Reused: // begins with a SYN
		c.Seen = SawSYN | bits
	default:
		c.firstBits = bits
		if s.Flags&(decode.SYN|decode.ACK) == decode.SYN && !c.expected {
			c.Seen = SawSYN
			if s.PayloadLen > 0 {
				c.Seen |= SawData // Fast Open
			}
		}
	}
}

// Text is the name Wireshark gives the sum, with the sum in brackets.
func (c Completeness) Text() string { return completenessWords().names[c&allSeen] }

// Sum tells which bits were seen and how they add up: "SYN 1 + SYN+ACK 2 + ACK 4 = 7".
// Where there may have been no ACK but the RST's own it says that such a bit counts.
func (c Completeness) Sum() string { return completenessWords().sums[c&allSeen] }

const allSeen = SawRST<<1 - 1

// completenessWords are all there can be, made once: every row of a
// conversation has them.
var completenessWords = sync.OnceValue(func() *struct{ names, sums [allSeen + 1]string } {
	words := new(struct{ names, sums [allSeen + 1]string })
	for c := range Completeness(allSeen + 1) {
		words.names[c], words.sums[c] = c.name(), c.sum()
	}
	return words
})

func (c Completeness) name() string {
	const established = SawSYN | SawSYNACK | SawACK
	name := "Incomplete"
	over := c&(SawFIN|SawRST) != 0
	switch {
	case c == SawSYN:
		name = "Incomplete, SYN_SENT"
	case c == SawSYN|SawSYNACK:
		name = "Incomplete, CLIENT_ESTABLISHED"
	case c == established:
		name = "Incomplete, ESTABLISHED"
	case c == established|SawData:
		name = "Incomplete, DATA"
	case c&established == established && c&SawData != 0 && over:
		name = "Complete, WITH_DATA"
	case c&established == established && over:
		name = "Complete, NO_DATA"
	}
	return name + " (" + strconv.Itoa(int(c)) + ")"
}

func (c Completeness) sum() string {
	if c == 0 {
		return "nothing that counts = 0"
	}
	var parts []string
	for i, name := range [...]string{"SYN", "SYN+ACK", "ACK", "DATA", "FIN", "RST"} {
		if c&(1<<i) != 0 {
			parts = append(parts, name+" "+strconv.Itoa(1<<i))
		}
	}
	sum := strings.Join(parts, " + ") + " = " + strconv.Itoa(int(c))
	if c&(SawACK|SawRST) == SawACK|SawRST && c&(SawData|SawFIN) == 0 {
		sum += " (the ACK bit of an RST counts)"
	}
	return sum
}
