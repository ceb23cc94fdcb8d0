package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
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
// everything can still be written. A second signal ends the process at once.
// After leave they are caught and left to somebody else.
func untilSignal(stderr io.Writer) (ctx context.Context, leave func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	var left atomic.Bool
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for s := range signals {
			cause, code := errTerminate, exitSIGTERM
			if s == syscall.SIGINT {
				cause, code = errInterrupt, exitSIGINT
			}
			switch {
			case left.Load():
			case ctx.Err() == nil:
				cancel(cause)
			default:
				terminal.Restore()
				fmt.Fprintf(stderr, "%s: stopped at once by a second signal\n", program)
				os.Exit(code)
			}
		}
	}()
	return ctx, func() { left.Store(true) }
}
