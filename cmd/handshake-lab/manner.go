package main

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/spf13/cobra"
)

// settleManner reads how numbers and addresses are to be told.
func (s *showFlags) settleManner() error {
	f := format.Named(s.format)
	if f.Machine && (s.relative || s.raw) {
		return useError("--columns chooses, such as tcp.seq,tcp.ack or tcp.seq_raw,tcp.ack_raw",
			"--relative, --raw: rows for programs have both kinds of numbers, under keys of their own")
	}
	if f.Machine && len(s.labels) > 0 {
		return useError("take text, markdown, latex, svg or mermaid", "--name: rows for programs have addresses")
	}
	if s.stable && s.relative {
		return useError("leave one of them out", "--stable and --relative are two ways to tell numbers")
	}
	if !s.relative && !s.stable && len(s.labels) == 0 {
		return nil
	}
	s.manner = &view.Manner{Relative: s.relative, Stable: s.stable, Raw: s.raw, Names: map[netip.Addr]string{}}
	for _, text := range s.labels {
		address, label, ok := strings.Cut(text, "=")
		a, err := netip.ParseAddr(strings.Trim(address, "[]"))
		switch {
		case !ok || label == "" || err != nil:
			return useError("--name 192.0.2.1=web", "--name %s: want an address and a label", text)
		case len(label) > maxLabel:
			return useError("a shorter one fits into a picture", "--name %s: a label has at most %d bytes", text, maxLabel)
		}
		s.manner.Names[a.Unmap()] = label
	}
	return nil
}

// tellsTwins reports whether it is told which segments a filter cannot tell apart.
func (s *showFlags) tellsTwins() bool {
	f := format.Named(s.format)
	return s.view == "header" && len(s.columns) == 0 && f != nil && !f.Machine || slices.Contains(s.columns, "lab.also_matched")
}

// maxLabel is the most bytes of a label in the place of an address.
const maxLabel = 40

// columnsHint is the hint for a key that a view does not have.
func (s *showFlags) columnsHint(err error) string {
	var unknown *view.UnknownColumn
	if errors.As(err, &unknown) {
		return didYouMean(unknown.Key, unknown.Keys, "") + "docs/keys.md lists the keys of each view; --format csv writes them all in its first line"
	}
	if len(s.columns) > 0 {
		return "take csv, json or ndjson, or as text, markdown or latex another view than the story"
	}
	return ""
}

// completeColumns offers keys, behind those that stand there already.
func completeColumns(c *cobra.Command, _ []string, typed string) (offers []string, _ cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	name, _ := c.Flags().GetString("view")
	v := view.Named(name)
	if v == nil {
		v = view.Named("segments")
	}
	for _, key := range v.Keys() {
		offers = append(offers, before+key)
	}
	return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
