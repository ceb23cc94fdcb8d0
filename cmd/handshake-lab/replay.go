package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/spf13/cobra"
)

func (a *app) replayCommand() *cobra.Command {
	var show showFlags
	var choose choice
	var pace paceFlags
	var tables tables
	var page webFlags
	var other string
	c := &cobra.Command{
		Use:   "replay FILE [FILE] [FILTER]",
		Short: "Show a saved capture as it happened, at its own pace",
		Long: `Show a capture file as the lab shows a live one, at the capture's own pace, at
another --speed, a moment every --pace, or a moment a key with --step. On a
terminal space pauses, or is the next moment with --step; b pages back through
what was shown, f forward again; ? lists the keys; q ends, and the screen stays
as it is. Where --tables asks for them the tables that run has follow. --predict
asks before each segment which flags, seq and ack it will have, and marks the
answers. --tui shows all of it on the whole screen: ladder, header, states, search.

FILE is pcap or pcapng, plain or compressed with gzip or zstd; - is standard
input, scenario:NAME a recording that is part of the program (see scenarios). A
capture file holds packets only, so no socket calls stand between them.

Two files, one of each end of the same connections, are one story: what was lost
on the way, and when each segment arrived. Their clocks are fitted by the segments
that both have seen, and how is said. So is a recording of both ends that run
--record has made, and that of a scenario, as long as no filter chooses.`,
		Example: `  handshake-lab replay lecture.pcapng
  handshake-lab replay lecture.pcapng --pace 400ms
  handshake-lab replay lecture.pcapng --step --stream 2
  handshake-lab replay lecture.pcapng --idle 2s             longer silences are cut to that
  handshake-lab replay lecture.pcapng --until handshake --tables
  handshake-lab replay lecture.pcapng --speed 0.001 tcp port 6000
  handshake-lab replay scenario:syn-lost --step
  handshake-lab replay scenario:normal --tui                on the whole screen
  handshake-lab replay scenario:normal --predict            asks what comes next
  handshake-lab replay client.pcapng server.pcapng
  handshake-lab replay scenario:syn-ack-lost --beside scenario:syn-lost`,
		Args:              captureArgument,
		ValidArgsFunction: completeCapture,
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("speed") && pace.waits() {
				pace.speed = "max"
			}
			show.pace = pace.every
			if err := show.settle(); err != nil {
				return err
			}
			if err := pace.checkFull(a, &show, c.Flags().Changed("speed")); err != nil {
				return err
			}
			if err := pace.checkPredict(&show); err != nil {
				return err
			}
			if other != "" {
				if len(args) > 1 || choose.isPart() {
					return useError("leave the rest out", "--beside compares two captures as they are")
				}
				return a.replayBeside(c.Context(), args[0], other, &show)
			}
			more, words := secondFile(args[1:])
			filter, err := choose.filter(words)
			if err != nil {
				return err
			}
			if more != "" && choose.isPart() {
				return useError("leave the filter out", "a filter chooses out of one capture, not out of two that are put together")
			}
			if err := page.check(c); err != nil {
				return err
			} else if page.address != "" {
				if s, err := staged.Find(strings.TrimPrefix(args[0], scenarios.Prefix)); err == nil && scenarios.Is(args[0]) {
					page.lesson = webLesson(s)
				}
				return a.serveWeb(c.Context(), &page, filepath.Base(args[0]), "--speed", "max")
			}
			return a.replay(c.Context(), args[0], more, &show, &choose, &pace, tables, filter)
		},
	}
	show.flags(c, "story")
	page.flags(c)
	choose.flags(c)
	pace.flags(c)
	c.Flags().StringVar(&other, "beside", "", "show this `file` beside it, with a sign where they differ; scenario:NAME is one")
	pace.predictFlag(c)
	tables.flag(c, "the tables that run shows after its story: the three steps, their headers, the conversations")
	c.Flags().StringVar(&pace.speed, "speed", "1", "so many `times` as fast as it was captured: 0.1, 10, max")
	complete(c, "speed", "0.001", "0.1", "1", "10", "max")
	return c
}

