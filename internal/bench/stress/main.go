//go:build linux

// Command stress runs handshake-lab by the hundred, and ends each run at a random
// moment: by closing the pipe it prints into, by SIGINT, SIGTERM or SIGKILL, read
// or unread, with every core busy. Each must end in time with everything that it
// started, without a fault of its own, and leave a capture file that can be read
// up to its last whole record.
//
//	go run ./internal/bench/stress -n 100
//	go run ./internal/bench/stress -n 20 -race
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// stressing is what the trials have in common.
type stressing struct {
	binary, folder string
	users          []account
	most           time.Duration
	capinfos       string // "" where it is not installed
}

func main() {
	n := flag.Int("n", 100, "runs")
	race := flag.Bool("race", false, "build with the race detector")
	most := flag.Duration("most", 5*time.Second, "how long an end may take")
	parallel := flag.Int("parallel", 3, "runs at once")
	idle := flag.Bool("idle", false, "leave the cores idle")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what the random moments come from")
	flag.Parse()
	faults, err := stress(*n, *parallel, *most, *race, *idle, *seed)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "stress:", err)
		os.Exit(2)
	case faults > 0:
		fmt.Printf("%d of %d runs at fault (-seed %d)\n", faults, *n, *seed)
		os.Exit(1)
	}
}

func stress(n, parallel int, most time.Duration, race, idle bool, seed uint64) (faults int, err error) {
	s := &stressing{most: most, users: users()}
	s.capinfos, _ = exec.LookPath("capinfos")
	if s.folder, err = os.MkdirTemp("", "handshake-lab-stress"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(s.folder)
	if err := os.Chmod(s.folder, 0o777); err != nil { // for every user's files
		return 0, err
	}
	s.binary = filepath.Join(s.folder, "handshake-lab")
	if err := build(s.binary, race); err != nil {
		return 0, err
	}
	if !idle {
		defer occupy(runtime.NumCPU())()
	}
	fmt.Printf("%d runs, users %v, %d cores busy: %t, capinfos: %t, -seed %d\n",
		n, s.users, runtime.NumCPU(), !idle, s.capinfos != "", seed)

	// Caught here a signal is at its default in what is started. Where it was
	// ignored, as SIGINT is in the background of a script, it would stay so until
	// the command catches it, and one sent before that would be lost.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(stop)

	trials, results := make(chan trial), make(chan result)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for t := range trials {
				results <- s.run(t)
			}
		})
	}
	go func() {
		random := rand.New(rand.NewPCG(seed, 0))
		for i := 0; i < n && len(stop) == 0; i++ {
			trials <- s.invent(i, random)
		}
		close(trials)
		workers.Wait()
		close(results)
	}()
	return sum(results), nil
}

func build(binary string, race bool) error {
	args := []string{"build", "-pgo=off", "-buildvcs=false", "-o", binary}
	if race {
		args = append(args, "-race")
	}
	command := exec.Command("go", append(args, "./cmd/handshake-lab")...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("build the command: %w", err)
	}
	return os.Chmod(binary, 0o755)
}

// occupy keeps so many cores busy until it is called off.
func occupy(cores int) (callOff func()) {
	stop := make(chan struct{})
	for range cores {
		go func() {
			for x := 1; ; {
				select {
				case <-stop:
					return
				default:
				}
				for range 1 << 16 {
					x = x*5 + 1
				}
			}
		}()
	}
	return func() { close(stop) }
}
