package present

import (
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// With Options.Endpoints the story says below each segment what has changed of
// the numbers of both ends: the client's at the left, the server's at the right.

const endpointsNote = "below a segment: what changed of SND.UNA, SND.NXT and RCV.NXT, the client's at the left, the server's at the right; ? is assumed"

// accountNumber is a number of an end's account as the story tells it.
type accountNumber struct {
	name string
	peer bool // it counts the peer's stream
	of   func(a *conversation.Account) (n uint32, known, assumed bool)
}

var accountNumbers = [...]accountNumber{
	{"SND.UNA", ofOwn, func(a *conversation.Account) (uint32, bool, bool) { return a.UNA, a.HasSent, false }},
	{"SND.NXT", ofOwn, func(a *conversation.Account) (uint32, bool, bool) { return a.NXT, a.HasSent, false }},
	{"RCV.NXT", ofPeer, func(a *conversation.Account) (uint32, bool, bool) { return a.RCV, a.HasReceived, a.Assumed() }},
}

// piece is text in a style, all of it ASCII.
type piece struct{ name, text, style string }

func (p *piece) columns() int { return len(p.name) + len(" ") + len(p.text) }

// endpoints writes what a segment has changed of the numbers of both ends.
func (s *story) endpoints(t *talk, c *conversation.Conversation) {
	if !s.tellsEnds {
		return
	}
	if t.accounts == nil {
		t.accounts = new(accounts)
	}
	var changed [2][]piece
	for _, side := range ends {
		now := c.Account(side)
		changed[side] = s.changedNumbers(c, side, &t.accounts[side], &now)
		t.accounts[side] = now
	}
	left, right := changed[conversation.Client], changed[conversation.Server]
	const apart = 2
	if len(left) > 0 && len(right) > 0 && 1+columnsOf(left)+apart+columnsOf(right)+1 <= s.ladder.inside() {
		s.pieces(left, right)
		return
	}
	for _, p := range s.linesOf(left) {
		s.pieces(p, nil)
	}
	for _, p := range s.linesOf(right) {
		s.pieces(nil, p)
	}
}

// changedNumbers are those that are not what they were.
func (s *story) changedNumbers(c *conversation.Conversation, side conversation.Side, before, now *conversation.Account) (list []piece) {
	for _, number := range accountNumbers {
		n, known, assumed := number.of(now)
		n0, known0, assumed0 := number.of(before)
		if !known || known == known0 && n == n0 && assumed == assumed0 {
			continue
		}
		whose := side
		if number.peer {
			whose = side.Other()
		}
		rule := c.RuleOf(whose, n)
		const room = len("x+1+12345678+1?")
		list = append(list, piece{number.name, string(appendTightly(nil, n, rule, assumed, room)), ruleStyle(rule.Base)})
	}
	return list
}

func columnsOf(list []piece) (columns int) {
	for i := range list {
		columns += list[i].columns() + len("  ")
	}
	return columns - len("  ")
}

// linesOf breaks a list into such as fit between the lifelines.
func (s *story) linesOf(list []piece) (lines [][]piece) {
	for len(list) > 0 {
		n := len(list)
		for n > 1 && columnsOf(list[:n])+len("  ") > s.ladder.inside() {
			n--
		}
		lines, list = append(lines, list[:n]), list[n:]
	}
	return lines
}

// pieces writes a line of what has changed at the left and at the right.
func (s *story) pieces(left, right []piece) {
	s.rail()
	put := func(list []piece) {
		for i := range list {
			if i > 0 {
				s.line.raw(plain, "  ")
			}
			s.line.raw(dim, list[i].name+" ")
			s.withinASCII(list[i].style, []byte(list[i].text))
		}
	}
	s.line.raw(plain, " ")
	put(left)
	if len(right) > 0 {
		s.line.to(s.ladder.right - 1 - columnsOf(right))
		put(right)
	}
	s.endLine(false, conversation.Unknown)
}
