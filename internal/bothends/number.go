package bothends

import (
	"net/netip"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// dialled is when a client has called connect(), between which sockets.
type dialled struct {
	client, server netip.AddrPort
	at             int64
	number         int
}

// numbering gives each moment the number of its client: that of its calls, also where
// two clients have had the same port one after the other; the connections of nobody
// who has called get the numbers after those.
type numbering struct {
	sink    timeline.Sink
	dials   []dialled // in order
	vague   []dialled // whose own address nobody has told, as connect() has failed
	own     int
	strange map[int]int // numbers of streams that nobody has called for
	streams map[int]int
}

func newNumbering(sink timeline.Sink, calls []dialogue.Call) *numbering {
	n := &numbering{sink: sink, strange: map[int]int{}, streams: map[int]int{}}
	begun := map[uint64]int64{}
	ended := map[int]bool{}
	for i := range calls {
		c := &calls[i]
		if c.Role == dialogue.Client {
			n.own = max(n.own, c.Number)
		}
		if c.Name != "connect" || c.Role != dialogue.Client {
			continue
		}
		if c.Phase == dialogue.Begin {
			begun[c.ID] = c.At
		} else if c.Local.IsValid() {
			ended[c.Number] = true
			n.dials = append(n.dials, dialled{c.Local, c.Remote, begun[c.ID], c.Number})
		}
	}
	for i := range calls {
		if c := &calls[i]; c.Name == "connect" && c.Role == dialogue.Client && c.Phase == dialogue.Begin && !ended[c.Number] {
			n.vague = append(n.vague, dialled{server: c.Remote, at: c.At, number: c.Number})
		}
	}
	slices.SortFunc(n.dials, func(a, b dialled) int { return int(a.at - b.at) })
	return n
}

// Moment implements timeline.Sink.
func (n *numbering) Moment(m timeline.Moment) error {
	c := m.Conversation
	if m.Event != nil {
		c = m.Event.Conversation
	}
	switch {
	case c != nil:
		m.Client = n.ofStream(c, m.At.UnixNano())
	case m.Call != nil && m.Call.Role == dialogue.Server && m.Call.Remote.IsValid():
		m.Client = n.of(m.Call.Remote, m.Call.Local, m.Call.At)
	case m.Call != nil:
		m.Client = m.Call.Number
	}
	return n.sink.Moment(m)
}

func (n *numbering) ofStream(c *conversation.Conversation, at int64) int {
	if number, known := n.streams[c.Stream]; known {
		return number
	}
	number := n.of(c.Ends[conversation.Client].AddrPort(), c.Ends[conversation.Server].AddrPort(), at)
	for _, taken := range n.streams {
		if taken == number {
			number = 0 // the other one's that the same sockets seem to have
		}
	}
	for i := 0; number == 0 && i < len(n.vague); i++ {
		if d := n.vague[i]; d.server == c.Ends[conversation.Server].AddrPort() && d.at <= at {
			number = d.number
			n.vague = slices.Delete(n.vague, i, i+1)
		}
	}
	if number == 0 {
		number = n.own + len(n.strange) + 1
		n.strange[c.Stream] = number
	}
	n.streams[c.Stream] = number
	return number
}

// of is the number of the client that was the last to connect so by a time; 0 where
// there is none.
func (n *numbering) of(client, server netip.AddrPort, at int64) (number int) {
	for i := range n.dials {
		if d := &n.dials[i]; d.client == client && d.server == server && d.at <= at {
			number = d.number
		}
	}
	return number
}
