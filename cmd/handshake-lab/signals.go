package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// errInterrupt and errTerminate are the causes of a context that a signal ended.
var (
	errInterrupt = errors.New("interrupted")
	errTerminate = errors.New("terminated")
)

// errEnough ends a context from within: what was asked for has been done.
var errEnough = errors.New("done")

// untilSignal returns a context that SIGINT, SIGTERM and SIGHUP end, so that
// everything can still be written. A second signal ends the process at once. The
// function returned leaves signals alone from then on.
func untilSignal(stderr io.Writer) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for n := 0; ; n++ {
			s, ok := <-signals
			if !ok {
				return
			}
			cause, code := errTerminate, exitSIGTERM
			if s == syscall.SIGINT {
				cause, code = errInterrupt, exitSIGINT
			}
			if n > 0 {
				terminal.Restore()
				fmt.Fprintf(stderr, "%s: stopped at once by a second signal\n", program)
				os.Exit(code)
			}
			cancel(cause)
		}
	}()
	var once sync.Once
	return ctx, func() {
		once.Do(func() {
			signal.Stop(signals)
			close(signals)
		})
	}
}
