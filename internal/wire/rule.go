package wire

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Rule is what the cable does with some packets, said in plain words:
//
//	drop the 2nd SYN+ACK
//	drop every SYN
//	drop the first 2 SYNs
//	delay the 1st data by 30ms
//	duplicate the 1st SYN after 40ms
//	reorder the 2nd data from the client
//	corrupt the 1st data
//	mark the 1st data
//	rewrite every SYN to mss 536
//	answer every SYN with RST
//	answer every packet larger than 1000 bytes with ICMP 3/4
//	cut after the 3rd data
//
// The packets are counted as the cable gets them, repetitions included. Over IPv6 an
// ICMP error of type 3 is the one of ICMPv6 that says the same.
type Rule struct {
	Text   string // as it was written
	action action
	which  selector
	by     time.Duration
	mss    uint16 // of rewrite
	answer answer
	seen   int // matches so far
	over   bool

	applied bool // to some packet
}

// longest is how long a rule may hold a packet back.
const longest = time.Minute

type action uint8

const (
	drop action = iota
	delay
	duplicate
	reorder
	corrupt
	mark
	rewrite
	reply
	cut
)

var verbs = map[string]action{"drop": drop, "lose": drop, "delay": delay, "duplicate": duplicate, "copy": duplicate, "reorder": reorder,
	"corrupt": corrupt, "mark": mark, "rewrite": rewrite, "answer": reply, "cut": cut}

// answer is what the cable says in the place of a host or a router.
type answer struct {
	reset      bool
	kind, code uint8 // of ICMP
}

// selector chooses packets.
type selector struct {
	from, to int // which of those that match: the first and the last
	every    bool
	kind     string
	end      End
	oneEnd   bool
	larger   int // than so many bytes; 0 for any
}

// kinds are the packets that a rule can name, in the order of the message that
// lists them.
var kinds = []struct {
	name string
	is   func(s *decode.Segment) bool
}{
	{"SYN", func(s *decode.Segment) bool { return s.Flags&(decode.SYN|decode.ACK|decode.RST) == decode.SYN }},
	{"SYN+ACK", func(s *decode.Segment) bool { return s.Flags.Has(decode.SYN | decode.ACK) }},
	{"ACK", func(s *decode.Segment) bool {
		return s.Flags&(decode.SYN|decode.ACK|decode.FIN|decode.RST) == decode.ACK && s.PayloadLen == 0
	}},
	{"data", func(s *decode.Segment) bool { return s.PayloadLen > 0 }},
	{"FIN", func(s *decode.Segment) bool { return s.Flags.Has(decode.FIN) }},
	{"RST", func(s *decode.Segment) bool { return s.Flags.Has(decode.RST) }},
	{"packet", func(*decode.Segment) bool { return true }},
}

// otherNames are what people call them besides.
var otherNames = map[string]string{"synack": "SYN+ACK", "syn-ack": "SYN+ACK", "syn/ack": "SYN+ACK", "acknowledgment": "ACK",
	"data segment": "data", "fin+ack": "FIN", "rst+ack": "RST", "reset": "RST", "psh+ack": "data", "segment": "packet"}

// KindNames are the packets that a rule can name.
func KindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

var (
	byPattern     = regexp.MustCompile(`^(.*?)\s+(?:by|after|for)\s+(\S+)$`)
	withPattern   = regexp.MustCompile(`^(.*?)\s+with\s+(.+)$`)
	mssPattern    = regexp.MustCompile(`^(.*?)\s+(?:to|with)\s+mss\s+(\d+)$`)
	icmpPattern   = regexp.MustCompile(`^icmp\s+(\d+)/(\d+)$`)
	largerPattern = regexp.MustCompile(`^(.*?)\s+larger than\s+(\d+)(?:\s+bytes?)?$`)
	ofPattern     = regexp.MustCompile(`^(.*?)\s+(?:from|of)\s+(?:the\s+)?(client|server)$`)
	ownPattern    = regexp.MustCompile(`^(?:the\s+)?(client|server)'s\s+(.*)$`)
	nthPattern    = regexp.MustCompile(`^(\d+)(?:st|nd|rd|th)\s+(.*)$`)
	firstPattern  = regexp.MustCompile(`^first\s+(\d+)\s+(.*)$`)
)

// Ordinals in words, as far as anybody says them.
var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}

