package main

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/bench/report"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// export is the command that writes a view as ndjson.
func (b *bench) export(path, view string) []string { return b.exportAs(path, view, "ndjson") }

func (b *bench) exportAs(path, view, format string) []string {
	return []string{b.ours, "export", path, "--view", view, "--format", format}
}

func one(name string, args ...string) *work { return &work{name: name, commands: [][]string{args}} }

// slow limits a peer that takes long: a third of the rounds, none when in a
// hurry.
func (b *bench) slow(w *work) *work {
	w.rounds = (b.runs + 2) / 3
	return w
}

// fieldsCommand is tshark with the keys of our segments that it knows.
func fieldsCommand(path string) []string {
	args := []string{"tshark", "-n", "-r", path, "-T", "fields"}
	for _, v := range view.Views {
		if v.Name != "segments" {
			continue
		}
		for _, c := range v.Columns {
			if !strings.HasPrefix(c.Key, "lab.") {
				args = append(args, "-e", c.Key)
			}
		}
	}
	return args
}

// dialogues is the everyday capture: 60,000 of them, a million packets.
func (b *bench) dialogues() ([]report.Row, error) {
	path, err := b.capture("dialogues", "-dialogues", "60000")
	if err != nil {
		return nil, err
	}
	conversations := one("conversations", b.export(path, "conversations")...)
	segments := one("segments", b.export(path, "segments")...)
	table := one("segments as text", b.exportAs(path, "segments", "text")...)
	story := one("the story", b.exportAs(path, "story", "text")...)
	floor := one("`tcpdump -r F -w /dev/null`", "tcpdump", "-r", path, "-w", "/dev/null")
	lines := one("`tcpdump -r F -nn -S`", "tcpdump", "-r", path, "-nn", "-S")
	traced := one("`tcptrace -n`", "tcptrace", "-n", path)
	verbose := one("`tcpdump -r F -nn -S -v`", "tcpdump", "-r", path, "-nn", "-S", "-v")
	ends := b.slow(one("`tshark -q -z conv,tcp`", "tshark", "-q", "-z", "conv,tcp", "-r", path))
	fields := b.slow(one("`tshark -T fields`", fieldsCommand(path)...))
	shark := b.slow(one("`tshark -n -r F`", "tshark", "-n", "-r", path))
	works := []*work{floor, conversations, lines, segments, table, verbose, story, traced}
	if !b.quick {
		works = append(works, ends, fields, shark)
	}
	if err := together(b.runs, works...); err != nil {
		return nil, err
	}
	const conv, segs = "conversations, 1,080,000 packets", "segments, 1,080,000 packets"
	return []report.Row{
		atMost(conv, conversations, floor, 2),
		faster(conv, conversations, ends, 40),
		faster(conv, conversations, traced, 1),
		atMost(segs, segments, lines, 0.7),
		faster(segs, segments, fields, 25),
		atMost(segs+", as text", table, lines, 1),
		faster(segs+", as text", table, shark, 10),
		told("the story, 1,080,000 packets", story, verbose),
		faster("the story, 1,080,000 packets", story, shark, 5),
		memory("memory of the conversations", conversations, 64),
		memory("memory of the segments", segments, 64),
	}, nil
}

// longer is ten times the same: memory must not grow with the capture.
func (b *bench) longer() ([]report.Row, error) {
	const what = "memory at ten times as many packets"
	if b.quick {
		return []report.Row{report.Skip(what, "≤ 128 MiB", "left out")}, nil
	}
	path, err := b.capture("longer", "-dialogues", "600000")
	if err != nil {
		return nil, err
	}
	conversations := one("conversations", b.export(path, "conversations")...)
	segments := one("segments", b.export(path, "segments")...)
	if err := together(1, conversations, segments); err != nil {
		return nil, err
	}
	return []report.Row{
		memory(what+": conversations", conversations, 128),
		memory(what+": segments", segments, 128),
	}, nil
}

// flood is SYNs that nobody answers, each from another socket.
func (b *bench) flood() ([]report.Row, error) {
	const what = "5 million SYNs, none answered"
	if b.quick {
		return []report.Row{report.Skip(what, "≤ 128 MiB", "left out")}, nil
	}
	half, err := b.capture("syns-half", "-syns", "2500000")
	if err != nil {
		return nil, err
	}
	whole, err := b.capture("syns", "-syns", "5000000")
	if err != nil {
		return nil, err
	}
	late, err := b.capture("syns-late", "-syns", "100000", "-late", "10")
	if err != nil {
		return nil, err
	}
	some := one("conversations of 2.5 million", b.export(half, "conversations")...)
	all := one("conversations of 5 million", b.export(whole, "conversations")...)
	segments := one("segments of 5 million", b.export(whole, "segments")...)
	if err := together(min(b.runs, 3), some, all, segments); err != nil {
		return nil, err
	}
	behind := one("conversations of 100,000 and late segments", b.export(late, "conversations")...)
	if err := together(1, behind); err != nil {
		return nil, err
	}
	forgets := func(w *work) bool { return bytes.Contains(w.stderr, []byte("may go on an earlier stream")) }
	said := report.Row{Work: what + ": what was forgotten is said where a late segment shows it", Measured: "not said", Bar: "said"}
	switch {
	case forgets(all):
		said.Measured = "said without one"
	case forgets(behind):
		said.Measured, said.Holds = "said", true
	}
	return []report.Row{
		memory(what+": conversations", all, 128),
		memory(what+": segments", segments, 128),
		report.AtMost(what+": linear, twice the time of half of them", report.Time(all.took()), "half of them "+report.Time(some.took()), all.over(some), 2.4, " ×"),
		said,
	}, nil
}

// start is the whole process on a small file.
func (b *bench) start() ([]report.Row, error) {
	const path, what = "testdata/greeting.pcapng", "whole process, segments of `testdata/greeting.pcapng`"
	ours := one("export", b.export(path, "segments")...)
	lines := one("`tcpdump -r`", "tcpdump", "-r", path)
	shark := one("`tshark -r`", "tshark", "-r", path)
	shark.rounds = 2 * b.runs
	works := []*work{lines, ours}
	if !b.quick {
		works = append(works, shark)
	}
	if err := together(20*b.runs, works...); err != nil {
		return nil, err
	}
	return []report.Row{
		atMost(what, ours, lines, 3),
		faster(what, ours, shark, 15),
	}, nil
}

// many is a process for each of many captures, as a class hands them in.
func (b *bench) many() ([]report.Row, error) {
	const folder, what = "../shared/conformance/captures", "a process for each of many small captures"
	ours := &work{name: "export", fails: true}
	lines := &work{name: "`tcpdump -r F -nn`", fails: true}
	_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			ours.commands = append(ours.commands, b.export(path, "segments"))
			lines.commands = append(lines.commands, []string{"tcpdump", "-r", path, "-nn"})
		}
		return nil
	})
	if len(ours.commands) == 0 {
		return []report.Row{report.Skip(what, "≤ 3 × tcpdump", folder+" is not here")}, nil
	}
	if err := together(b.runs, lines, ours); err != nil {
		return nil, err
	}
	return []report.Row{atMost(what, ours, lines, 3)}, nil
}
