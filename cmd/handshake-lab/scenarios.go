package main

import (
	"bytes"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) scenariosCommand() *cobra.Command {
	var look looks
	c := &cobra.Command{
		Use:   "scenarios",
		Short: "List the recordings that are part of the program",
		Long: `List the recordings that are part of the program, with a sentence each: the
handshake and its variants, and what can go wrong. They are traffic of a real
Linux kernel, recorded earlier; what went wrong was made on the path between the
two hosts, or by a script, for which the sentence then says so.

Where replay and export take a file they take scenario:NAME. A file of such a name
is ./scenario:NAME.`,
		Example: `  handshake-lab scenarios
  handshake-lab replay scenario:refused
  handshake-lab replay scenario:syn-ack-lost --step
  handshake-lab export scenario:half-close --view handshake --format markdown`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			list := make([][2]string, 0, 50)
			for _, s := range scenarios.All() {
				list = append(list, [2]string{s.Name, s.Sentence})
			}
			page := explain.List("Scenarios",
				"Recordings of a real Linux kernel's TCP that are part of the program: handshake-lab replay scenario:NAME, export scenario:NAME.", list)
			_, err := (&sink{file: a.stdout, name: "standard output"}).Write(page.Append(nil, look.page(a)))
			return err
		},
	}
	look.flags(c)
	return c
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
