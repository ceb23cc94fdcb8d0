package hosts

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// forward hands on the signals that end programs, until stop is called. They
// are caught, never ignored: an ignored signal is inherited by the child.
//
// Parent and child share a process group, so that ^C and ^Z in a terminal
// reach both. A SIGINT that may have come from the terminal is therefore
// handed on only if the child is still there when it had time to end.
func forward(child *os.Process) (stop func()) {
	caught := make(chan os.Signal, 8)
	for _, s := range []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP} {
		if !signal.Ignored(s) { // as nohup leaves SIGHUP
			signal.Notify(caught, s)
		}
	}
	done := make(chan struct{})
	go func() {
		var late <-chan time.Time
		var last os.Signal
		var when time.Time
		for {
			select {
			case <-done:
				return
			case <-late:
				late = nil
				_ = child.Signal(unix.SIGINT)
			case s := <-caught:
				switch {
				case s == unix.SIGINT && foreground():
					if late == nil {
						late = time.After(patience)
					}
				case s == last && time.Since(when) < time.Second:
					// timeout(1) sends to its child and then to the whole group
				default:
					_ = child.Signal(s)
				}
				last, when = s, time.Now()
			}
		}
	}()
	return func() {
		signal.Stop(caught)
		close(done)
	}
}

// foreground says whether this process group is the one a terminal's ^C goes to.
func foreground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
