package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
	"github.com/spf13/cobra"
)

// stageFlags are what run is told of the cable between two hosts: a scenario, or rules
// of one's own. Without any of it there is no cable, and run captures on a loopback.
type stageFlags struct {
	name   string
	delay  string
	drops  []string
	rules  []string
	record string
	beside string

	other    *staged.Scenario // of --beside; nil where that is not given
	scenario *staged.Scenario // nil where there is no cable
}

func (s *stageFlags) flags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&s.name, "scenario", "", "stage this `scenario`, what can happen to a handshake, with two hosts and a cable between them; scenarios lists them")
	flags.StringVar(&s.delay, "delay", "", "the `time` that the cable takes: 50ms each way, 50ms/10ms there and back")
	flags.StringArrayVar(&s.drops, "drop", nil, "the `packets` that the cable loses: 'the 2nd SYN+ACK', 'every SYN', 'the client's 1st ACK'; may be repeated")
	flags.StringArrayVar(&s.rules, "rule", nil, "a `rule` for what else the cable does: 'duplicate the 1st SYN after 2ms', 'answer every SYN with RST'; may be repeated")
	flags.StringVar(&s.record, "record", "", "save what was on the cable in this `directory`: both ends in one pcapng file, and each in its own")
	flags.StringVar(&s.beside, "beside", "", "stage this `scenario` too, and show both side by side, with a sign where they differ")
	_ = c.RegisterFlagCompletionFunc("scenario", completeStaged)
	_ = c.RegisterFlagCompletionFunc("beside", completeStaged)
	complete(c, "delay", "10ms", "50ms", "50ms/10ms")
	complete(c, "drop", "the 1st SYN", "the 2nd SYN+ACK", "the client's 1st ACK", "every SYN", "the 1st data", "the server's 1st FIN")
	_ = c.MarkFlagDirname("record")
}

func completeStaged(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
	for _, s := range staged.All() {
		names = append(names, cobra.CompletionWithDesc(s.Name, s.Sentence))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// isAsked reports whether there is to be a cable.
func (s *stageFlags) isAsked() bool {
	return s.name != "" || s.delay != "" || len(s.drops)+len(s.rules) > 0 || s.record != "" || s.beside != ""
}

// settle finds the scenario, or makes one of the greeting and the rules, and
// refuses what makes no sense with a cable.
func (s *stageFlags) settle(r *runFlags, c *cobra.Command) error {
	if !s.isAsked() {
		return nil
	}
	for _, flag := range []string{"interactive", "stay", "host", "port", "net"} {
		if c.Flags().Changed(flag) && !(flag == "net" && r.net == "private") {
			return useError("leave it out: two hosts of their own talk over the cable", "--%s does not go with --scenario, --delay, --drop, --rule and --record", flag)
		}
	}
	scenario := staged.Scenario{Name: "greeting", Script: func(stage *staged.Stage) {
		stage.Greet(staged.GreetConfig{Clients: r.clients, Repeat: r.repeat, Backlog: r.backlog, Names: r.script, Patience: r.patience})
	}}
	if s.name != "" {
		for _, flag := range []string{"clients", "repeat", "say", "backlog", "patience"} {
			if c.Flags().Changed(flag) {
				return useError("leave it out", "--%s: what is said in the scenario %s is fixed", flag, s.name)
			}
		}
		found, err := staged.Find(strings.TrimPrefix(s.name, scenarios.Prefix))
		if err != nil {
			return fail(exitUse, err, program+" scenarios lists them")
		}
		scenario = *found
	}
	if err := s.takeRules(&scenario); err != nil {
		return err
	}
	s.scenario = &scenario
	if r.save.path != "-" && savefile.FormatOf(r.save.path) == capture.PCAP && r.save.path != "" {
		return useError("any name but .pcap, or --record", "-w %s: classic pcap cannot hold both ends of a cable", r.save.path)
	}
	if s.beside == "" {
		return nil
	}
	if s.record != "" || r.save.path != "" {
		return useError("record each alone", "--beside shows two runs, and saves neither")
	}
	if r.pace.full || r.pace.predict {
		return useError("leave it out", "--beside shows two runs side by side: --tui and --predict show one")
	}
	other, err := staged.Find(strings.TrimPrefix(s.beside, scenarios.Prefix))
	if err != nil {
		return fail(exitUse, err, program+" scenarios lists them")
	}
	s.other = other
	return r.show.checkBeside()
}

// takeRules adds the rules of one's own. They are not those of the lesson any more,
// so it is not held against what happens.
func (s *stageFlags) takeRules(scenario *staged.Scenario) error {
	if s.delay != "" {
		there, back, both := strings.Cut(s.delay, "/")
		if !both {
			back = there
		}
		for end, text := range []string{there, back} {
			d, err := time.ParseDuration(text)
			if err != nil || d < 0 || d > time.Minute {
				return useError("50ms is a delay each way, 50ms/10ms one there and one back", "--delay %s: want a time, or two", s.delay)
			}
			scenario.Delay[end] = d
		}
		scenario.Changed = true
	}
	texts := append([]string(nil), s.rules...)
	for _, what := range s.drops {
		texts = append(texts, "drop "+what)
	}
	for _, text := range texts {
		if _, err := wire.ParseRule(text); err != nil {
			return fail(exitUse, err, "packets are "+strings.Join(wire.KindNames(), ", ")+"; "+program+" run --help has examples")
		}
		scenario.Rules = append(append([]string(nil), scenario.Rules...), text)
		scenario.Changed = true
	}
	return nil
}

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
	told := recording.Tell(ctx, report)
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

// recordFiles are the files of --record.
type recordFiles struct{ files []*sink }

// What each of them holds, by its name's end.
var recordedEnds = []struct {
	suffix string
	holds  wire.Ends
}{{".pcapng", wire.BothEnds}, {"-client.pcapng", wire.ClientEnd}, {"-server.pcapng", wire.ServerEnd}}

// open makes the files of --record, with the rights of the user behind sudo.
func (s *stageFlags) open() (*recordFiles, error) {
	r := new(recordFiles)
	if s.record == "" {
		return r, nil
	}
	info, err := os.Stat(s.record)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no directory", s.record)
	}
	if err != nil {
		return nil, fail(exitOutput, fmt.Errorf("--record: %w", err), "make it first: mkdir "+s.record)
	}
	for _, end := range recordedEnds {
		file, err := openSink(nil, filepath.Join(s.record, s.scenario.Name+end.suffix))
		if err != nil {
			r.close()
			return nil, err
		}
		file.records = true
		r.files = append(r.files, file)
	}
	return r, nil
}

func (r *recordFiles) write(recording *staged.Recording) error {
	for i, file := range r.files {
		if err := wire.Save(file, recording.Records, recordedEnds[i].holds); err != nil {
			return saveError(err)
		}
	}
	return nil
}

func (r *recordFiles) close() (err error) {
	for _, file := range r.files {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}
	return err
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
	if err != nil || r.staged.scenario.Changed || r.staged.other != nil {
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
