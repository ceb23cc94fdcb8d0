package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
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

// into puts the pace before a sink; closing gives the terminal back.
func (a *app) into(ctx context.Context, p *pacing, sink timeline.Sink, quit func(error)) (paced timeline.Sink, closing func(), err error) {
	nothing := func() {}
	if p.every < 0 {
		return nil, nothing, useError("400ms shows a moment every 0.4 seconds", "--pace %v", p.every)
	}
	speed, err := p.factor()
	if err != nil {
		return nil, nothing, err
	}
	if p.every == 0 && !p.step && speed == 0 {
		return sink, nothing, nil
	}
	pace := pipeline.NewPace(ctx, sink)
	pace.Every, pace.Speed = p.every, speed
	if !p.step {
		return pace, nothing, nil
	}
	keys, err := terminal.OpenKeys(a.stdin)
	if err != nil {
		return nil, nothing, fail(exitUse, err)
	}
	pace.Step = func(ctx context.Context) error {
		key, err := keys.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil && key == terminal.Quit {
			quit(errEnough)
		}
		return err
	}
	return pace, func() { keys.Close() }, nil
}

// factor is 0 for as fast as it goes.
func (p *pacing) factor() (float64, error) {
	if p.speed == "" || p.speed == "max" {
		return 0, nil
	}
	factor, err := strconv.ParseFloat(p.speed, 64)
	if err != nil || !(factor > 0) || factor > 1e9 {
		return 0, useError("1 is the capture's own pace, 0.1 a tenth of it, 10 ten times as fast, max without waiting", "--speed %s", p.speed)
	}
	return factor, nil
}

func (a *app) replayCommand() *cobra.Command {
	var show showing
	var choose choice
	var pace pacing
	c := &cobra.Command{
		Use:   "replay FILE [FILTER]",
		Short: "Show a saved capture as it happened, at its own pace",
		Long: `Show a capture file as the lab shows a live one, at the capture's own pace, at
another --speed, a moment every --pace, or a moment a key with --step. FILE is
pcap or pcapng, plain or compressed with gzip or zstd; - is standard input. A
capture file holds packets only, so no socket calls stand between them.`,
		Example: `  handshake-lab replay lecture.pcapng
  handshake-lab replay lecture.pcapng --pace 400ms
  handshake-lab replay lecture.pcapng --step --stream 2
  handshake-lab replay lecture.pcapng --speed 0.001 tcp port 6000`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("speed") && (pace.every > 0 || pace.step) {
				pace.speed = "max"
			}
			if err := show.settle("story"); err != nil {
				return err
			}
			filter, err := choose.filter(args[1:])
			if err != nil {
				return err
			}
			return a.replay(c.Context(), args[0], &show, &pace, filter)
		},
	}
	show.flags(c)
	choose.flags(c)
	pace.flags(c)
	c.Flags().StringVar(&pace.speed, "speed", "1", "how many times as fast as it was captured: 0.1, 10, max")
	complete(c, "speed", "0.001", "0.1", "1", "10", "max")
	return c
}

func (a *app) replay(ctx context.Context, path string, show *showing, pace *pacing, filter pipeline.Filter) error {
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	slow := pace.speed != "max" || pace.every > 0 || pace.step
	to, err := a.openView(show, slow)
	if err != nil {
		return err
	}
	sink, giveBack, err := a.into(ctx, pace, to, quit)
	defer giveBack()
	if err != nil {
		to.discard()
		return err
	}
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		to.discard()
		return err
	}
	defer closeFile()
	flow := pipeline.Flow{Source: file, Sink: sink, Filter: filter}
	counts, err := flow.Run(ctx)
	if show.view == "story" && !show.chosen {
		fmt.Fprintf(a.stderr, "%s: %d packets, %d of them TCP segments, in %d conversations\n", program, counts.Packets, counts.Segments, counts.Streams)
	}
	return a.finishFile(ctx, path, to, counts, err)
}
