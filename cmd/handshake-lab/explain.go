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
	var format, out string
	c := &cobra.Command{
		Use:   "explain [TOPIC]",
		Short: "Explain the header, a field, flags, bits, an option, a state, a socket call, a verdict",
		Long: `Explain a part of TCP: a field of the header by its name or key, a flag byte in
any notation, bits by their numbers, an option, a connection state, a socket
call, a verdict on a conversation, and what lab sheets ask for: isn, ports,
relative, retransmission, rst-valid, syn-flood, filters. checksum-by-hand and
lengths work a header out; programs is a server and a client in Python and Go,
phases says when they call what; lesson is a lesson of 45 minutes.

Without a TOPIC the header is explained, and everything else is named; topics
lists it with a line each. all is the whole reference, which --format and -o make
a handbook.`,
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
  handshake-lab explain lesson
  handshake-lab explain topics
  handshake-lab explain all --format html -o handbook.html
  handshake-lab explain recv --format markdown`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			names := []string{cobra.CompletionWithDesc("all", "the whole reference"), cobra.CompletionWithDesc("topics", "every topic with a line each")}
			for _, t := range explain.Topics() {
				names = append(names, cobra.CompletionWithDesc(t.Name, t.Line()))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.explain(&look, strings.Join(args, " "), format, out)
		},
	}
	var names []string
	for _, f := range explain.DocumentFormats {
		names = append(names, f.Name)
	}
	c.Flags().StringVar(&format, "format", "", "the `format` that it is written in: "+strings.Join(names, ", ")+" (default by the ending of -o, else text)")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this `file` instead of standard output; its ending chooses the format")
	complete(c, "format", names...)
	look.flags(c)
	return c
}

// explain writes what the words ask for.
func (a *app) explain(look *looks, words, format, out string) (err error) {
	as, err := explain.FormatNamed(format, out)
	if err != nil {
		return useError(program+" explain all --format html -o handbook.html", "%w", err)
	}
	document, err := asked(words)
	if err != nil {
		return fail(exitUse, err, program+" explain topics lists them")
	}
	to, err := openSink(a.stdout, out)
	if err != nil {
		return err
	}
	defer func() {
		if closed := to.Close(); err == nil {
			err = closed
		}
	}()
	if out == "" {
		document.Style = look.page(a)
	}
	page := as.Append(&document, nil)
	if as.Name == "text" && words == "topics" {
		page = listTopics(nil, document.Style)
	}
	_, err = to.Write(page)
	return err
}

// asked is the document that words ask for: all topics, or one; without words the
// header, and the names of the others.
func asked(words string) (explain.Document, error) {
	if words == "all" {
		return explain.All(), nil
	}
	topic, err := explain.Find(words)
	if err != nil {
		return explain.Document{}, err
	}
	document := explain.Document{Topics: []explain.Topic{topic}}
	if words == "" {
		index, err := explain.Find("topics")
		if err != nil {
			return explain.Document{}, err
		}
		document.Topics = append(document.Topics, index)
	}
	return document, nil
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
