package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
)

// errInterrupt and errTerminate are the causes of a context that a signal ended.
var (
	errInterrupt = errors.New("interrupted")
	errTerminate = errors.New("terminated")
)

// errEnough ends a context from within: what was asked for has been done.
var errEnough = errors.New("done")

// isAskedFor reports whether an error is that of an end that was asked for: by a
// signal, by a viewer who has seen enough, or as all is done.
func isAskedFor(err error) bool {
	return errors.Is(err, errInterrupt) || errors.Is(err, errTerminate) || errors.Is(err, errEnough)
}

// untilSignal returns a context that SIGINT, SIGTERM and SIGHUP end, so that
// everything can still be written. A second signal ends the process at once.
// After leave those to come are the caller's: each signal has one owner at any
// moment, and none is lost between two.
func untilSignal(stderr io.Writer) (ctx context.Context, leave func() <-chan os.Signal) {
	ctx, cancel := context.WithCancelCause(context.Background())
	left := make(chan chan<- os.Signal)
	caught := make(chan os.Signal, 8)
	signal.Notify(caught, stops()...)
	go func() {
		var others chan<- os.Signal
		for {
			select {
			case others = <-left:
			case s := <-caught:
				hosts.Heard(s)
				switch {
				case others != nil:
					select {
					case others <- s:
					default: // so many wait already
					}
				case ctx.Err() == nil:
					cancel(causeOf(s))
				default:
					leaveNow(stderr, codeOf(causeOf(s)), "stopped at once by a second signal")
				}
			}
		}
	}()
	return ctx, func() <-chan os.Signal {
		to := make(chan os.Signal, 8)
		left <- to
		return to
	}
}

// stops are the signals that end the program; not SIGHUP where nohup has it
// ignored.
func stops() []os.Signal {
	if signal.Ignored(syscall.SIGHUP) {
		return []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	}
	return []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}
}

func causeOf(s os.Signal) error {
	if s == syscall.SIGINT {
		return errInterrupt
	}
	return errTerminate
}

func codeOf(cause error) int {
	if errors.Is(cause, errInterrupt) {
		return exitSIGINT
	}
	return exitSIGTERM
}
