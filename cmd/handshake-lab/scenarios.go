package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/spf13/cobra"
)

func (a *app) scenariosCommand() *cobra.Command {
	var look looks
	c := &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List what can be staged and replayed: handshakes, and what goes wrong",
		Long: `List the scenarios, with a sentence each: the handshake and its variants, and what
can go wrong. With a NAME say all about one: what it needs, how long it takes, what
to look for, and its lesson.

run --scenario NAME stages one: two hosts with a real kernel's TCP, and a cable
between them that this program is; --ipv6 does so over IPv6. Each is also a recording that is part of the
program, made earlier on a real Linux kernel: where replay and export take a file
they take scenario:NAME. Some are recordings only, as the list says. A file of such
a name is ./scenario:NAME.`,
		Example: `  handshake-lab scenarios
  handshake-lab scenarios syn-ack-lost
  handshake-lab run --scenario syn-ack-lost
  handshake-lab replay scenario:refused
  handshake-lab replay scenario:syn-ack-lost --step
  handshake-lab export scenario:half-close --view handshake --format markdown`,
		Args:              atMostOne("NAME"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			page := scenarioList()
			if len(args) == 1 {
				var err error
				if page, err = scenarioPage(args[0]); err != nil {
					return err
				}
			}
			_, err := (&sink{file: a.stdout, name: "standard output"}).Write(page.Append(nil, look.page(a)))
			return err
		},
	}
	look.flags(c)
	return c
}

// scenarioList is the page of all scenarios.
func scenarioList() explain.Topic {
	list := make([][2]string, 0, 80)
	for _, s := range scenarios.All() {
		text := s.Sentence
		if is, err := staged.Find(s.Name); err == nil {
			text += " Look for: " + is.Look + ". " + takes(is) + "."
		} else {
			text += " A recording only."
		}
		list = append(list, [2]string{s.Name, text})
	}
	return explain.List("Scenarios", "handshake-lab run --scenario NAME stages one; replay scenario:NAME and export scenario:NAME show its recording, "+
		"made earlier on a real Linux kernel; scenarios NAME says more.", list)
}

// takes is how long a scenario takes, and which settings it needs.
func takes(s *staged.Scenario) string {
	text := fmt.Sprintf("About %.1f s", s.Takes.Seconds())
	if needs := s.Needs(); len(needs) > 0 {
		text += "; needs " + strings.Join(needs, ", ")
	}
	return text
}

// overIPv6 is how to stage a scenario over IPv6, or why that cannot be.
func overIPv6(s *staged.Scenario) string {
	if s.OnlyIPv4 != "" {
		return "not: " + s.OnlyIPv4
	}
	return program + " run --scenario " + s.Name + " --ipv6"
}

// scenarioPage is all about one scenario.
func scenarioPage(name string) (explain.Topic, error) {
	s, err := scenarios.Find(name)
	if err != nil {
		return explain.Topic{}, fail(exitUse, err, program+" scenarios lists them")
	}
	is, err := staged.Find(s.Name)
	if err != nil {
		return explain.Topic{Title: s.Name, Help: s.Sentence + " It is a recording only: " + program + " replay " + scenarios.Prefix + s.Name}, nil
	}
	facts := [][2]string{{"stage it", program + " run --scenario " + s.Name}, {"replay it", program + " replay " + scenarios.Prefix + s.Name},
		{"look for", is.Look}, {"it takes", takes(is)}}
	if rules := strings.Join(is.Rules, "; "); rules != "" {
		facts = append(facts, [2]string{"the cable", "is to " + rules})
	}
	if is.Delay != ([2]time.Duration{}) {
		facts = append(facts, [2]string{"on the way", fmt.Sprintf("%v from the client, %v from the server", is.Delay[0], is.Delay[1])})
	}
	if is.Family != hosts.IPv6 {
		facts = append(facts, [2]string{"over IPv6", overIPv6(is)})
	}
	if is.Varies != "" {
		facts = append(facts, [2]string{"what varies", is.Varies})
	}
	return explain.Lesson(s.Name, is.Lesson, is.Rule, is.Question).Before(s.Sentence, facts), nil
}

// completeScenario completes the names of scenarios.
func completeScenario(_ *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	if len(args) == 0 {
		for _, s := range scenarios.All() {
			names = append(names, cobra.CompletionWithDesc(s.Name, s.Sentence))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// openScenario opens a recording that is part of the program.
func openScenario(name string) (*capture.File, error) {
	s, err := scenarios.Find(name)
	if err != nil {
		return nil, fail(exitFile, err, program+" scenarios lists them; a file of that name is ./"+name)
	}
	file, err := capture.NewReader(bytes.NewReader(s.Capture()))
	return file, fail(exitFault, err)
}

// completeCapture completes the scenarios, from their prefix on, beside the names
// of files. To bash a colon ends a word: see completeColons.
func completeCapture(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	if !scenarios.Is(begun) {
		if len(begun) < 2 || !strings.HasPrefix(scenarios.Prefix, begun) { // files that begin so would not be offered
			return nil, cobra.ShellCompDirectiveDefault
		}
		return []string{cobra.CompletionWithDesc(scenarios.Prefix, "a recording that is part of the program")},
			cobra.ShellCompDirectiveNoSpace
	}
	var names []string
	for _, s := range scenarios.All() {
		names = append(names, cobra.CompletionWithDesc(scenarios.Prefix+s.Name, s.Sentence))
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, begun) })
	return names, cobra.ShellCompDirectiveNoFileComp
}
