// Compare measures handshake-lab beside tcpdump, tcptrace and tshark, on the
// same captures, in one go, and holds the ratios against their bars.
//
//	go run ./internal/bench/compare            five rounds, into docs/performance.md
//	go run ./internal/bench/compare -quick     one round, without the slow peer, printed only
//
// The programs take turns in every round, so that a machine which grows slower
// or faster does so for all of them.
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

const page = "docs/performance.md"

func main() {
	runs := flag.Int("runs", 5, "rounds; their median counts")
	quick := flag.Bool("quick", false, "one round, without tshark, of the short captures; nothing is written down")
	folder := flag.String("dir", "", "where to keep the generated captures (1.5 GB) for the next time; default: a folder that is deleted")
	flag.Parse()
	if err := compare(*runs, *quick, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(runs int, quick bool, folder string) error {
	if folder == "" {
		temporary, err := os.MkdirTemp("", "handshake-lab-compare-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		folder = temporary
	}
	if quick {
		runs = 1
	}
	b := &bench{dir: folder, runs: max(runs, 1), quick: quick}
	if err := b.build(); err != nil {
		return err
	}
	fmt.Println(report.Head)
	var table strings.Builder
	for _, measure := range []func(*bench) ([]report.Row, error){
		(*bench).dialogues, (*bench).longer, (*bench).flood, (*bench).start, (*bench).many,
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
	return report.Update(page, "make bench-compare", fmt.Sprintf("%s; %s; medians of %d rounds.\n\n%s\n%s",
		report.Machine(), strings.Join(versions(), ", "), b.runs, report.Head, table.String()))
}

// versions are those of the peers, the absent ones by name.
func versions() (all []string) {
	for _, name := range []string{"tcpdump", "tcptrace", "tshark"} {
		version := report.Version(name)
		if version == "" {
			version = name + " not installed"
		}
		all = append(all, version)
	}
	return all
}

// bench is a series of measurements.
type bench struct {
	dir   string // of the programs and captures
	runs  int
	quick bool
	ours  string // handshake-lab
	maker string // generate
}

// build makes the two programs.
func (b *bench) build() error {
	b.ours, b.maker = filepath.Join(b.dir, "handshake-lab"), filepath.Join(b.dir, "generate")
	for path, source := range map[string]string{b.ours: "./cmd/handshake-lab", b.maker: "./internal/bench/generate"} {
		build := exec.Command("go", "build", "-buildvcs=false", "-o", path, source)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build %s: %w", source, err)
		}
	}
	return nil
}

// capture generates a capture, unless it is there from the last time.
func (b *bench) capture(name string, args ...string) (path string, err error) {
	path = filepath.Join(b.dir, name+".pcap")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return "", err
	}
	defer f.Close()
	make := exec.Command(b.maker, args...)
	make.Stdout, make.Stderr = f, os.Stderr
	if err := make.Run(); err != nil {
		return "", fmt.Errorf("generate %s: %w", name, err)
	}
	return path, os.Rename(path+".part", path)
}
