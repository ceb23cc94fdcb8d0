package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/nearby"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says in plain words what is wrong with a flag, and which one was meant
// perhaps.
func flagError(c *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		asked := unknown.GetSpecifiedName()
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			err = fmt.Errorf("unknown flag: -%s", letters)
			asked = letters // -clients for --clients
		}
		return fail(exitUse, err, didYouMean(asked, flagNames(c), "--")+seeHelp(c))
	case errors.As(err, &missing):
		flag := missing.GetFlag()
		_, usage := pflag.UnquoteUsage(flag)
		return useError(seeHelp(c), "--%s needs a value: %s", flag.Name, usage)
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		return useError(seeHelp(c), "--%s %s: %s", flag.Name, invalid.GetValue(), wanted(flag, invalid.Unwrap()))
	}
	return fail(exitUse, err, seeHelp(c))
}

// wanted is what a flag's value has to be.
func wanted(flag *pflag.Flag, cause error) string {
	tooLarge := errors.Is(cause, strconv.ErrRange)
	switch flag.Value.Type() {
	case "duration":
		return "a time has a unit, such as 400ms or 2s"
	case "int", "uint64":
		if tooLarge {
			return "too large"
		}
		return "want a whole number"
	case "intSlice":
		if tooLarge {
			return "too large"
		}
		return "want whole numbers, with commas between them"
	case "bool":
		return "want true or false"
	}
	return cause.Error()
}

// noEmptyValues refuses a flag whose value is empty, as "$NAME" of a script is where
// nobody has set it: it would say the same as no flag.
func noEmptyValues(c *cobra.Command, _ []string) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		value := f.Value.String()
		if slice, is := f.Value.(pflag.SliceValue); is {
			value = strings.Join(slice.GetSlice(), "")
		}
		if value == "" && f.Name != "say" && err == nil { // a client may say an empty line
			_, usage := pflag.UnquoteUsage(f)
			err = useError(seeHelp(c), "--%s needs a value: %s", f.Name, usage)
		}
	})
	return err
}

// didYouMean lists what is written nearly as what was asked for, as a hint of a line
// of its own; "" where nothing is.
func didYouMean(asked string, names []string, prefix string) string {
	near := nearby.Names(asked, names)
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + prefix + strings.Join(near, ", "+prefix) + "?\n"
}

func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

func seeHelp(c *cobra.Command) string { return "see " + c.CommandPath() + " --help" }

// unknownCommand says that there is no such command below c.
func unknownCommand(c *cobra.Command, name string) error {
	var names []string
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			names = append(names, below.Name())
		}
	}
	return useError(didYouMean(name, names, "")+seeHelp(c), "unknown command %q for %q", name, c.CommandPath())
}

// noArguments is for a command that takes none.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if c.HasAvailableSubCommands() {
		return unknownCommand(c, args[0])
	}
	return useError(seeHelp(c), "%s takes no arguments: %s", c.Name(), strings.Join(args, " "))
}

// atMostOne is for a command that takes one argument or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) <= 1 {
			return nil
		}
		return useError(seeHelp(c), "%s takes one %s: %s", c.Name(), what, strings.Join(args, " "))
	}
}

// captureArgument is for a command that reads a capture.
func captureArgument(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return nil
	}
	return useError(fmt.Sprintf("%s lecture.pcapng, or scenario:NAME, or - for standard input; %s", c.CommandPath(), seeHelp(c)),
		"name the capture to %s", c.Name())
}
