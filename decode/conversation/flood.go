package conversation

import (
	"fmt"
	"net/netip"

	"github.com/handshake-lab/handshake-lab/capture"
)

const (
	// A server that holds this many unanswered handshakes of different
	// sockets at once is likely to be flooded (RFC 4987 §2).
	floodAt = 16
	// Where no handshake got even a SYN+ACK, a server that is simply down
	// looks the same: more is asked.
	silentFloodAt = 64
	// maxServers bounds how many servers are watched.
	maxServers = 1 << 12
)

// server is what is remembered of a socket that SYNs go to.
type server struct {
	unfinished int          // handshakes that a SYN began and that came no further than a SYN+ACK
	answered   int          // those of them that got a SYN+ACK
	again      int          // how often these were sent once more, in all
	recent     int64        // unfinished ones less the completed ones of the time, each forgotten after a second
	recentAt   capture.Time // when recent was last brought up to date
	risen      capture.Time // since when recent has been above 0
	from, to   capture.Time // the flood: first and last SYN of it
	flooded    bool         // there was one
	repeats    int64        // how soon it repeats a SYN+ACK; nanoseconds, 0 while unknown
	grants     bool         // a SYN+ACK granted a window scale or SACK
	opened     int          // how often it answered a SYN by a SYN+ACK
	openedAt   int32        // the first frame of that
	okTS       uint32       // the timestamp of the latest SYN that it answered
	okFrom     netip.Addr   // and whose it was
	host       *address     // what is known of its address; nil where too many are watched
	waiting    int          // connections that are open and on which the server has not said a word yet
}

// address is what is remembered of the machine that a server is on.
type address struct {
	heardAt int32 // the first frame that it sent as a server; 0 for none
}

// flood remembers the servers that SYNs went to.
type flood struct {
	servers   map[Endpoint]*server
	addresses map[netip.Addr]*address
	missed    int // SYNs to servers for which there was no room, since room was last made
}

// concerns reports whether an event means something to its server. Most do not, and
// are spared the call of follow.
func concerns(c *Conversation, ev *Event) bool {
	return ev.Opens || c.counted || c.waits || c.Handshake.ACKFrame == ev.Segment.Number
}

// follow keeps count of what an event means to its server, if it concerns it.
func (f *flood) follow(c *Conversation, ev *Event, now capture.Time) {
	if ev.Opens && ev.Step == StepSYN {
		f.begun(c, now)
	}
	s := c.server
	if s == nil {
		return
	}
	switch {
	case c.Handshake.ACKFrame == ev.Segment.Number && c.Handshake.Complete && !c.waits && !c.hosts[Server].is(spoke|sentFIN):
		c.waits = true
		s.waiting++
	case c.waits && (ev.Closes || ev.From == Server && (ev.Segment.PayloadLen > 0 || ev.Step == StepFIN || ev.Step == StepRST)):
		c.served()
	}
	if ev.From == Server {
		s.hear(c, ev)
	}
	switch {
	case ev.Step == StepSYNACK && ev.From == Server && c.counted:
		s.saw(c, now)
	case c.counted && ev.From == Client && !ev.Opens, c.counted && ev.Closes:
		// Whoever repeats a SYN, or says anything else, is there.
		c.settled()
		s.recent--
	}
}

// hear notes that a server, and so its machine, is there.
func (s *server) hear(c *Conversation, ev *Event) {
	frame := int32(ev.Segment.Number)
	if s.host != nil && s.host.heardAt == 0 {
		s.host.heardAt = frame
	}
	if ev.Step == StepSYNACK && ev.Reception != WrongAcknowledgment {
		if s.opened++; s.openedAt == 0 {
			s.openedAt = frame
		}
		s.okTS, s.okFrom = c.synTS, c.Ends[Client].Addr
	}
}

