package main

import (
	"context"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// screenPatience is how long a server that others use waits for a screen that
// takes nothing, before it goes on without it.
const screenPatience = 250 * time.Millisecond

// expendable is a sink that may fail: what failed is told once, and the rest is
// swallowed, so that whoever stands beside it goes on.
type expendable struct {
	sink   timeline.Sink
	failed context.CancelCauseFunc
	gone   bool
}

func (e *expendable) Moment(m timeline.Moment) error {
	if e.gone {
		return nil
	}
	if err := e.sink.Moment(m); err != nil {
		e.gone = true
		e.failed(err)
	}
	return nil
}

// Wants implements timeline.Chooser.
func (e *expendable) Wants() timeline.Wants { return timeline.WantsOf(e.sink) }

// chosen is a sink in front of another one that wants no more than some moments.
type chosen struct {
	timeline.Sink
	wants timeline.Wants
}

// Wants implements timeline.Chooser.
func (c chosen) Wants() timeline.Wants { return c.wants }

// onlyWanted hands on what a sink wants: a merge has notes of its own.
type onlyWanted struct {
	timeline.Sink
	kinds timeline.Kinds
}

func (w onlyWanted) Moment(m timeline.Moment) error {
	if !w.kinds.Has(m.Kind) {
		return nil
	}
	return w.Sink.Moment(m)
}

// barrier lets those who meet at it go on together: once all have come, or the
// context is over and some may never come.
type barrier struct {
	mu      sync.Mutex
	missing int
	all     chan struct{}
}

func newBarrier(n int) *barrier { return &barrier{missing: n, all: make(chan struct{})} }

func (b *barrier) meet(ctx context.Context) {
	b.mu.Lock()
	if b.missing--; b.missing == 0 {
		close(b.all)
	}
	b.mu.Unlock()
	select {
	case <-b.all:
	case <-ctx.Done():
	}
}

// missed is how many moments were left out of what is shown live.
func (a *app) missed() int {
	if merge := a.live.Load(); merge != nil {
		return merge.Missed()
	}
	return 0
}

// tellMissed says how much the screen did not take.
func (a *app) tellMissed() {
	if missed := a.missed(); missed > 0 {
		a.say("warning: %s missing from what was shown: they came faster than it was taken", are(missed, "moment"))
	}
}

// were is "1 packet was", "2 packets were".
func were(n int, what string) string {
	if n == 1 {
		return plural(n, what) + " was"
	}
	return plural(n, what) + " were"
}

// are is "1 moment is", "2 moments are".
func are(n int, what string) string {
	if n == 1 {
		return plural(n, what) + " is"
	}
	return plural(n, what) + " are"
}
