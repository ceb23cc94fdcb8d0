package staged

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// atLast is how long nothing has to happen for a run to be over: longer than an
// acknowledgment is held back.
const atLast = 60 * time.Millisecond

// Run stages a scenario and returns what happened. The error is a
// *hosts.MissingSysctl, or a *hosts.Unavailable, where it cannot be staged here.
func Run(ctx context.Context, s *Scenario) (*Recording, error) {
	rules := make([]wire.Rule, len(s.Rules))
	for i, text := range s.Rules {
		rule, err := wire.ParseRule(text)
		if err != nil {
			return nil, err
		}
		rules[i] = rule
	}
	pair, err := hosts.NewPair(s.Family, hosts.HostConfig(s.Client), hosts.HostConfig(s.Server))
	if err != nil {
		return nil, err
	}
	defer pair.Close()
	cable, err := wire.Lay(pair, wire.Config{Delay: s.Delay, Rules: rules, NextMTU: s.NextMTU})
	if err != nil {
		return nil, err
	}
	ctx, enough := context.WithTimeoutCause(ctx, s.Patience(), fmt.Errorf("%s: %w within %v", s.Name, ErrTooLong, s.Patience()))
	defer enough()
	stage := &Stage{Context: ctx, cable: cable}
	stage.Client = &Actor{stage, pair.Client, wire.Client, dialogue.Client}
	stage.Server = &Actor{stage, pair.Server, wire.Server, dialogue.Server}
	s.Script(stage)
	stage.going.Wait()
	cable.Quiet(ctx, atLast)
	records := cable.Close()
	late := context.Cause(ctx)
	enough()
	stage.awaiting.Wait()
	for _, socket := range stage.sockets {
		socket.release()
	}
	stage.calls.mu.Lock()
	defer stage.calls.mu.Unlock()
	recording := &Recording{Scenario: s, Records: records, Calls: slices.Clone(stage.calls.list), Unmet: cable.Unmet()}
	if late != nil {
		return recording, late
	}
	return recording, stage.failed
}
