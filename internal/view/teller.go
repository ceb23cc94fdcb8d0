package view

import (
	"cmp"
	"errors"
	"net"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Teller tells the story: it knows who is who, and which states were told already.
type Teller struct {
	clock     clock
	talks     map[int]*talk   // by stream
	recent    [64]*talk       // a cache of talks, by the stream's last bits
	expected  func() int      // how many clients there are; nil once it was asked
	largest   int             // number of a client
	several   bool            // clients have been seen, or are expected
	listening map[string]bool // sockets known to listen
	waiting   map[int]*States // told by calls of clients whose SYN is still to come, by number
	manner    *Manner         // how numbers and addresses are told
	entry     Entry
}

// NewTeller begins a story. How many clients there are is asked at its first
// moment; nil where nobody knows.
func NewTeller(clients func() int) *Teller {
	return &Teller{expected: clients, talks: map[int]*talk{}, listening: map[string]bool{}, waiting: map[int]*States{}}
}

// In is the teller with a manner of telling numbers and addresses; nil for the
// header's.
func (t *Teller) In(manner *Manner) *Teller {
	t.manner = manner
	return t
}

// LargestClient is the largest number that a client has, or may have.
func (t *Teller) LargestClient() int { return t.largest }

// HasSeveralClients reports whether it has to be said whose an entry is.
func (t *Teller) HasSeveralClients() bool { return t.several }

// Tell makes the entry of a moment; nil where there is nothing to tell.
func (t *Teller) Tell(m *timeline.Moment) *Entry {
	if t.expected != nil {
		t.count(t.expected())
		t.expected = nil
	}
	start := t.clock.see(m)
	if !Tells(m) {
		return nil
	}
	e := &t.entry
	*e = Entry{Moment: m, room: e.room[:0], manner: t.manner}
	if e.Timed = m.At.Known && start.Known; e.Timed {
		e.Since = m.At.Since(start)
	}
	switch m.Kind {
	case timeline.Segment:
		if m.Event.Conversation == nil {
			return nil
		}
		t.segment(e)
	case timeline.Arrival:
		t.arrival(e)
	case timeline.Call:
		e.Client = m.Client
		t.count(e.Client)
		e.Reached = t.statesOfCall(m.Call, e.Client)
	case timeline.Ended:
		e.talk = t.talks[m.Conversation.Stream]
		if e.talk == nil {
			return nil // none of its segments was told
		}
		e.Client = e.talk.client
		delete(t.talks, e.talk.stream)
		t.recent[e.talk.stream%len(t.recent)] = nil
	case timeline.Quote:
		if m.Conversation != nil {
			if talk := t.talks[m.Conversation.Stream]; talk != nil {
				e.Client = talk.client
			}
		}
	}
	return e
}

// Tells reports whether a moment has a part in the story: a call that waits for
// the peer when it returns, connect also when it begins; the others when they
// are made, and when they failed.
func Tells(m *timeline.Moment) bool {
	c := m.Call
	switch {
	case m.Kind != timeline.Call:
		return true
	case errors.Is(c.Err, net.ErrClosed):
		return false // the program itself closed the socket under the call
	case c.Name == "connect":
		return true
	case c.Name == "accept", c.Name == "recv":
		return c.Phase == dialogue.End
	case c.Name == "send":
		return c.Phase == dialogue.Begin || c.Err != nil || c.N < len(c.Data)
	}
	return c.Phase == dialogue.Begin || c.Err != nil
}

func (t *Teller) segment(e *Entry) {
	event := e.Event
	talk, fresh := t.talkOf(event.Conversation, e.Moment.Client)
	e.talk, e.Client = talk, talk.client
	if fresh {
		e.Opens = &talk.sockets
		if talk.shown == (States{}) && event.Step == conversation.StepSYN && event.Opens {
			e.Before = talk.change(States(event.Before))
		}
	}
	e.Reached = talk.change(statesOf(event))
	switch {
	case talk.proved:
	case e.Passage != nil:
		e.Proves = talk.isOpen(event)
		talk.proved = e.Proves
	case CompletesHandshake(event):
		e.Proves, talk.proved = true, true
	}
}

// arrival tells that a segment has got to its receiver, some time after it was
// told that it was sent.
func (t *Teller) arrival(e *Entry) {
	talk, _ := t.talkOf(e.Event.Conversation, e.Moment.Client)
	e.talk, e.Client = talk, talk.client
	e.Reached = talk.change(statesOf(e.Event))
	if !talk.proved {
		e.Proves = talk.isOpen(e.Event)
		talk.proved = e.Proves
	}
}

// isOpen reports whether both ends have got as far as ESTABLISHED, where each is
// known from its own end of the cable.
func (t *talk) isOpen(e *conversation.Event) bool {
	return e.Conversation.Handshake.Complete && t.shown[0]&^Assumed == conversation.Established && t.shown[1]&^Assumed == conversation.Established
}

// talkOf finds or begins what is known of a conversation.
func (t *Teller) talkOf(c *conversation.Conversation, client int) (found *talk, fresh bool) {
	recent := &t.recent[c.Stream%len(t.recent)]
	if found = *recent; found != nil && found.stream == c.Stream {
		return found, false
	}
	if found = t.talks[c.Stream]; found != nil {
		*recent = found
		return found, false
	}
	found = &talk{stream: c.Stream, client: cmp.Or(client, timeline.ClientOf(c)),
		sockets: Sockets{c.Ends[conversation.Client].AddrPort(), c.Ends[conversation.Server].AddrPort()}}
	t.count(found.client)
	if t.several { // who began alone has plain letters to the end
		found.letters = letters(found.client)
	}
	if states := t.waiting[found.client]; states != nil {
		found.shown = *states
		delete(t.waiting, found.client)
	}
	t.talks[c.Stream] = found
	return found, true
}

// count takes notice of a client's number.
func (t *Teller) count(client int) {
	t.largest = max(t.largest, client)
	t.several = t.several || client > 1
}

// statesOfCall are those a call puts its end into before any segment does.
func (t *Teller) statesOfCall(c *dialogue.Call, client int) (reached States) {
	switch {
	case c.Phase != dialogue.Begin:
	case c.Name == "listen":
		t.listening[c.Local.String()] = true
		reached[conversation.Server] = conversation.Listen
	case c.Name == "connect" && client > 0:
		waiting := &States{conversation.Closed}
		if len(t.listening) > 0 {
			waiting[conversation.Server] = conversation.Listen
		}
		t.waiting[client] = waiting
		reached[conversation.Client] = conversation.Closed
	}
	return reached
}