// begun counts a conversation that a SYN begins.
func (f *flood) begun(c *Conversation, now capture.Time) {
	s := f.servers[c.Ends[Server]]
	if s == nil {
		if s = f.admit(c.Ends[Server]); s == nil {
			return
		}
		s.recentAt = now
	}
	c.server, c.counted, c.queued = s, true, int32(s.waiting)
	s.unfinished++
	if passed := now.Since(s.recentAt).Sec; passed > 0 {
		s.recent, s.recentAt = max(0, s.recent-passed), now
	}
	if s.recent <= 0 {
		s.recent, s.risen = 0, now
	}
	s.recent++
	if s.recent >= floodAt && (s.answered > 0 || s.recent >= silentFloodAt) {
		if !s.flooded {
			s.flooded, s.from = true, s.risen
		}
		s.to = now
	}
}

// admit makes room for a server: those that have nothing pending go first.
// It returns nil where there is none.
func (f *flood) admit(e Endpoint) *server {
	if len(f.servers) >= maxServers {
		if f.missed++; f.missed%maxServers != 1 {
			return nil // looking through all of them is not worth it every time
		}
		for old, s := range f.servers {
			if s.unfinished == 0 && s.waiting == 0 {
				delete(f.servers, old)
			}
		}
		if len(f.servers) >= maxServers {
			return nil
		}
	}
	host := f.addresses[e.Addr]
	if host == nil && len(f.addresses) < maxServers {
		host = new(address)
		f.addresses[e.Addr] = host
	}
	s := &server{host: host}
	f.servers[e] = s
	return s
}

// saw notes how the server answers while it may be flooded.
func (s *server) saw(c *Conversation, now capture.Time) {
	if c.Handshake.SYNACKs > 1 {
		s.again++
		if c.Handshake.SYNACKs == 2 && c.has(markSYNACKAgain) {
			s.repeats = c.after(now) - c.synackAfter
		}
		return
	}
	s.answered++
	c.answered, c.synackAfter = true, c.after(now)
	if o := c.Offers[Server]; o.WindowScale >= 0 || o.SACK {
		s.grants = true
	}
}

// settled takes a conversation out of the unfinished ones: its handshake is
// complete, or it is over.
func (c *Conversation) settled() {
	if !c.counted {
		return
	}
	c.counted = false
	c.server.unfinished--
	if c.answered {
		c.server.answered--
		c.server.again -= c.Handshake.SYNACKs - 1
	}
}

// answers tells how the server answered its unfinished SYNs, behind their number.
func (s *server) answers() string {
	if s.answered == 0 {
		return ""
	}
	return fmt.Sprintf("; %d of them were answered, by %d SYN+ACKs in all", s.answered, s.answered+s.again)
}

// served takes a conversation out of those that wait for a first word.
func (c *Conversation) served() {
	if c.waits {
		c.waits = false
		c.server.waiting--
	}
}

// flooded reports whether the conversation began in a flood of SYNs.
func (c *Conversation) flooded(now capture.Time) bool {
	s := c.server
	if s == nil || !s.flooded || s.unfinished < floodAt || c.First.Before(s.from) || c.First.Since(s.to).Nanoseconds() > 1e9 {
		return false
	}
	return c.Handshake.Complete || now.Since(c.First).Nanoseconds() > 1e9 // one that is only on its way proves nothing
}

// cookie reports whether the server is likely to have answered the SYN without
// keeping anything of it, by a SYN cookie (RFC 4987 §3.6). What is not kept
// cannot be sent again, and a cookie has no room for what the SYN offered:
// Linux hides that in the low six bits of the timestamp beside it, which so
// stands up to 128 ms before the server's clock.
func (c *Conversation) cookie(now capture.Time) bool {
	s, h := c.server, &c.Handshake
	if !c.flooded(now) || h.SYNACKs != 1 {
		return false
	}
	switch {
	case s.grants && c.forgetful():
		return true
	case h.Complete:
		return c.lags()
	}
	return s.repeats != 0 && c.after(now)-c.synackAfter > s.repeats*3/2
}

// forgetful reports whether the server did not grant what the client offered.
func (c *Conversation) forgetful() bool {
	offer, granted := &c.Offers[Client], &c.Offers[Server]
	return offer.WindowScale >= 0 && granted.WindowScale < 0 || offer.SACK && !granted.SACK
}

// lags reports whether the SYN+ACK's timestamp stood before the server's clock as
// that of a cookie does.
func (c *Conversation) lags() bool { return c.lag >= 3 && c.lag <= 200 }
