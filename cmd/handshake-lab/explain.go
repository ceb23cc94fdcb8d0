package main

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/spf13/cobra"
)

func (a *app) explainCommand() *cobra.Command {
	var look looks
	c := &cobra.Command{
		Use:   "explain [TOPIC]",
		Short: "Explain the header, a field, flags, bits, an option, a state, a socket call, a verdict",
		Long: `Explain a part of TCP: a field of the header by its name or key, a flag byte in
any notation, bits by their numbers, an option, a connection state, a socket
call, a verdict on a conversation, and what lab sheets ask for: isn, ports,
relative, retransmission, rst-valid, syn-flood, filters; checksum-by-hand and lengths
work a header out; programs is a server and a client in Python and Go, phases says
when they call what. Without a TOPIC the header is explained, and everything else is
named; topics lists it with a line each.`,
		Example: `  handshake-lab explain
  handshake-lab explain 00010010
  handshake-lab explain SYN+ACK
  handshake-lab explain bits 104-111
  handshake-lab explain tcp.seq_raw
  handshake-lab explain TIME-WAIT
  handshake-lab explain recv
  handshake-lab explain programs
  handshake-lab explain checksum-by-hand
  handshake-lab explain accept queue full
  handshake-lab explain filters
  handshake-lab explain topics`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, t := range explain.Topics() {
				names = append(names, cobra.CompletionWithDesc(t.Name, t.Line()))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			to := &sink{file: a.stdout, name: "standard output"}
			style := look.page(a)
			if len(args) == 1 && args[0] == "topics" {
				_, err := to.Write(listTopics(nil, style))
				return err
			}
			topic, err := explain.Find(strings.Join(args, " "))
			if err != nil {
				return fail(exitUse, err, program+" explain topics lists them")
			}
			page := topic.Append(nil, style)
			if len(args) == 0 {
				all, _ := explain.Find("topics")
				page = all.Append(append(page, '\n'), style)
			}
			_, err = to.Write(page)
			return err
		},
	}
	look.flags(c)
	return c
}

// listTopics appends every topic under its group, its name before its title.
func listTopics(dst []byte, style explain.Style) []byte {
	topics, ink := explain.Topics(), style.Ink()
	width := map[string]int{} // of the names, by group
	for _, t := range topics {
		width[t.Group] = max(width[t.Group], len(t.Name)+2, 20)
	}
	group := ""
	for _, t := range topics {
		if t.Group != group {
			if group != "" {
				dst = append(dst, '\n')
			}
			group = t.Group
			dst = append(ink.Append(dst, view.Strong, []byte(group)), '\n')
		}
		line := strings.Repeat(" ", width[t.Group]-len(t.Name)) + t.Line()
		if runes, room := []rune(line), max(style.Width-len("  ")-len(t.Name), 0); len(runes) > room {
			line = string(runes[:room])
		}
		dst = ink.Append(append(dst, "  "...), palette.Label, []byte(t.Name))
		dst = append(append(dst, line...), '\n')
	}
	return dst
}
