package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// The end of everything is one budget of time, whatever began it: a signal, a
// reader that went away, an output that failed. Open dialogues may use a part of
// it, the capture's last packets and the writing have the rest.
const (
	endTime   = 1500 * time.Millisecond
	graceTime = 700 * time.Millisecond // of it, for open dialogues
)

// Where a busy machine holds up what is still being worked on, the end may take
// longer: as long as the program has work to do and gets some of the processor.
// What waits for a write that nobody takes uses none.
const (
	endMost   = 4500 * time.Millisecond
	lookEvery = 200 * time.Millisecond
	working   = 5 * time.Millisecond // of the processor's time, between two looks
)

// mustEnd makes the process end within its time once ctx has ended by a signal
// or a failure, whatever hangs: a write to a pipe that nobody reads, or the
// opening of one, cannot be called back. What is saved is in whole records at any
// time. The function returned calls it off.
func (a *app) mustEnd(ctx context.Context) (callOff func() bool) {
	return context.AfterFunc(ctx, func() {
		cause := context.Cause(ctx)
		if errors.Is(cause, errEnough) {
			return
		}
		began := time.Now()
		time.Sleep(endTime)
		used := processorTime()
		for time.Since(began) < endMost {
			time.Sleep(lookEvery)
			now := processorTime()
			if now-used < working {
				break
			}
			used = now
		}
		switch {
		case isClosedPipe(cause):
			leaveNow(a.stderr, exitFine, "")
		case errors.Is(cause, errInterrupt), errors.Is(cause, errTerminate):
			leaveNow(a.stderr, codeOf(cause), "ended while it waited for a pipe without the other end, or for a screen that takes nothing: what came last is not shown"+a.besidesMissed())
		}
		leaveNow(a.stderr, tell(io.Discard, cause), visible.String(cause.Error()))
	})
}

// leaveNow ends the process with a last word, if it can be said: standard error
// may be what hangs.
func leaveNow(stderr io.Writer, code int, word string) {
	said := make(chan struct{})
	go func() {
		terminal.Restore()
		if word != "" {
			fmt.Fprintf(stderr, "%s: %s\n", program, word)
		}
		close(said)
	}()
	select {
	case <-said:
	case <-time.After(100 * time.Millisecond):
	}
	os.Exit(code)
}

// besidesMissed says how much was left out before that.
func (a *app) besidesMissed() string {
	if missed := a.missed(); missed > 0 {
		return fmt.Sprintf(", and %s before it", plural(missed, "moment"))
	}
	return ""
}
