package main

import (
	"context"
	"errors"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// recordingNotice heads the story where nothing live is possible.
const recordingNotice = "A RECORDING, not live: made by this program on a real kernel earlier"

// showRecording replays a recording that is part of the program, says so
// first, and ends with exit code 7: it is not what was asked for.
func (a *app) showRecording(ctx context.Context, r *runFlags) error {
	a.say("showing a recording instead, made by this program on a real kernel earlier")
	if r.save.path != "" {
		a.say("%s is not written: nothing was captured", r.save.path)
	}
	name := "normal"
	switch {
	case r.clients > 1:
		name = "three-clients"
	case strings.Contains(r.where.host, ":"):
		name = "ipv6"
	}
	file, err := openScenario(name)
	if err != nil {
		return fail(exitFault, err)
	}
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	viewer, err := a.openViewer(ctx, viewing{pace: &r.pace, show: &r.show, out: a.stdout, quit: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	defer viewer.close()
	report, err := a.openReport(reporting{show: &r.show, pace: &r.pace, viewer: viewer, tables: r.tables, several: r.clients*r.repeat > 1 || r.stay,
		live: true, enough: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	if err := report.Moment(timeline.Moment{Kind: timeline.Note, Text: recordingNotice}); err != nil {
		return err
	}
	flow := pipeline.Flow{Source: file, Sink: report, Conclude: true}
	_, err = flow.Run(ctx)
	if closed := report.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fail(exitFault, err)
	}
	return fail(exitUnavailable, errors.New("nothing live was shown: this was a recording"), program+" doctor tells what works here, and what to do")
}
