package quiz

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/decode"
)

const (
	ackFlag = decode.ACK
	finFlag = decode.FIN
)

func askSYNFlags(m *maker, x *Exchange) {
	askStepFlags(m, x, 0, "Only SYN: it asks for a connection and has nothing to acknowledge yet.",
		Mistake{flags(decode.SYN | decode.ACK), "SYN+ACK is the answer to it. The first segment has nothing to acknowledge, so ACK is not set."})
}

func askSYNACKFlags(m *maker, x *Exchange) {
	askStepFlags(m, x, 1, "SYN, as it opens the server's direction, and ACK, as it acknowledges the client's SYN.",
		Mistake{flags(decode.SYN), "Its own SYN is there, but it also acknowledges the client's, so ACK is set too."},
		Mistake{flags(decode.ACK), "It acknowledges, but it also brings the server's own number, so SYN is set too."})
}

func askThirdFlags(m *maker, x *Exchange) {
	askStepFlags(m, x, 2, "ACK alone: both SYNs have been sent, and the last one is acknowledged.",
		Mistake{flags(decode.SYN | decode.ACK), "The client's SYN has been sent and acknowledged already: only ACK is left."},
		Mistake{flags(decode.SYN), "That was the first step."})
}

var ordinals = [...]string{"first", "second", "third"}

func askStepFlags(m *maker, x *Exchange, step int, why string, mistakes ...Mistake) {
	list := x.opening()
	if list == nil {
		return
	}
	f := list[step]
	usual := [...]decode.Flags{decode.SYN, decode.SYN | decode.ACK, decode.ACK}[step]
	if f.Flags&named != usual {
		why = fmt.Sprintf("%s, and besides %s.", why[:len(why)-1], f.Flags&named&^usual)
		mistakes = append(mistakes, Mistake{flags(usual), "Those are what every such segment has; this one has more. Look at the byte with bits 104 to 111."})
	}
	m.add(Question{
		Ask:      fmt.Sprintf("Which flags are set in %s, the %s step of this handshake?", hash(f.Number), ordinals[step]),
		Show:     []Exhibit{header(f)},
		asks:     stepFlags(f, step),
		Answer:   flags(f.Flags & named),
		Mistakes: mistakes,
		Why:      fmt.Sprintf("Bits 104 to 111 of the header are %s. %s", f.Flags.Bits(), why),
		Section:  "RFC 9293 §3.1 and §3.5",
	})
}

// stepFlags are the flags of a step.
func stepFlags(f *Frame, step int) []fact {
	asks := f.facts(Flags)
	if step == 1 {
		asks = append(asks, secondStep)
	}
	return asks
}

func askBitsOfByte(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	f := pick(m, list)
	bits := f.Flags & 0xff
	m.add(Question{
		Ask:    fmt.Sprintf("Bits 104 to 111 of a TCP header are %s. Which flags are set?", bits.Bits()),
		Answer: flags(bits),
		Mistakes: []Mistake{
			{flags(mirrored(bits)), "You read the byte from the wrong end: bit 104 (CWR) is the first digit, bit 111 (FIN) the last."},
		},
		Why:     fmt.Sprintf("The digits stand for CWR ECE URG ACK PSH RST SYN FIN: %s is %s.", bits.Bits(), bits),
		Section: "RFC 9293 §3.1",
	})
}

// mirrored is a flags byte read from the wrong end.
func mirrored(byte decode.Flags) (other decode.Flags) {
	for i := range 8 {
		other |= byte >> i & 1 << (7 - i)
	}
	return other
}

func askWhichSYNACK(m *maker, x *Exchange) {
	list := x.opening()
	if list == nil {
		return
	}
	q := Question{
		Ask:     "You see the TCP header of one segment, and nothing else. What shows that it is the second step of a three-way handshake?",
		Why:     "The first has SYN without ACK, the third ACK without SYN; the second has both.",
		Section: "RFC 9293 §3.5",
		tells:   []fact{secondStep},
	}
	q.choose(m.Shuffle,
		option{text: "SYN and ACK are both set"},
		option{"its source port is the server's", "That is so in every segment of the server's."},
		option{"its acknowledgment number is not 0", "The third one's is not 0 either, nor is that of the segments after it."},
		option{"ACK is set for the first time", "One header does not show what came before it."})
	m.add(q)
}
