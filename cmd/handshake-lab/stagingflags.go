package main

import (
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
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
	ipv6   bool
	turned bool // to IPv6, so that no recording shows it

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
	flags.BoolVar(&s.ipv6, "ipv6", false, "the two hosts speak IPv6")
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
	return s.name != "" || s.delay != "" || len(s.drops)+len(s.rules) > 0 || s.record != "" || s.beside != "" || s.ipv6
}

// settle finds the scenario, or makes one of the greeting and the rules, and
// refuses what makes no sense with a cable.
func (s *stageFlags) settle(r *runFlags, c *cobra.Command) error {
	if !s.isAsked() {
		return nil
	}
	for _, flag := range []string{"interactive", "stay", "host", "port", "net"} {
		if c.Flags().Changed(flag) && !(flag == "net" && r.net == "private") {
			return useError("leave it out: two hosts of their own talk over the cable", "--%s does not go with --scenario, --delay, --drop, --rule, --ipv6 and --record", flag)
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
	scenario, err := s.inFamily(&scenario)
	if err != nil {
		return err
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
	over, err := s.inFamily(other)
	if err != nil {
		return err
	}
	s.other = &over
	return r.show.checkBeside()
}

// inFamily is a scenario over the version of IP that is asked for.
func (s *stageFlags) inFamily(scenario *staged.Scenario) (staged.Scenario, error) {
	if !s.ipv6 || scenario.Family == hosts.IPv6 {
		return *scenario, nil
	}
	over, possible := scenario.OverIPv6()
	s.turned = true
	if !possible {
		return over, useError("leave --ipv6 out", "the scenario %s is staged over IPv4 only: %s", scenario.Name, scenario.OnlyIPv4)
	}
	return over, nil
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
