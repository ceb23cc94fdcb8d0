package hosts

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stops are the signals that end programs.
var stops = []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP}

const (
	// settle is how long a signal that reaches parent and child may take to
	// be heard of from the child.
	settle = 50 * time.Millisecond
	// once is how long a repeated signal is taken for the same one.
	once = time.Second
)

// catch begins to catch the signals that end programs. They are caught, never
// ignored: an ignored signal is inherited by the child.
func catch() chan os.Signal {
	caught := make(chan os.Signal, 8)
	for _, s := range stops {
		if !signal.Ignored(s) { // as nohup leaves SIGHUP
			signal.Notify(caught, s)
		}
	}
	return caught
}

// forward hands on what is caught, and the end of ctx as SIGTERM, until stop
// is called.
//
// Parent and child share a process group, so that ^Z in a terminal stops both.
// ^C, timeout(1) and kill with a group reach both as well, and for the child a
// second signal may mean "at once". So the child says which signals have
// reached it (heard), and only those that have not are handed on.
func forward(ctx context.Context, child *os.Process, caught <-chan os.Signal, heard <-chan syscall.Signal) (stop func()) {
	done := make(chan struct{})
	go func() {
		var f forwarder
		cancelled := ctx.Done()
		for {
			select {
			case <-done:
				return
			case s := <-heard:
				f.heard(s, time.Now())
			case s := <-caught:
				f.caught(s.(syscall.Signal), time.Now())
			case <-cancelled:
				cancelled = nil
				f.caught(unix.SIGTERM, time.Now())
			case <-f.timer:
				_ = child.Signal(f.pending)
				f.heard(f.pending, time.Now())
			}
		}
	}()
	return func() { close(done) }
}

// forwarder decides which signals the child still needs.
type forwarder struct {
	pending syscall.Signal // caught here, not heard of from the child
	timer   <-chan time.Time
	last    time.Time // when the child last had a signal
}

// caught notes a signal of the parent. A context that ends with the signal
// that ended it, and a repetition, are one with it; the first names it, but
// SIGTERM, which a context stands for too, gives way to another.
func (f *forwarder) caught(s syscall.Signal, now time.Time) {
	switch {
	case f.timer != nil:
		if f.pending == unix.SIGTERM {
			f.pending = s
		}
	case now.Sub(f.last) >= once:
		f.pending, f.timer = s, time.After(settle)
	}
}

// heard notes that the child has one.
func (f *forwarder) heard(_ syscall.Signal, now time.Time) {
	f.timer, f.last = nil, now
}

// heardOn is the child's line to the parent; nil elsewhere.
var heardOn atomic.Pointer[os.File]

// Heard tells the parent, where there is one, that a signal has reached this
// process. It is for whoever acts on the signal, and nobody else listens for it
// here: a signal that was told of and that nobody acts on would be lost, as the
// parent does not repeat it.
func Heard(s os.Signal) {
	if line := heardOn.Load(); line != nil {
		_, _ = line.Write([]byte{byte(s.(syscall.Signal))})
	}
}
