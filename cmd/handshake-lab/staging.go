package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// runStaged stages a scenario in a private network, and shows it.
func (a *app) runStaged(ctx context.Context, r *runFlags) error {
	if !hosts.Inside() {
		if err := hosts.Probe(); err != nil {
			return a.showRecorded(ctx, r, err)
		}
		return a.runPrivate(ctx, r)
	}
	return a.stage(ctx, r)
}

// stage is the run inside: outputs are opened first, then all of it happens, and
// then it is told, at whatever pace.
func (a *app) stage(ctx context.Context, r *runFlags) error {
	s := r.staged.scenario
	if r.staged.other != nil {
		return a.stageBeside(ctx, r)
	}
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	defer a.mustEnd(ctx)()
	viewer, err := a.openViewer(ctx, viewing{pace: &r.pace, show: &r.show, out: a.outBeside(&r.save, &r.show), typed: r.pace.predict || r.pace.full, quit: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	defer viewer.close()
	if err := r.save.open(a, r.show.out); err != nil {
		return err
	}
	defer r.save.close()
	files, err := r.staged.open()
	if err != nil {
		return err
	}
	defer files.close()
	if r.save.toStdout() && r.show.out == "" {
		a.stdout = a.stderr
	}
	r.show.clients = func() int { return r.clients * r.repeat }
	report, err := a.openReport(reporting{show: &r.show, pace: &r.pace, viewer: viewer, tables: r.tables, several: r.clients*r.repeat > 1,
		staged: s, live: r.pace.waits(), enough: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	a.tellTakes(s)
	recording, err := staged.Run(ctx, s)
	if errors.Is(err, staged.ErrTooLong) {
		a.say("stopped after %v: it had not come to its end; this is what happened by then", s.Patience())
		err = nil
	}
	telling := ctx
	if ctx.Err() != nil { // what has happened by then is told, but for what was to happen
		report.leaveOutLesson()
		telling = context.WithoutCancel(ctx)
	}
	if recording == nil || err != nil && ctx.Err() == nil {
		report.to.Close()
		return a.notStaged(s, err)
	}
	if err := a.giveUpRights(); err != nil {
		report.to.Close()
		return err
	}
	err = files.write(recording)
	if err == nil && r.save.to != nil {
		err = saveError(wire.Save(r.save.to, recording.Records, wire.BothEnds))
	}
	told := recording.Tell(telling, report)
	if ctx.Err() != nil && !isOutputFailure(told) {
		told = nil // who has left, or was called away, need not see the rest
	}
	if differs := recording.Difference(); differs != "" && told == nil && ctx.Err() == nil {
		told = report.Moment(timeline.Moment{Kind: timeline.Note, Text: otherwise + differs})
	}
	for _, next := range []error{told, report.Close(), r.save.close(), files.close()} {
		if err == nil {
			err = next
		}
	}
	if err == nil && ctx.Err() == nil {
		a.tellDifference(recording)
	}
	return err
}

// tellTakes says how long it takes, where that is long enough to wonder.
func (a *app) tellTakes(s *staged.Scenario) {
	if s.Takes > 500*time.Millisecond {
		a.say("staging %s: about %.1f s", s.Name, s.Takes.Seconds())
	}
}

const otherwise = "this time it went otherwise than the lesson says: "

// tellDifference says where a scenario has not gone as its lesson says.
func (a *app) tellDifference(recording *staged.Recording) {
	if differs := recording.Difference(); differs != "" {
		a.say("warning: %s%s", otherwise, differs)
	}
	a.tellUnmet(recording)
}

// tellUnmet says which rules of the cable have had nothing to do.
func (a *app) tellUnmet(recording *staged.Recording) {
	for _, rule := range recording.Unmet {
		a.say("warning: %q has changed nothing: no packet came that it applies to", rule)
	}
}

// notStaged says why a scenario cannot be staged here.
func (a *app) notStaged(s *staged.Scenario, err error) error {
	var missing *hosts.MissingSysctl
	var hints []string
	if _, known := scenarios.Find(s.Name); known == nil {
		hints = append(hints, fmt.Sprintf("watch the recording: %s replay %s%s", program, scenarios.Prefix, s.Name))
	}
	switch {
	case errors.As(err, &missing):
		return fail(exitUnavailable, fmt.Errorf("the scenario %s is not available here: %w", s.Name, err), hints...)
	case errors.Is(err, hosts.ErrUnavailable):
		return unavailableError(err)
	}
	return fail(exitUnavailable, fmt.Errorf("the scenario %s could not be staged here: %w", s.Name, err), hints...)
}

// stagingRemedies are what would make staging possible: of the remedies those that let
// namespaces be made. To capture on the host's own loopback is of no help here.
func stagingRemedies(unavailable error) (lines []string) {
	var u *hosts.Unavailable
	if !errors.As(unavailable, &u) {
		return nil
	}
	for _, line := range u.Remedy() {
		if !strings.Contains(line, "setcap") && !strings.Contains(line, program+" run") && !strings.Contains(line, "NET_RAW") {
			lines = append(lines, line)
		}
	}
	return lines
}

// showRecorded shows the recording of a scenario where none can be staged.
func (a *app) showRecorded(ctx context.Context, r *runFlags, unavailable error) error {
	s, err := scenarios.Find(r.staged.scenario.Name)
	if err != nil || r.staged.scenario.Changed || r.staged.turned || r.staged.other != nil {
		return fail(exitUnavailable, unavailable, stagingRemedies(unavailable)...)
	}
	a.say("nothing can be staged here: %v", unavailable)
	for _, line := range stagingRemedies(unavailable) {
		a.hint("%s", line)
	}
	if r.staged.record != "" || r.save.path != "" {
		a.say("nothing is written: nothing was staged")
	}
	a.say("showing a recording instead, made by this program on a real kernel earlier")
	if err := a.replay(ctx, scenarios.Prefix+s.Name, "", &r.show, new(choice), &r.pace, r.tables, pipeline.Filter{}); err != nil {
		return err
	}
	return fail(exitUnavailable, errors.New("nothing was staged: this was a recording"), program+" doctor tells what works here, and what to do")
}
