package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
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
	*runFlags
	merge     *timeline.Merge
	overflows int // of accept queues, when the lab began

	mu       sync.Mutex
	accepted map[netip.AddrPort]bool // clients that the server has
	calls    map[int]string          // what each client waits in now
	since    time.Time               // when the last call began or ended
	gaveUp   int                     // clients
	unknown  int                     // of them, those that the server never had
}

func newSilence(r *runFlags, merge *timeline.Merge) *silence {
	return &silence{runFlags: r, merge: merge, overflows: listenOverflows(),
		accepted: make(map[netip.AddrPort]bool), calls: make(map[int]string), since: time.Now()}
}

// observer takes the socket calls to the story, and looks at them.
func (s *silence) observer() dialogue.Observer {
	return func(c dialogue.Call) {
		s.merge.Call(c)
		s.note(&c)
		if c.Phase == dialogue.End {
			s.look(&c)
		}
	}
}

// note keeps what each client waits in.
func (s *silence) note(c *dialogue.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = time.Now()
	switch {
	case c.Role != dialogue.Client, c.Name == "getsockname":
	case c.Phase == dialogue.Begin:
		s.calls[c.Number] = c.Name + "()"
	default:
		delete(s.calls, c.Number)
	}
}

// quietTime is after how long a lab in which nothing happens says for whom it
// waits.
const quietTime = 2 * time.Second

// watch says once, and again when something has happened since, for whom the lab
// waits; until ctx ends.
func (s *silence) watch(ctx context.Context, say func(format string, args ...any)) {
	var told time.Time
	look := time.NewTicker(quietTime / 4)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if text := s.waiting(&told); text != "" {
			say("waiting for %s; Ctrl-C ends", text)
		}
	}
}

// waiting is "C4 in connect() and C2, C7 in recv()"; empty where something has
// happened lately, or nothing since it was told.
func (s *silence) waiting(told *time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) == 0 || time.Since(s.since) < quietTime || s.since.Equal(*told) {
		return ""
	}
	*told = s.since
	in := make(map[string][]string)
	for _, client := range slices.Sorted(maps.Keys(s.calls)) {
		name := s.calls[client]
		in[name] = append(in[name], fmt.Sprintf("C%d", client))
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(in)) {
		who := strings.Join(in[name], ", ")
		if n := len(in[name]); n > 8 {
			who = plural(n, "client")
		}
		parts = append(parts, who+" in "+name)
	}
	text := strings.Join(parts, " and ")
	if len(in["recv()"]) > 0 && s.patience > 0 {
		text += fmt.Sprintf(" (%v at most)", s.patience)
	}
	return text
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
		s.tell(c.Number, known, first)
	}
}

// tell says in the story what a client has waited for in vain; what that comes
// of it says once.
func (s *silence) tell(client int, known, first bool) {
	text := fmt.Sprintf("C%d has waited %v for an answer and gives up", client, s.patience)
	if !known {
		text += ": it is ESTABLISHED, but the server has no such connection"
		if first {
			text += ", as its " + s.cause()
		}
	}
	_ = s.merge.Moment(timeline.Moment{Kind: timeline.Note, At: capture.At(time.Now().UnixNano()), Text: text})
}

// cause is why the server does not have a client that is connected: for certain
// where the kernel has counted that.
func (s *silence) cause() string {
	const what = "dropped the last ACK of the handshake, because the accept queue was full (--backlog %d)"
	if listenOverflows() > s.overflows {
		return fmt.Sprintf("kernel "+what, s.backlog)
	}
	return fmt.Sprintf("kernel may have "+what, s.backlog)
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
	return fail(exitNetwork, fmt.Errorf("%w: the server's %s", err, s.cause()),
		fmt.Sprintf("that is what a small --backlog shows; with --backlog %d there is room for all", max(s.clients, dialogue.Backlog)))
}
