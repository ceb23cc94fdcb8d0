// Live measures what only real sockets and a real capture show: the server
// beside a threaded one in Python, what the sniffer costs and loses under
// load, how long a segment takes from the wire to the screen, and ten
// thousand clients at once.
//
//	go run ./internal/bench/live            three rounds, into docs/performance.md
//	go run ./internal/bench/live -quick     one round, printed only
//
// Server, sniffer and load each are a process. Capturing needs root or
// cap_net_raw; without, those rows are skipped.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/bench/report"
)

const (
	page    = "docs/performance.md"
	backlog = "4096"
	atOnce  = 64
)

func main() {
	runs := flag.Int("runs", 3, "rounds; their median counts")
	quick := flag.Bool("quick", false, "one round, nothing is written down")
	job := flag.String("load", "", "be the load: a JSON object; for this program's own use")
	flag.Parse()
	var err error
	if *job != "" {
		err = loadMain(*job)
	} else {
		err = measure(max(*runs, 1), *quick)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

// bench is a series of measurements.
type bench struct {
	dir  string
	ours string // handshake-lab
	runs int
}

func measure(runs int, quick bool) error {
	dir, err := os.MkdirTemp("", "handshake-lab-live-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if quick {
		runs = 1
	}
	b := &bench{dir: dir, ours: filepath.Join(dir, "handshake-lab"), runs: runs}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", b.ours, "./cmd/handshake-lab")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	fmt.Println(report.Head)
	var table strings.Builder
	for _, measure := range []func(*bench) ([]report.Row, error){
		(*bench).sniffed, (*bench).screen, (*bench).python, (*bench).crowd,
	} {
		rows, err := measure(b)
		if err != nil {
			return err
		}
		for _, row := range rows {
			fmt.Println(row)
			fmt.Fprintln(&table, row)
		}
	}
	if quick {
		return nil
	}
	return report.Update(page, "make bench-live", fmt.Sprintf("%s; medians of %d rounds.\n\n%s\n%s",
		report.Machine(), runs, report.Head, table.String()))
}
