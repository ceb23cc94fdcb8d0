package web

import (
	"encoding/json"
	"sync"
)

// A Class is where the teacher's page stands, and what the phones have answered to
// the question that is open. No names are kept: a phone is a number that it made up
// itself, and is forgotten with the question.
type Class struct {
	mu      sync.Mutex
	at      int             // the moment that the teacher's page shows
	ask     json.RawMessage // the question that is open; nil for none
	options int             // how many choices it has
	right   int             // which of them is right
	round   int             // counts the questions
	votes   map[string]int  // the choice of each phone
	reveal  bool
	follow  int     // phones that follow now
	news    [2]news // for phones, for the teacher
}

// news wakes those who wait for something new.
type news struct {
	version int
	more    chan struct{}
}

// Bounds on what phones may do.
const (
	maxPhones  = 1000
	maxChoices = 8
	maxAsk     = 4 << 10 // bytes
)

func newClass() *Class {
	return &Class{at: -1, votes: map[string]int{}, news: [2]news{{more: make(chan struct{})}, {more: make(chan struct{})}}}
}

// state is what a follower is told; Counts only once they are revealed, or to the
// teacher.
type state struct {
	At      int             `json:"at"`
	Round   int             `json:"round"`
	Ask     json.RawMessage `json:"ask,omitempty"`
	Reveal  bool            `json:"reveal"`
	Counts  []int           `json:"counts,omitempty"`
	Right   int             `json:"right"` // -1 before it is revealed
	Answers int             `json:"answers"`
	Phones  int             `json:"phones"`
}

// see returns what is told now, with its version, and what is closed when there is
// something new.
func (c *Class) see(teacher bool) (s state, version int, more <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s = state{At: c.at, Round: c.round, Ask: c.ask, Reveal: c.reveal, Right: -1, Answers: len(c.votes), Phones: c.follow}
	if c.ask != nil && (teacher || c.reveal) {
		s.Counts, s.Right = make([]int, c.options), c.right
		for _, choice := range c.votes {
			s.Counts[choice]++
		}
	}
	of := &c.news[1]
	if !teacher {
		s.Answers, s.Phones = 0, 0
		of = &c.news[0]
	}
	return s, of.version, of.more
}

// changed wakes the teacher's page, and the phones where what they are told has
// changed too.
func (c *Class) changed(forPhones bool) {
	for i := range c.news {
		if i == 1 || forPhones {
			c.news[i].version++
			close(c.news[i].more)
			c.news[i].more = make(chan struct{})
		}
	}
}

// step moves the class to a moment.
func (c *Class) step(at int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at != c.at {
		c.at = at
		c.changed(true)
	}
}

// open asks the class; a question with no choices closes the one that is open.
func (c *Class) open(ask json.RawMessage, options, right int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ask, c.options, c.right, c.reveal = ask, options, right, false
	if options == 0 {
		c.ask = nil
	}
	c.round++
	clear(c.votes)
	c.changed(true)
}

// show reveals what was chosen.
func (c *Class) show() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ask != nil && !c.reveal {
		c.reveal = true
		c.changed(true)
	}
}

// vote takes a phone's choice; a second one replaces the first. It reports whether
// it counts.
func (c *Class) vote(phone string, round, choice int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.votes[phone]
	if c.ask == nil || c.reveal || round != c.round || choice < 0 || choice >= c.options || !known && len(c.votes) >= maxPhones {
		return false
	}
	c.votes[phone] = choice
	c.changed(false)
	return true
}

// join counts a phone that follows; false where there are too many.
func (c *Class) join() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.follow >= maxPhones {
		return false
	}
	c.follow++
	c.changed(false)
	return true
}

func (c *Class) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.follow--
	c.changed(false)
}
