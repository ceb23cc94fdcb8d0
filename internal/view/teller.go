package view

import (
	"errors"
	"net"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Teller tells the story: it numbers the clients, and knows which states were
// told already.
type Teller struct {
	clock     clock
	talks     map[int]*talk   // by stream
	recent    [64]*talk       // a cache of talks, by the stream's last bits
	numbers   map[Sockets]int // of the clients, by connection
	inUse     map[int]int     // how many conversations that are not over have a number
	largest   int             // number given
	several   bool            // clients have been seen, or are expected
	opened    map[Sockets]int // connections that were opened, with 1 + the stream it was for; 0 before there was one
	listening map[string]bool // sockets known to listen
	waiting   map[int]*States // told by calls of clients whose SYN is still to come, by number
	entry     Entry
}

// NewTeller begins a story of so many clients at once; 0 where that is not known.
func NewTeller(clients int) *Teller {
	return &Teller{several: clients > 1, talks: map[int]*talk{}, numbers: map[Sockets]int{}, inUse: map[int]int{},
		opened: map[Sockets]int{}, listening: map[string]bool{}, waiting: map[int]*States{}}
}

// LargestClient is the largest number that a client was given so far.
func (t *Teller) LargestClient() int { return t.largest }

// HasSeveralClients reports whether it has to be said whose an entry is.
func (t *Teller) HasSeveralClients() bool { return t.several }

// Tell makes the entry of a moment; nil where there is nothing to tell.
func (t *Teller) Tell(m *timeline.Moment) *Entry {
	start := t.clock.see(m)
	if !Tells(m) {
		return nil
	}
	e := &t.entry
	*e = Entry{Moment: m, room: e.room[:0]}
	if e.Timed = m.At.Known && start.Known; e.Timed {
		e.Since = m.At.Since(start)
	}
	switch m.Kind {
	case timeline.Segment:
		if m.Event.Conversation == nil {
			return nil
		}
		t.segment(e)
	case timeline.Call:
		e.Client = t.clientOfCall(e)
		e.Reached = t.statesOfCall(m.Call, e.Client)
	case timeline.Ended:
		e.talk = t.talks[m.Conversation.Stream]
		if e.talk == nil {
			return nil // none of its segments was told
		}
		e.Client = e.talk.client
		t.end(e.talk)
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
		t.open(e, talk.sockets, event.Conversation.Stream+1)
		if talk.shown == (States{}) && event.Step == conversation.StepSYN && event.Opens {
			e.Before = talk.change(States(event.Before))
		}
	}
	e.Reached = talk.change(statesOf(event))
	if CompletesHandshake(event) && !talk.proved {
		e.Proves, talk.proved = true, true
	}
	if event.Closes {
		t.free(talk)
	}
}

// open notes whether the entry is the first one of its connection: between two
// sockets, for 1 + a stream, or 0 before there is a segment.
func (t *Teller) open(e *Entry, sockets Sockets, stream int) {
	before, known := t.opened[sockets]
	t.opened[sockets] = stream
	if !known || before != 0 && before != stream {
		e.Opens = &sockets
	}
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
	sockets := Sockets{c.Ends[conversation.Client].AddrPort(), c.Ends[conversation.Server].AddrPort()}
	number, known := t.numbers[sockets]
	if !known || t.inUse[number] > 0 && number != client {
		number = t.newNumber(client)
	}
	t.numbers[sockets] = number
	t.inUse[number]++
	found = &talk{stream: c.Stream, client: number, sockets: sockets}
	if states := t.waiting[number]; states != nil {
		found.shown = *states
		delete(t.waiting, number)
	}
	t.talks[c.Stream] = found
	return found, true
}

// newNumber is the number of a client: its own where a call told it and no
// other conversation has it, else the next one.
func (t *Teller) newNumber(client int) int {
	if client == 0 || t.inUse[client] > 0 {
		client = t.largest + 1
	}
	t.count(client)
	return client
}

// count takes notice of a client's number.
func (t *Teller) count(client int) {
	t.largest = max(t.largest, client)
	t.several = t.several || client > 1
}

// end forgets a conversation that is over.
func (t *Teller) end(talk *talk) {
	delete(t.talks, talk.stream)
	t.recent[talk.stream%len(t.recent)] = nil
	delete(t.numbers, talk.sockets)
	delete(t.opened, talk.sockets)
	t.free(talk)
}

// free lets the number of a conversation that is over be given again.
func (t *Teller) free(talk *talk) {
	if talk.over {
		return
	}
	talk.over = true
	if t.inUse[talk.client]--; t.inUse[talk.client] <= 0 {
		delete(t.inUse, talk.client)
	}
}

// clientOfCall is whose a call is; 0 for the listening socket's.
func (t *Teller) clientOfCall(e *Entry) int {
	sockets := Sockets{e.Call.Local, e.Call.Remote}
	if e.Call.Role == dialogue.Server {
		sockets = Sockets{e.Call.Remote, e.Call.Local}
	}
	if number, ok := t.numbers[sockets]; ok {
		return number
	}
	number := e.Moment.Client
	if number == 0 {
		return 0
	}
	t.count(number)
	if sockets.Client.IsValid() && sockets.Server.IsValid() && len(t.numbers) < 1<<16 {
		t.numbers[sockets] = number
		t.open(e, sockets, 0)
	}
	return number
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
