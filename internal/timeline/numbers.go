package timeline

import (
	"net/netip"
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Every client has a number, from 1, which it keeps. In a lab its calls tell it; who
// joins from elsewhere gets one after those of the lab's own. Where there are no
// calls a client has that of its stream: 1 is that of stream 0.

// numbers knows which number each conversation has.
type numbers struct {
	own       int                    // numbers up to this one are told by calls
	strangers int                    // clients without calls so far
	sockets   map[pair]owner         // whose they are, by the client's view
	streams   map[int]int            // numbers, where they are not those of the streams
	over      []int                  // streams that have ended, and may have late segments
	dialling  map[int]netip.AddrPort // clients in connect() whose own address is not known, with whom they call
}

// owner is whose a connection is.
type owner struct {
	number int
	stream int // that it is; -1 before there is one
}

func newNumbers() numbers {
	return numbers{sockets: map[pair]owner{}, streams: map[int]int{}, dialling: map[int]netip.AddrPort{}}
}

// Own says that the numbers up to n are those of clients whose calls are reported.
func (m *Merge) Own(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.numbers.own = n
}

// learn takes from a client's call which connection is its own.
func (n *numbers) learn(c *dialogue.Call) {
	if c.Role != dialogue.Client || c.Number == 0 {
		return
	}
	n.bound()
	switch {
	case c.Local.IsValid() && c.Remote.IsValid():
		delete(n.dialling, c.Number)
		p := of(c)
		if known, ok := n.sockets[p]; !ok || known.number != c.Number {
			n.sockets[p] = owner{c.Number, -1}
		}
	case isBegin(c, "connect"):
		n.dialling[c.Number] = c.Remote
	case c.Name == "connect":
		delete(n.dialling, c.Number)
	}
}

// bound forgets whose connections are where their ends were never seen.
func (n *numbers) bound() {
	const most = 4 * limit
	if len(n.sockets) > most {
		clear(n.sockets)
	}
	if len(n.streams) > most {
		clear(n.streams)
	}
}

// ofCall is the number of the client that a call belongs to; 0 for none.
func (n *numbers) ofCall(c *dialogue.Call) int {
	if c.Role == dialogue.Client {
		return c.Number
	}
	return n.sockets[of(c).turned()].number
}

// lateStreams is how many streams keep their number after their end.
const lateStreams = 1 << 12

// ofConversation is the number of a conversation's client.
func (n *numbers) ofConversation(c *conversation.Conversation) int {
	if n.own == 0 && len(n.sockets) == 0 {
		return ClientOf(c)
	}
	number, known := n.streams[c.Stream]
	if known {
		return number
	}
	p := ends(c)
	o, known := n.sockets[p]
	if !known || o.stream >= 0 { // nobody's of the lab, or another connection between the same sockets
		n.bound()
		n.strangers++
		o.number = n.own + n.strangers
	}
	o.stream = c.Stream
	n.sockets[p], n.streams[c.Stream] = o, o.number
	return o.number
}

// end notes that a conversation is over.
func (n *numbers) end(c *conversation.Conversation) {
	p := ends(c)
	if o, known := n.sockets[p]; known && o.stream == c.Stream {
		delete(n.sockets, p)
	}
	if n.over = append(n.over, c.Stream); len(n.over) > lateStreams {
		delete(n.streams, n.over[0])
		n.over = n.over[1:]
	}
}

// ownerPatience is how long a SYN waits for the client that has sent it to say so.
const ownerPatience = time.Second

// ownerMayCome reports whether one of the clients in connect() may turn out to have
// sent a SYN.
func (n *numbers) ownerMayCome(it *item) bool {
	if len(n.dialling) == 0 || it.isCall || it.held.Kind != Segment || it.event.Step != conversation.StepSYN {
		return false
	}
	from := sender(&it.event)
	if _, known := n.sockets[from]; known {
		return false
	}
	for _, to := range n.dialling {
		if to == from.remote {
			return true
		}
	}
	return false
}
