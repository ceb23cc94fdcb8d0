package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/bench/report"
)

// work is something that a program does, by a process or several.
type work struct {
	name     string     // as the table has it
	commands [][]string // one after the other
	rounds   int        // how many rounds it takes part in; 0 for all
	fails    bool       // not every command has to succeed: some captures are damaged on purpose

	times  []time.Duration
	peak   int64  // KiB, of the largest process
	stderr []byte // of the last command
}

// missing reports whether the work's program is not installed.
func (w *work) missing() bool {
	_, err := exec.LookPath(w.commands[0][0])
	return err != nil
}

// do does the work once.
func (w *work) do() error {
	none, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer none.Close()
	begin := time.Now()
	for _, args := range w.commands {
		var stderr bytes.Buffer
		c := exec.Command(args[0], args[1:]...)
		c.Env = append(os.Environ(), "TZ=UTC") // without it tcpdump looks at /etc/localtime for every packet: twice the time
		c.Stdout, c.Stderr = none, &stderr     // a file: nothing copies it
		err := c.Run()
		if err != nil && !w.fails {
			return fmt.Errorf("%s: %w\n%s", w.name, err, stderr.Bytes())
		}
		w.stderr = stderr.Bytes()
		w.peak = max(w.peak, peak(c.ProcessState))
	}
	w.times = append(w.times, time.Since(begin))
	return nil
}

// together does all works in turns, so many rounds.
func together(rounds int, works ...*work) error {
	for round := range rounds {
		for _, w := range works {
			if w.missing() || w.rounds > 0 && round >= w.rounds {
				continue
			}
			if err := w.do(); err != nil {
				return err
			}
		}
	}
	return nil
}

// took is the median time.
func (w *work) took() time.Duration { return report.Median(w.times) }

// over is the median of the ratios, round by round.
func (w *work) over(other *work) float64 {
	var ratios []float64
	for i := range min(len(w.times), len(other.times)) {
		ratios = append(ratios, w.times[i].Seconds()/other.times[i].Seconds())
	}
	return report.Median(ratios)
}

// atMost is the row "ours takes at most bar times what the peer takes".
func atMost(what string, ours, peer *work, bar float64) report.Row {
	if len(peer.times) == 0 {
		return report.Skip(what, fmt.Sprintf("≤ %v × %s", bar, peer.name), peer.commands[0][0]+absent(peer))
	}
	return report.AtMost(what, report.Time(ours.took()), peer.name+" "+report.Time(peer.took()), ours.over(peer), bar, " ×")
}

// told is a row of ours and a peer, without a bar.
func told(what string, ours, peer *work) report.Row {
	if len(peer.times) == 0 {
		return report.Skip(what, "", peer.commands[0][0]+absent(peer))
	}
	return report.Told(what, report.Time(ours.took()), peer.name+" "+report.Time(peer.took()), ours.over(peer), " ×")
}

// faster is the row "ours is at least bar times as fast as the peer".
func faster(what string, ours, peer *work, bar float64) report.Row {
	if len(peer.times) == 0 {
		return report.Skip(what, fmt.Sprintf("≥ %v × faster than %s", bar, peer.name), peer.commands[0][0]+absent(peer))
	}
	return report.AtLeast(what, report.Time(ours.took()), peer.name+" "+report.Time(peer.took()), peer.over(ours), bar, " × faster")
}

func absent(w *work) string {
	if w.missing() {
		return " not installed"
	}
	return " left out"
}

// memory is the row of a peak.
func memory(what string, ours *work, mib float64) report.Row {
	return report.AtMost(what, report.Time(ours.took()), "", float64(ours.peak)/1024, mib, " MiB")
}