// secondFile takes the capture of the other end off the words behind the first file.
func secondFile(words []string) (more string, rest []string) {
	if len(words) == 0 {
		return "", nil
	}
	if namesCapture(words[0]) {
		return words[0], words[1:]
	}
	if info, err := os.Stat(words[0]); err == nil && info.Mode().IsRegular() {
		return words[0], words[1:]
	}
	return "", words
}

// stagedAs is the scenario that a recording of both ends is of: one without a lesson
// where that is not known; nil for a capture of one place.
func stagedAs(both *staged.Recording) *staged.Scenario {
	if both == nil {
		return nil
	}
	if both.Scenario != nil {
		return both.Scenario
	}
	return new(staged.Scenario)
}

func (a *app) replay(ctx context.Context, path, more string, show *showFlags, choose *choice, pace *paceFlags, tables tables, filter pipeline.Filter) error {
	factor, err := pace.factor()
	if err != nil {
		return err
	}
	if err := a.apart(path, "", show.out); err != nil {
		return err
	}
	paced := factor > 0 || pace.waits()
	completes := tables.asked() || !show.toStdout() || !terminal.Is(a.stdout) // what is left when the viewer leaves
	flowing, end := a.flowing(ctx, paced && completes)
	defer end(errEnough)
	quit := func() {
		if !completes {
			end(errEnough)
		}
	}
	viewer, err := a.openViewer(ctx, viewing{pace: pace, show: show, out: a.stdout, moves: factor > 0, typed: pace.predict || pace.full, quit: quit})
	if err != nil {
		return err
	}
	defer viewer.close()
	show.source = sourceName(path)
	flushed := eachMoment // what comes through a pipe may come slowly too
	if _, regular := sizeOf(path); regular && !paced {
		flushed = whenFull
	}
	var both *staged.Recording
	if !choose.isPart() {
		if both, err = a.openBothEnds(ctx, path, more); err != nil {
			return err
		}
	}
	foreknow := a.openForeknow(path, show)
	defer foreknow.close()
	to, err := a.openReport(reporting{show: show, pace: pace, viewer: viewer, tables: tables, several: true, live: paced, staged: stagedAs(both),
		flushed: flushed, enough: func() { end(errEnough) }})
	if err != nil {
		return err
	}
	var sink timeline.Sink = to
	if factor > 0 {
		sink = &pipeline.Speed{Context: ctx, Sink: to, Factor: factor, Idle: pace.idle, Sleep: viewer.sleep()}
	}
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		to.discard()
		return err
	}
	defer closeFile()
	if s, err := scenarios.Find(path); err == nil && scenarios.Is(path) {
		a.say("%s, a recording: %s", s.Name, s.Sentence)
	}
	if both != nil {
		if err := a.giveUpRights(); err != nil {
			to.discard()
			return err
		}
		err := a.tellBothEnds(flowing, both, sink, to)
		a.tellUntil(to)
		return err
	}
	preview := a.openPreview(viewer, path)
	defer preview.close()
	if err := a.giveUpRights(); err != nil {
		to.discard()
		return err
	}
	boundMemory()
	flow := pipeline.Flow{Source: file, Sink: sink, Filter: filter, Conclude: true, Unfinished: show.view == "story",
		Foreknown: foreknow.read(ctx, show.view)}
	preview.count(ctx, flow, show, pace)
	counts, err := flow.Run(flowing)
	isWhole := !viewer.isLeft() && !to.isCut()
	empty := err
	err = a.finishFile(ctx, path, file, to, counts, err)
	if isWhole {
		if show.view == "story" && !show.chosen {
			a.say("%s, %s in %s", plural(counts.Packets, "packet"), plural(counts.Segments, "TCP segment"), plural(counts.Streams, "conversation"))
		}
		a.tellEmpty(path, choose, counts, empty)
	}
	a.tellUntil(to)
	return err
}

// flowing is the context of the flow. What is left when a signal ends the showing
// may still be written, where it is to be complete, as far as there is time.
func (a *app) flowing(ctx context.Context, completes bool) (context.Context, context.CancelCauseFunc) {
	if !completes {
		return context.WithCancelCause(ctx)
	}
	flowing, end := context.WithCancelCause(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, func() { end(context.Cause(ctx)) }) })
	return flowing, end
}
