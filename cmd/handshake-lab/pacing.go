package main

import (
	"context"
	"strconv"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/spf13/cobra"
)

// pacing is how fast the showing goes: --pace, --step, and for files --speed.
type pacing struct {
	every time.Duration
	step  bool
	speed string // "1", "0.1", "max"; "" where there is no such flag
}

func (p *pacing) flags(c *cobra.Command) {
	c.Flags().DurationVar(&p.every, "pace", 0, "show a moment every so often, such as 400ms; the capture itself is never slowed")
	c.Flags().BoolVar(&p.step, "step", false, "wait for a key before each moment: space goes on, q ends")
}

// waiter is what the showing waits for before each moment that is seen: a
// while, or the viewer's key; nil for nothing. Viewers who have seen enough
// quit; an error of quit's is the showing's. The function returned gives the terminal back.
func (a *app) waiter(ctx context.Context, p *pacing, quit func() error) (wait func() error, giveBack func(), err error) {
	nothing := func() {}
	switch {
	case p.every < 0:
		return nil, nothing, useError("400ms shows a moment every 0.4 seconds", "--pace %v: a time is not negative", p.every)
	case p.step:
		keys, err := terminal.OpenKeys(a.stdin)
		if err != nil {
			return nil, nothing, fail(exitUse, err)
		}
		return func() error { return step(ctx, keys, quit) }, func() { keys.Close() }, nil
	case p.every > 0:
		return func() error { pipeline.Sleep(ctx, p.every); return nil }, nothing, nil
	}
	return nil, nothing, nil
}

// step waits for a key; once ctx has ended it does not.
func step(ctx context.Context, keys *terminal.Keys, quit func() error) error {
	key, err := keys.Next(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err == nil && key == terminal.Quit {
		return quit()
	}
	return err
}

// factor is 0 for as fast as it goes.
func (p *pacing) factor() (float64, error) {
	if p.speed == "" || p.speed == "max" {
		return 0, nil
	}
	factor, err := strconv.ParseFloat(p.speed, 64)
	if err != nil || !(factor > 0) || factor > 1e9 {
		return 0, useError("1 is the capture's own pace, 0.1 a tenth of it, 10 ten times as fast, max without waiting", "--speed %s: want a number above 0, or max", p.speed)
	}
	return factor, nil
}
