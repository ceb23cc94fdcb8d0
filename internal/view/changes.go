package view

import "github.com/handshake-lab/handshake-lab/decode/conversation"

// A Change is a number of an end's account that a segment has changed.
type Change struct {
	Name string
	Tone Tone

	number  uint32
	rule    conversation.Rule
	assumed bool
}

// AppendTo appends the number as arithmetic that fits into so many characters,
// with a ? where it is assumed.
func (c *Change) AppendTo(dst []byte, room int) []byte {
	return appendTightly(dst, c.number, c.rule, c.assumed, room)
}

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

// Changes are what a segment has changed of the numbers of an end, since they
// were asked for last.
func (e *Entry) Changes(side conversation.Side) (list []Change) {
	if e.talk.accounts == nil {
		e.talk.accounts = new(accounts)
	}
	c, before := e.Event.Conversation, &e.talk.accounts[side]
	now := c.Account(side)
	for _, number := range accountNumbers {
		n, known, assumed := number.of(&now)
		n0, known0, assumed0 := number.of(before)
		if !known || known == known0 && n == n0 && assumed == assumed0 {
			continue
		}
		whose := side
		if number.peer {
			whose = side.Other()
		}
		rule := c.RuleOf(whose, n)
		list = append(list, Change{number.name, toneOf(rule.Base), n, rule, assumed})
	}
	*before = now
	return list
}
