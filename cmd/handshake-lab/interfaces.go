package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/spf13/cobra"
)

func (a *app) interfacesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "interfaces",
		Short:   "List the interfaces that can be captured on",
		Example: "  handshake-lab interfaces",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := live.Interfaces()
			if err != nil {
				return captureError(err)
			}
			to := &sink{file: a.stdout, name: "standard output"}
			if _, err := to.Write(interfaceTable(list, terminal.Width(a.stdout))); err != nil {
				return err
			}
			if may, why := privilege.CanCapture(); !may {
				a.say("capturing on them is not possible now: %s", why)
				a.hint("%s doctor tells what to do", program)
			}
			return nil
		},
	}
}

// interfaceTable has a line for each interface; where these would not fit, the
// addresses stand below one another, and then the descriptions go.
func interfaceTable(list []live.InterfaceInfo, width int) []byte {
	var page []byte
	for _, shape := range []struct{ below, described bool }{{false, true}, {true, true}, {true, false}} {
		var drawn bytes.Buffer
		table := tabwriter.NewWriter(&drawn, 0, 0, 2, ' ', 0)
		row := func(name, state, address, description string) {
			line := name + "\t" + state + "\t" + address
			if shape.described {
				line += "\t" + description
			}
			fmt.Fprintln(table, line)
		}
		row("NAME", "STATE", "ADDRESSES", "DESCRIPTION")
		for _, i := range list {
			all := []string{addresses(&i)}
			if shape.below && len(i.Addresses) > 0 {
				all = strings.Fields(all[0])
			}
			row(printable(i.Name), interfaceState(&i), all[0], printable(i.Description))
			for _, more := range all[1:] {
				row("", "", more, "")
			}
		}
		table.Flush()
		longest := 0
		page = page[:0]
		for line := range bytes.Lines(drawn.Bytes()) {
			line = bytes.TrimRight(line, " \n")
			longest = max(longest, utf8.RuneCount(line))
			page = append(append(page, line...), '\n')
		}
		if longest <= width {
			break
		}
	}
	return page
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
