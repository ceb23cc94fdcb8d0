package staged

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/bothends"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// ErrTooLong is the error of a run that was stopped: what it has recorded by then is
// there.
var ErrTooLong = errors.New("it has not come to its end")

// Patience is how long the scenario may take, on a busy machine, and with rules of
// one's own.
func (s *Scenario) Patience() time.Duration {
	return 10*time.Second + 3*s.Takes + 30*(s.Delay[0]+s.Delay[1])
}

// Recording is what happened in a run: the packets on the cable, and the socket
// calls of both hosts.
type Recording struct {
	Scenario *Scenario // nil where it is not known
	Records  []*wire.Record
	Calls    []dialogue.Call
	Unmet    []string // the cable's rules that have applied to no packet
}

// Tell sends the moments of a recording to a sink, in their order.
func (r *Recording) Tell(ctx context.Context, sink timeline.Sink) error {
	return bothends.Tell(ctx, r.Records, r.Calls, sink)
}

// isOneOf reports whether something is one of those that " or " stands between.
func isOneOf(got, want string) bool { return slices.Contains(strings.Split(want, " or "), got) }

// Difference says how a run differs from what its scenario expects; "" where it
// does not, or nothing is expected.
func (r *Recording) Difference() string {
	s := r.Scenario
	if s == nil || s.Changed {
		return ""
	}
	for end, want := range s.Expected {
		if got := Sequence(r.Records, wire.End(end)); want != "" && !isOneOf(got, want) {
			return fmt.Sprintf("the %s has sent %s; as a rule it is %s", wire.End(end), got, want)
		}
	}
	return ""
}
