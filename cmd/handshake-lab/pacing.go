package main

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

// paceFlags is how fast the showing goes, and how far: --pace, --step, --until,
// --idle, --predict, and for files --speed.
type paceFlags struct {
	every   time.Duration
	step    bool
	predict bool
	full    bool // --tui
	until   until
	idle    time.Duration
	speed   string // "1", "0.1", "max"; "" where there is no such flag
}

func (p *paceFlags) flags(c *cobra.Command) {
	c.Flags().DurationVar(&p.every, "pace", 0, "show a moment every so often, such as 400ms; on a terminal space pauses. The capture itself is never slowed")
	c.Flags().BoolVar(&p.step, "step", false, "wait for a key before each moment: space goes on, b goes back through what was shown, q ends; ? lists the keys")
	c.Flags().Var(&p.until, "until", "show no more once this has come: "+untilHelp)
	c.Flags().DurationVar(&p.idle, "idle", 0, "show a longer silence than this, such as 2s, as a line that says how long it was; --speed waits no longer for its end")
	complete(c, "pace", "200ms", "400ms", "1s")
	complete(c, "idle", "1s", "2s", "5s")
	complete(c, "until", untilNames()...)
}

// predictFlag is for the commands whose story may ask, and have the whole screen.
func (p *paceFlags) predictFlag(c *cobra.Command) {
	c.Flags().BoolVar(&p.full, "tui", false, "the story on the whole screen, to step through: ladder, header, search; with --predict what comes is hidden until you have told it")
	c.Flags().BoolVar(&p.predict, "predict", false, "ask before each segment of the story which flags, seq and ack it will have: any right form counts, an empty line passes, end shows the rest")
}

// waits reports whether the showing waits for its viewer, or for a while.
func (p *paceFlags) waits() bool { return p.step || p.every > 0 || p.predict || p.full }

// check refuses what makes no sense.
func (p *paceFlags) check() error {
	switch {
	case p.every < 0:
		return useError("400ms shows a moment every 0.4 seconds", "--pace %v: a time is not negative", p.every)
	case p.idle < 0:
		return useError("2s shows silences of more than two seconds as such", "--idle %v: a time is not negative", p.idle)
	}
	return nil
}

// factor is 0 for as fast as it goes.
func (p *paceFlags) factor() (float64, error) {
	if p.speed == "" || p.speed == "max" {
		return 0, nil
	}
	factor, err := strconv.ParseFloat(p.speed, 64)
	if err != nil || !(factor > 0) || factor > 1e9 {
		return 0, useError("1 is the capture's own pace, 0.1 a tenth of it, 10 ten times as fast, max without waiting", "--speed %s: want a number above 0, or max", p.speed)
	}
	return factor, nil
}
