package staged

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// Stage is where a script plays: two hosts and the cable between them.
type Stage struct {
	Context context.Context
	Client  *Actor
	Server  *Actor

	cable    cable
	calls    calls
	going    sync.WaitGroup
	awaiting sync.WaitGroup // who waits for what need not come

	mu      sync.Mutex
	sockets []*Socket
	failed  error
}

// cable is what a script asks of the cable.
type cable interface {
	Quiet(ctx context.Context, d time.Duration)
	Cut()
	Forge(from wire.End, data []byte, why string)
	Trap(wire.Trap)
	Latest(from wire.End, is func(*decode.Segment) bool) *decode.Segment
	Count(from wire.End, is func(*decode.Segment) bool) int
}

// Actor is one of the two hosts, as a script has it act.
type Actor struct {
	stage *Stage
	host  *hosts.Host
	end   wire.End
	role  dialogue.Role
}

// Addr is its address with the greeting's port.
func (a *Actor) Addr() netip.AddrPort { return netip.AddrPortFrom(a.host.Addr, dialogue.Port) }

// Do runs f on the actor's host: sockets that it makes are that host's.
func (a *Actor) Do(f func() error) error { return a.host.Do(f) }

// calls are what the socket calls of a run tell.
type calls struct {
	mu   sync.Mutex
	list []dialogue.Call
}

func (c *calls) observe(call dialogue.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call)
}

// Go runs a part of the script beside the rest. The run waits for it.
func (s *Stage) Go(f func()) { s.going.Go(f) }

// Await accepts a connection beside the script, which need not come: the run does not
// wait for it. to has room for it.
func (s *Stage) Await(listening *Socket, to chan<- *Socket) {
	s.awaiting.Go(func() { to <- listening.Accept() })
}

// Wait waits, but not longer than the run.
func (s *Stage) Wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.Context.Done():
	}
}

// quiet is how long nothing has to happen for what happened to be over.
const quiet = 10 * time.Millisecond

// Settle waits until what is under way has come to rest: nothing is on the cable,
// and nothing has been sent for a moment.
func (s *Stage) Settle() { s.cable.Quiet(s.Context, quiet) }

// WaitFor waits until an actor has sent so many segments of a kind, but not longer than
// the run.
func (s *Stage) WaitFor(from *Actor, n int, is func(*decode.Segment) bool) {
	for s.Context.Err() == nil && s.cable.Count(from.end, is) < n {
		s.Wait(ms)
	}
}

// Observer is told of socket calls that are not made by the script itself.
func (s *Stage) Observer() dialogue.Observer { return s.calls.observe }

// fail notes that the script could not be played as it stands.
func (s *Stage) fail(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil && s.Context.Err() == nil {
		s.failed = fmt.Errorf(format, args...)
	}
}

// Cut cuts the cable.
func (s *Stage) Cut() { s.cable.Cut() }

// Forge puts a segment on the cable that no host has sent, from an actor's address.
func (s *Stage) Forge(from *Actor, segment wire.Segment, why string) {
	s.cable.Forge(from.end, segment.Packet(), why)
}

// Trap has the cable forge a segment as soon as an actor's first one of a kind passes:
// however busy the machine is, it comes right behind that.
func (s *Stage) Trap(on *Actor, is func(*decode.Segment) bool, as *Actor, why string, made func(*decode.Segment) wire.Segment) {
	s.cable.Trap(wire.Trap{From: on.end, Is: is, As: as.end, After: 2 * time.Millisecond, Make: made, Why: why})
}

// Latest is the last segment that an actor has sent and that is of a kind; an
// empty one where there is none.
func (s *Stage) Latest(from *Actor, is func(*decode.Segment) bool) *decode.Segment {
	if found := s.cable.Latest(from.end, is); found != nil {
		return found
	}
	s.fail("the %s has sent no such segment", from.host.Name)
	return new(decode.Segment)
}
