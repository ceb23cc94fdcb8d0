package quiz

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A Kind is one kind of question: what labs ask about any connection.
type Kind struct {
	Name   string // stable: "syn-seq"
	Topic  string // one of Topics
	Level  int    // 1: read it off; 2: work it out; 3: say why
	Points int
	Asked  []int // which of the questions of common lab sheets it is
	make   func(m *maker, x *Exchange)
}

// The topics, in the order in which a lesson has them.
const (
	Sockets   = "sockets"
	Handshake = "handshake"
	Bits      = "flags"
	Numbers   = "numbers"
	Header    = "header"
	Agreed    = "options"
	Data      = "data"
	Ending    = "ending"
	Trouble   = "trouble"
)

// Topics are all topics.
var Topics = []string{Sockets, Handshake, Bits, Numbers, Header, Agreed, Data, Ending, Trouble}

// Kinds is the one table of questions. A new kind is a row here and a function in
// a file of its own or of its topic.
var Kinds = []Kind{
	{"client-socket", Sockets, 1, 1, []int{1}, askClientSocket},
	{"server-socket", Sockets, 1, 1, []int{1}, askServerSocket},
	{"port-class", Sockets, 2, 1, []int{11}, askPortClass},
	{"ports-of-reply", Sockets, 2, 1, []int{15}, askPortsOfReply},

	{"handshake-order", Handshake, 1, 2, []int{23, 24}, askHandshakeOrder},
	{"connection-order", Handshake, 2, 3, []int{23, 24}, askConnectionOrder},
	{"synack-time", Handshake, 2, 1, []int{25}, askSYNACKTime},
	{"third-payload", Handshake, 2, 1, []int{29}, askThirdPayload},

	{"syn-flags", Bits, 1, 1, []int{3, 14}, askSYNFlags},
	{"synack-flags", Bits, 1, 1, []int{6, 12}, askSYNACKFlags},
	{"third-flags", Bits, 1, 1, []int{12, 17}, askThirdFlags},
	{"bits-of-byte", Bits, 2, 2, []int{3, 17}, askBitsOfByte},
	{"which-synack", Bits, 2, 1, []int{6}, askWhichSYNACK},

	{"syn-seq", Numbers, 2, 2, []int{2}, askSYNSeq},
	{"synack-seq", Numbers, 2, 2, []int{5}, askSYNACKSeq},
	{"synack-ack", Numbers, 2, 2, []int{7, 16}, askSYNACKAck},
	{"synack-ack-why", Numbers, 3, 1, []int{8, 32}, askSYNACKAckWhy},
	{"third-seq", Numbers, 2, 2, []int{13, 32}, askThirdSeq},
	{"third-ack", Numbers, 2, 2, []int{13, 16, 32}, askThirdAck},
	{"syn-ack-zero", Numbers, 3, 1, []int{29}, askACKZero},
	{"isn-why", Numbers, 3, 1, []int{30}, askISN},

	{"header-length", Header, 2, 1, []int{18}, askHeaderLength},
	{"data-offset", Header, 2, 1, []int{18}, askDataOffset},

	{"sack", Agreed, 1, 1, []int{4}, askSACK},
	{"syn-options", Agreed, 1, 2, []int{26}, askSYNOptions},
	{"echo", Agreed, 2, 1, []int{19}, askEcho},
	{"scaled-window", Agreed, 2, 2, []int{20}, askScaledWindow},

	{"first-data", Data, 2, 2, []int{9, 21}, askFirstData},
	{"data-size", Data, 2, 1, []int{9}, askDataSize},
	{"next-ack", Data, 2, 2, []int{21, 27}, askNextAck},
	{"data-time", Data, 2, 1, []int{10}, askDataTime},

	{"fin-frames", Ending, 1, 1, []int{22}, askFINFrames},
	{"who-closes", Ending, 1, 1, []int{31}, askWhoCloses},
	{"closing-order", Ending, 2, 3, []int{28}, askClosingOrder},
	{"fin-ack", Ending, 2, 2, []int{28}, askFINAck},
	{"reset-number", Ending, 3, 2, []int{34}, askResetNumber},

	{"what-happened", Trouble, 3, 3, []int{33}, askWhatHappened},
	{"syn-tries", Trouble, 2, 1, []int{33}, askSYNTries},
	{"synack-tries", Trouble, 2, 1, []int{33}, askSYNACKTries},
	{"waiting", Trouble, 2, 2, []int{33}, askWaiting},
	{"filter", Trouble, 3, 2, []int{35}, askFilter},
}

// maker is what a kind makes its questions with.
type maker struct {
	*rand.Rand
	capture *Capture
	kind    *Kind
	made    []*Question
}

// add takes a question that a kind has made, unless its answer happens to stand
// in its text.
func (m *maker) add(q Question) {
	if q.Kind = m.kind; !q.givesItselfAway() {
		m.made = append(m.made, &q)
	}
}

// givesItselfAway reports whether a number that is the answer stands in the text.
func (q *Question) givesItselfAway() bool {
	digits := func(r rune) bool { return r < '0' || r > '9' }
	return slices.ContainsFunc(strings.FieldsFunc(q.Ask, digits), func(word string) bool {
		switch a := q.Answer.(type) {
		case number: // small numbers are those of frames
			return word == strconv.FormatUint(uint64(a.raw), 10)
		case length:
			_, ok := a.Match(word)
			return ok
		case count:
			_, ok := a.Match(word)
			return ok
		}
		return false
	})
}

// pick takes one of a list at random; the zero value of an empty one.
func pick[T any](m *maker, list []T) (one T) {
	if len(list) > 0 {
		one = list[m.IntN(len(list))]
	}
	return one
}
