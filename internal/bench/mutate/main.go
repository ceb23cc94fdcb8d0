// Mutate makes damaged captures out of good ones and holds the program to
// what it promises of any input: it ends by itself and soon, keeps its memory
// within bounds, and writes nothing that a terminal or a parser trips over.
//
//	go build -o handshake-lab ./cmd/handshake-lab
//	go run ./internal/bench/mutate -n 20000 -bin ./handshake-lab testdata MORE-CAPTURES…
//
// One case in so many is a process of its own; the others run inside this one.
// The same flags and captures give the same cases. What fails is kept, with
// the command that shows it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What a case may take.
const (
	maxTime   = 5 * time.Second
	maxMemory = 256 << 20 // bytes resident
)

func main() {
	n := flag.Int("n", 20000, "how many cases")
	seed := flag.Uint64("seed", 1, "the first case's seed; the others count on from it")
	bin := flag.String("bin", "./handshake-lab", "the program; empty: run nothing as a process of its own")
	share := flag.Int("share", 10, "one case in so many is a process of its own")
	feed := flag.String("hungry", "", "instead run the captures made to cost memory or time whose name holds this word; \"all\" for all of them")
	keep := flag.String("keep", filepath.Join(os.TempDir(), "handshake-lab-hostile"), "where captures that fail are kept")
	flag.Parse()
	if *feed != "" {
		d := driver{bin: *bin}
		d.feed(strings.TrimPrefix(*feed, "all"))
		if d.failed.Load() > 0 {
			os.Exit(1)
		}
		return
	}
	captures, err := load(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
	d := driver{captures: captures, bin: *bin, share: uint64(max(*share, 1)), keep: *keep, began: time.Now()}
	if err := os.MkdirAll(*keep, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
	fmt.Printf("%d cases of %d captures\n", *n, len(captures))
	d.run(*seed, uint64(*n))
	fmt.Printf("%d packets, %d segments read here\n", d.packets.Load(), d.segments.Load())
	fmt.Printf("%d cases, %d of them processes, in %v: %d failed; slowest %v, most memory %d MiB (processes), %d MiB (here)\n",
		d.done.Load(), d.processes.Load(), time.Since(d.began).Round(time.Second), d.failed.Load(),
		time.Duration(d.slowest.Load()).Round(time.Millisecond), d.memory.Load()>>20, ownMemory()>>20)
	if d.failed.Load() > 0 || ownMemory() > maxMemory {
		os.Exit(1)
	}
}

// driver runs cases.
type driver struct {
	captures []*original
	bin      string
	share    uint64
	keep     string
	began    time.Time

	done, processes, packets, segments, failed, slowest, memory atomic.Int64
}

func (d *driver) run(seed, n uint64) {
	var next atomic.Uint64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < n; i = next.Add(1) - 1 {
				d.one(seed+i, d.bin != "" && i%d.share == 0)
			}
		})
	}
	workers.Wait()
}

// one makes and runs one case.
func (d *driver) one(seed uint64, asProcess bool) {
	c := newCase(seed, d.captures)
	began := time.Now()
	var err error
	if asProcess {
		d.processes.Add(1)
		err = d.process(c)
	} else {
		err = d.within(c)
	}
	raise(&d.slowest, int64(time.Since(began)))
	d.done.Add(1)
	if err != nil {
		d.failed.Add(1)
		path := d.save(c)
		fmt.Printf("seed %d: %v\n  of %s: %s\n  handshake-lab export %s --view %s --format %s\n",
			seed, err, c.of, c.story, path, c.view, c.format)
	}
}

// save keeps a case's capture and returns its path.
func (d *driver) save(c *trial) string {
	path := filepath.Join(d.keep, fmt.Sprintf("%d.cap", c.seed))
	if err := os.WriteFile(path, c.data, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	return path
}

// raise makes a at least n.
func raise(a *atomic.Int64, n int64) {
	for {
		old := a.Load()
		if n <= old || a.CompareAndSwap(old, n) {
			return
		}
	}
}