// ParseRule reads a rule. The error says which part is not understood, and what
// would be.
func ParseRule(text string) (Rule, error) {
	words := strings.Join(strings.Fields(text), " ")
	verb, rest, _ := strings.Cut(words, " ")
	a, ok := verbs[strings.ToLower(verb)]
	if !ok {
		return Rule{}, fmt.Errorf("rule %q: it begins with none of drop, delay, duplicate, reorder, corrupt, mark, rewrite, answer, cut", text)
	}
	r := Rule{Text: words, action: a}
	var err error
	switch a {
	case delay, duplicate:
		if m := byPattern.FindStringSubmatch(rest); m != nil {
			if r.by, err = time.ParseDuration(m[2]); err != nil || r.by < 0 {
				return Rule{}, fmt.Errorf("rule %q: %q is no time; 30ms and 1.5s are", text, m[2])
			}
			if r.by > longest {
				return Rule{}, fmt.Errorf("rule %q: a packet is held back for a minute at most", text)
			}
			rest = m[1]
		} else if a == delay {
			return Rule{}, fmt.Errorf("rule %q: it does not say by how much: delay the 1st data by 30ms", text)
		}
	case rewrite:
		m := mssPattern.FindStringSubmatch(strings.ToLower(rest))
		if m == nil {
			return Rule{}, fmt.Errorf("rule %q: what can be rewritten is the MSS: rewrite every SYN to mss 536", text)
		}
		mss, err := strconv.ParseUint(m[2], 10, 16)
		if err != nil {
			return Rule{}, fmt.Errorf("rule %q: an MSS has 16 bits", text)
		}
		r.mss, rest = uint16(mss), m[1]
	case reply:
		m := withPattern.FindStringSubmatch(rest)
		if m == nil || !r.answer.parse(m[2]) {
			return Rule{}, fmt.Errorf("rule %q: an answer is RST or an ICMP error: answer every SYN with RST, with ICMP 3/13", text)
		}
		rest = m[1]
	case cut:
		rest = strings.TrimPrefix(rest, "the cable ")
		after, ok := strings.CutPrefix(rest, "after ")
		if !ok {
			return Rule{}, fmt.Errorf("rule %q: it does not say when: cut after the 3rd data", text)
		}
		rest = after
	}
	if r.which, err = parseSelector(rest); err != nil {
		return Rule{}, fmt.Errorf("rule %q: %w", text, err)
	}
	return r, nil
}

func (a *answer) parse(text string) bool {
	text = strings.TrimPrefix(strings.ToLower(text), "an ")
	if text == "rst" || text == "reset" {
		a.reset = true
		return true
	}
	m := icmpPattern.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	kind, err1 := strconv.ParseUint(m[1], 10, 8)
	code, err2 := strconv.ParseUint(m[2], 10, 8)
	a.kind, a.code = uint8(kind), uint8(code)
	return err1 == nil && err2 == nil
}

// parseSelector reads which packets: "the 2nd SYN+ACK", "every SYN of the client".
func parseSelector(text string) (s selector, err error) {
	rest := strings.ToLower(text)
	takeEnd := func(word string) { s.oneEnd, s.end = true, map[string]End{"client": Client, "server": Server}[word] }
	if m := largerPattern.FindStringSubmatch(rest); m != nil {
		s.larger, _ = strconv.Atoi(m[2])
		rest = m[1]
	}
	if m := ofPattern.FindStringSubmatch(rest); m != nil {
		takeEnd(m[2])
		rest = m[1]
	}
	if m := ownPattern.FindStringSubmatch(rest); m != nil {
		takeEnd(m[1])
		rest = m[2]
	}
	rest = strings.TrimPrefix(rest, "the ")
	s.from, s.to = 1, 1
	word, after, several := strings.Cut(rest, " ")
	switch {
	case several && (word == "every" || word == "all" || word == "each"):
		s.to, s.every, rest = 0, true, after
	case firstPattern.MatchString(rest):
		m := firstPattern.FindStringSubmatch(rest)
		s.to, _ = strconv.Atoi(m[1])
		rest = m[2]
	case nthPattern.MatchString(rest):
		m := nthPattern.FindStringSubmatch(rest)
		s.from, _ = strconv.Atoi(m[1])
		s.to, rest = s.from, m[2]
	case several && ordinals[word] > 0:
		s.from, s.to, rest = ordinals[word], ordinals[word], after
	case rest == "everything":
		s.to, s.every, rest = 0, true, "packet"
	}
	if s.from < 1 || s.to < s.from && !s.every {
		return s, fmt.Errorf("%q: packets are counted from 1", text)
	}
	if s.kind = kindNamed(rest); s.kind == "" {
		return s, fmt.Errorf("%q names none of %s: the 2nd SYN+ACK, every SYN, the client's 1st FIN", text, strings.Join(KindNames(), ", "))
	}
	return s, nil
}

func kindNamed(word string) string {
	for _, w := range []string{word, strings.TrimSuffix(word, "s")} {
		if name, ok := otherNames[w]; ok {
			return name
		}
		for _, k := range kinds {
			if strings.EqualFold(k.name, w) {
				return k.name
			}
		}
	}
	return ""
}

// matches reports whether the rule applies to a packet, and counts it. segment is
// nil for what is no TCP.
func (r *Rule) matches(from End, size int, segment *decode.Segment) bool {
	w := &r.which
	if w.oneEnd && w.end != from || size <= w.larger {
		return false
	}
	if segment == nil {
		if w.kind != "packet" {
			return false
		}
	} else {
		for _, k := range kinds {
			if k.name == w.kind && !k.is(segment) {
				return false
			}
		}
	}
	r.seen++
	return r.seen >= w.from && (w.every || r.seen <= w.to)
}
