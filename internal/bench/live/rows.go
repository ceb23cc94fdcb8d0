package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/bench/report"
)

const needsRight = "capturing needs root or cap_net_raw"

// throughput is dialogues a second against an address.
func throughput(address string, dialogues int) (float64, error) {
	o, err := load{Address: address, Dialogues: dialogues, AtOnce: atOnce}.run()
	if err == nil && o.Failed > 0 {
		err = fmt.Errorf("%d of %d dialogues broke off", o.Failed, dialogues)
	}
	return float64(dialogues) / o.Seconds, err
}

// sniffer is a program that watches the load.
type sniffer struct {
	name   string
	ours   bool
	args   []string // but for the filter, which is to come last
	rates  []float64
	ratios []float64 // to the load that nobody watches, as it is right before and after

	captured, lost int // packets, if it is ours
}

// sniffed is the load without and with each sniffer beside it. What tcpdump
// leaves of the rate tells what the kernel's part of sniffing is.
func (b *bench) sniffed() ([]report.Row, error) {
	const dialogues = 20_000
	what := fmt.Sprintf("%d dialogues, %d clients, as fast as they go, sniffed", dialogues, atOnce)
	if !mayCapture() {
		return []report.Row{report.Skip(what, "≥ 0.8 × without", needsRight)}, nil
	}
	sniffers := []*sniffer{
		{name: "segments in ndjson", ours: true, args: []string{b.ours, "watch", "-i", "lo", "--view", "segments", "--format", "ndjson"}},
		{name: "the story in text", ours: true, args: []string{b.ours, "watch", "-i", "lo"}},
	}
	if _, err := exec.LookPath("tcpdump"); err == nil {
		sniffers = append(sniffers, &sniffer{name: "`tcpdump -w /dev/null`", args: []string{"tcpdump", "-i", "lo", "-w", "/dev/null"}},
			&sniffer{name: "`tcpdump -nn -S`", args: []string{"tcpdump", "-i", "lo", "-nn", "-S"}})
	}
	before, _, err := b.dialoguesASecond(dialogues, nil)
	if err != nil {
		return nil, err
	}
	alone := []float64{before}
	for range b.runs {
		for _, s := range sniffers {
			if before, err = b.watched(s, dialogues, before); err != nil {
				return nil, err
			}
			alone = append(alone, before)
		}
	}
	nobody := "nobody sniffs: " + rate(report.Median(alone))
	lost, captured := 0, 0
	var rows []report.Row
	for _, s := range sniffers {
		lost, captured = lost+s.lost, captured+s.captured
		with, ratio := rate(report.Median(s.rates)), report.Median(s.ratios)
		if s.ours {
			rows = append(rows, report.AtLeast(what+": "+s.name, with, nobody, ratio, 0.8, " ×"))
		} else {
			rows = append(rows, report.Told("the same, sniffed by "+s.name, "", with, ratio, " ×"))
		}
	}
	return append(rows, report.AtMost(what+": lost", fmt.Sprintf("%d packets captured", captured), "", float64(lost), 0, " packets")), nil
}

// watched is the load with a sniffer beside it, and then alone, as it was
// before: the rate of that is returned.
func (b *bench) watched(s *sniffer, dialogues int, before float64) (behind float64, err error) {
	with, said, err := b.dialoguesASecond(dialogues, s.args)
	if err != nil {
		return 0, err
	}
	if s.ours {
		captured, lost, err := counters(said)
		if err != nil {
			return 0, err
		}
		s.captured, s.lost = s.captured+captured, s.lost+lost
	}
	if behind, _, err = b.dialoguesASecond(dialogues, nil); err != nil {
		return 0, err
	}
	s.rates, s.ratios = append(s.rates, with), append(s.ratios, 2*with/(before+behind))
	return behind, nil
}

func rate(n float64) string { return fmt.Sprintf("%.0f/s", n) }

// dialoguesASecond starts a server, and a sniffer where one is named, whose
// last words it returns.
func (b *bench) dialoguesASecond(dialogues int, sniffer []string) (rate float64, said string, err error) {
	server, address, port, err := b.server()
	if err != nil {
		return 0, "", err
	}
	defer server.stop()
	if sniffer == nil {
		rate, err = throughput(address, dialogues)
		return rate, "", err
	}
	p, err := start(append(slices.Clone(sniffer), "tcp", "port", port)...)
	if err != nil {
		return 0, "", err
	}
	time.Sleep(500 * time.Millisecond)
	rate, err = throughput(address, dialogues)
	time.Sleep(100 * time.Millisecond)
	said, stopped := p.stop()
	if err == nil {
		err = stopped
	}
	return rate, said, err
}

// counters are what the sniffer said at its end.
func counters(said string) (captured, lost int, err error) {
	var dropped int
	for line := range strings.Lines(said) {
		switch {
		case strings.Contains(line, "packets captured"):
			_, err = fmt.Sscan(line, &captured)
		case strings.Contains(line, "dropped by kernel"):
			_, err = fmt.Sscan(line, &dropped)
		case strings.Contains(line, "packets were lost"):
			_, rest, _ := strings.Cut(line, "warning: ")
			_, err = fmt.Sscan(rest, &lost)
		}
	}
	if captured == 0 && err == nil {
		err = fmt.Errorf("the sniffer captured nothing: %s", said)
	}
	return captured, max(lost, dropped), err
}

// python is our server beside the article's.
func (b *bench) python() ([]report.Row, error) {
	const dialogues, what = 10_000, "server: dialogues a second, 64 clients"
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		return []report.Row{report.Skip(what, "≥ 3 × Python", "python3 not installed")}, nil
	}
	var ours, theirs, ratios []float64
	for range b.runs {
		n, _, err := b.dialoguesASecond(dialogues, nil)
		if err != nil {
			return nil, err
		}
		address, port, err := freeAddress()
		if err != nil {
			return nil, err
		}
		p, err := start(interpreter, "internal/bench/live/testdata/greeting_server.py", port, backlog)
		if err != nil {
			return nil, err
		}
		if err := p.listens(address); err != nil {
			return nil, err
		}
		m, err := throughput(address, dialogues)
		p.stop()
		if err != nil {
			return nil, err
		}
		ours, theirs, ratios = append(ours, n), append(theirs, m), append(ratios, n/m)
	}
	return []report.Row{report.AtLeast(what, rate(report.Median(ours)), "threads in Python: "+rate(report.Median(theirs)), report.Median(ratios), 3, " ×")}, nil
}

// crowd is many clients at once: each is answered, and none costs much.
func (b *bench) crowd() ([]report.Row, error) {
	const clients, mib = 10_000, 100
	what := fmt.Sprintf("%d clients at once", clients)
	if limit := descriptors(); limit < clients+100 {
		return []report.Row{report.Skip(what, fmt.Sprintf("≤ %d MiB", mib), fmt.Sprintf("needs %d file descriptors a process, has %d", clients+100, limit))}, nil
	}
	server, address, _, err := b.server()
	if err != nil {
		return nil, err
	}
	defer server.stop()
	o, err := load{Address: address, Held: clients}.run()
	if err != nil {
		return nil, err
	}
	held, err := server.resident()
	if err != nil {
		return nil, err
	}
	took := report.Time(time.Duration(o.Seconds * float64(time.Second)))
	return []report.Row{
		report.AtMost(what+": memory of the server", took, "", held, mib, " MiB"),
		report.AtMost(what+": not answered", took, "", float64(o.Failed), 0, " clients"),
	}, nil
}
