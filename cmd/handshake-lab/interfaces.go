package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/spf13/cobra"
)

func (a *app) interfacesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "interfaces",
		Short:   "List the interfaces that can be captured on",
		Example: "  handshake-lab interfaces",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := live.Interfaces()
			if err != nil {
				return captureError(err)
			}
			to := &sink{file: a.stdout, name: "standard output"}
			table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tSTATE\tADDRESSES\tDESCRIPTION")
			for _, i := range list {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", printable(i.Name), interfaceState(&i), addresses(&i), printable(i.Description))
			}
			if err := table.Flush(); err != nil {
				return outputError(err)
			}
			if may, why := privilege.CanCapture(); !may {
				a.say("capturing on them is not possible now: %s", why)
				a.hint("%s doctor tells what to do", program)
			}
			return nil
		},
	}
}

func interfaceState(i *live.InterfaceInfo) string {
	state := "down"
	if i.Up {
		state = "up"
	}
	if i.Loopback {
		state += ", loopback"
	}
	return state
}

func addresses(i *live.InterfaceInfo) string {
	var list []string
	for _, p := range i.Addresses {
		list = append(list, p.String())
	}
	return strings.Join(list, " ")
}

// printable keeps what a driver calls itself from reaching the terminal raw.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
