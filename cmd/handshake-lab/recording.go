package main

import (
	"context"
	"errors"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// recordingNotice heads what is shown where nothing live is possible.
const recordingNotice = "A RECORDING, not live: made by this program on a real kernel earlier"

// showRecording replays a recording that is part of the program, says so
// first, and ends with exit code 7: it is not what was asked for.
func (a *app) showRecording(ctx context.Context, r *runFlags) error {
	a.say("showing a recording instead, made by this program on a real kernel earlier")
	if r.save.path != "" {
		a.say("%s is not written: nothing was captured", r.save.path)
	}
	is := r.nearest()
	r.show.sorted = true
	r.show.clients = func() int { return is.clients }
	file, err := openScenario(is.name)
	if err != nil {
		return fail(exitFault, err)
	}
	if ignored := r.ignored(&is); len(ignored) > 0 {
		a.say("ignored, as they are about what is live: %s", strings.Join(ignored, ", "))
	}
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	viewer, err := a.openViewer(ctx, viewing{pace: &r.pace, show: &r.show, out: a.stdout, typed: r.pace.predict || r.pace.full, quit: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	defer viewer.close()
	notice := recordingNotice
	if r.show.view == "story" || format.Named(r.show.format).Machine {
		notice = "" // the story tells it as a moment; rows for programs have no titles
	}
	report, err := a.openReport(reporting{show: &r.show, pace: &r.pace, viewer: viewer, tables: r.tables, several: is.clients > 1,
		live: true, titled: notice, enough: func() { quit(errEnough) }})
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

// recorded is a recording of the lab, and what of a run it shows.
type recorded struct {
	name    string
	host    string
	clients int
}

// nearest is the recording that is nearest to the run that was asked for.
func (r *runFlags) nearest() recorded {
	switch {
	case r.clients > 1:
		return recorded{"three-clients", "127.0.0.1", 3}
	case strings.Contains(r.where.host, ":"):
		return recorded{"ipv6", "::1", 1}
	}
	return recorded{"normal", "127.0.0.1", 1}
}

// ignored are the flags that were given and that a recording does not follow.
func (r *runFlags) ignored(is *recorded) (flags []string) {
	follows := map[string]bool{
		"interactive": !r.interactive,
		"say":         false,
		"stay":        !r.stay,
		"port":        r.where.port == dialogue.Port,
		"host":        r.where.host == is.host,
		"clients":     r.clients == is.clients,
		"repeat":      r.repeat == 1,
		"backlog":     false,
		"patience":    false,
	}
	for _, name := range r.named {
		if does, known := follows[name]; known && !does {
			flags = append(flags, "--"+name)
		}
	}
	return flags
}
