package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// silence knows the clients whose patience has ended, and what has become of
// their connections.
type silence struct {
	*running
	merge     *timeline.Merge // nil without a story
	overflows int             // of accept queues, when the lab began

	mu       sync.Mutex
	accepted map[netip.AddrPort]bool // clients that the server has
	gaveUp   int                     // clients
	unknown  int                     // of them, those that the server never had
}

func newSilence(r *running, merge *timeline.Merge) *silence {
	return &silence{running: r, merge: merge, overflows: listenOverflows(), accepted: make(map[netip.AddrPort]bool)}
}

// observer takes the socket calls to the story, and looks at them.
func (s *silence) observer() dialogue.Observer {
	return func(c dialogue.Call) {
		if s.merge != nil {
			s.merge.Call(c)
		}
		if c.Phase == dialogue.End {
			s.look(&c)
		}
	}
}

func (s *silence) look(c *dialogue.Call) {
	switch {
	case c.Name == "accept" && c.Err == nil:
		s.mu.Lock()
		s.accepted[c.Remote] = true
		s.mu.Unlock()
	case c.Name == "close" && c.Role == dialogue.Server:
		s.mu.Lock()
		delete(s.accepted, c.Remote)
		s.mu.Unlock()
	case c.Role == dialogue.Client && errors.Is(c.Err, client.ErrNoAnswer):
		s.mu.Lock()
		s.gaveUp++
		known := s.accepted[c.Local]
		if !known {
			s.unknown++
		}
		first := s.unknown == 1
		s.mu.Unlock()
		s.tell(c.Local.Port(), known, first)
	}
}

// tell says in the story what a client has waited for in vain; what that comes
// of it says once.
func (s *silence) tell(port uint16, known, first bool) {
	if s.merge == nil {
		return
	}
	text := fmt.Sprintf("the client at port %d has waited %v for an answer and gives up", port, s.patience)
	if !known {
		text += ": it is ESTABLISHED, but the server has no such connection"
		if first {
			text += ", as " + s.cause()
		}
	}
	_ = s.merge.Moment(timeline.Moment{Kind: timeline.Note, At: capture.At(time.Now().UnixNano()), Text: text})
}

// cause is why the server does not have a client that is connected: for certain
// where the kernel has counted that.
func (s *silence) cause() string {
	const what = "dropped the last ACK of the handshake, because the accept queue was full (--backlog %d)"
	if listenOverflows() > s.overflows {
		return fmt.Sprintf("its kernel "+what, s.backlog)
	}
	return fmt.Sprintf("its kernel may have "+what, s.backlog)
}

// failure is what the run ends with where clients gave up; nil where none did.
func (s *silence) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gaveUp == 0 {
		return nil
	}
	err := fmt.Errorf("%d of %s gave up after %v without an answer", s.gaveUp, plural(s.clients*s.repeat, "client"), s.patience)
	if s.unknown == 0 {
		return fail(exitNetwork, err, "--patience 30s waits longer, --patience 0 for ever")
	}
	return fail(exitNetwork, fmt.Errorf("%w: %s", err, s.cause()),
		fmt.Sprintf("that is what a small --backlog shows; with --backlog %d there is room for all", max(s.clients, dialogue.Backlog)))
}

// listenOverflows is how many connections this network namespace has not taken
// for want of room in an accept queue; 0 where that is not counted.
func listenOverflows() int {
	text, err := os.ReadFile("/proc/self/net/netstat")
	if err != nil {
		return 0
	}
	// Two lines belong together: names, and values in the same order.
	var names [][]byte
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 0 || string(fields[0]) != "TcpExt:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, name := range names {
			if string(name) == "ListenOverflows" && i < len(fields) {
				n, _ := strconv.Atoi(string(fields[i]))
				return n
			}
		}
	}
	return 0
}
