package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// A server that holds this many unanswered SYNs of different sockets at once
// is likely to be flooded (RFC 4987 §2).
const floodAt = 64

// maxServers bounds how many servers are watched for a flood.
const maxServers = 1 << 12

// flood counts, for each server, the handshakes that stopped short of the
// last ACK.
type flood map[Endpoint]int

// begun counts a conversation that a SYN begins.
func (f flood) begun(c *Conversation, s *decode.Segment) {
	server := c.Ends[Server]
	n := f[server]
	if n == 0 && len(f) >= maxServers {
		return
	}
	f[server] = n + 1
	c.counted = true
	if n+1 >= floodAt {
		c.mark(markFlood, s.Number)
	}
}

// over takes a conversation out of the count: its handshake is complete, or
// it is over.
func (f flood) over(c *Conversation) {
	if !c.counted {
		return
	}
	c.counted = false
	server := c.Ends[Server]
	if f[server]--; f[server] <= 0 {
		delete(f, server)
	}
}
