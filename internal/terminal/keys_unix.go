//go:build unix

package terminal

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Keys reads single keys from the terminal, without Enter and without echo.
// Output and the signals of ^C and ^Z work as always.
type Keys struct {
	tty    *os.File
	ours   bool // opened here, to be closed here
	lines  bool // nothing is read: what is typed stays, in lines, for the next program
	found  unix.Termios
	stop   chan struct{}
	closed sync.Once

	reading sync.Mutex // who may read from the terminal
	lent    bool       // to somebody else; guarded by open

	leaving, entering func() // see Around; may be nil
}

// OpenKeys begins to read keys: from the controlling terminal, so that stdin
// may be a pipe, else from stdin where that is a terminal. ErrNoTerminal where
// there is neither. Close must be called.
func OpenKeys(stdin *os.File) (*Keys, error) { return openKeys(stdin, false) }

// HideTyping turns off the echo of what is typed, and leaves it to be read by the
// next program. ErrNoTerminal where there is no terminal. Close must be called.
func HideTyping(stdin *os.File) (*Keys, error) { return openKeys(stdin, true) }

func openKeys(stdin *os.File, lines bool) (*Keys, error) {
	Settle()
	k := &Keys{lines: lines, stop: make(chan struct{})}
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	switch {
	case err == nil:
		k.tty, k.ours = tty, true
	case Is(stdin):
		k.tty = stdin
	default:
		return nil, ErrNoTerminal
	}
	found, err := unix.IoctlGetTermios(k.fd(), getTermios)
	if err != nil {
		k.closeFile()
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	k.found = *found
	if err := k.begin(); err != nil {
		k.Close()
		return nil, fmt.Errorf("read single keys: %w", err)
	}
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, unix.SIGTSTP, unix.SIGCONT, unix.SIGQUIT)
	go k.followSignals(signals)
	return k, nil
}

// InForeground reports whether this process may read from its terminal: a shell's
// job in the background may not, and is stopped where it tries to.
func InForeground(stdin *os.File) bool {
	k := &Keys{tty: stdin}
	if tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
		k.tty, k.ours = tty, true
	}
	defer k.closeFile()
	return k.tty != nil && k.inForeground()
}

func (k *Keys) inForeground() bool { return isForeground(k.tty) }

func (k *Keys) fd() int { return int(k.tty.Fd()) }

// enter turns off lines and echo; a read returns at once, with what is there
// (termios(3), "Canonical and noncanonical mode"): ^C throws away what was typed
// before it, also where a poll has just promised it.
func (k *Keys) enter() error {
	t := k.found
	if t.Lflag &^= unix.ECHO; !k.lines {
		t.Lflag &^= unix.ICANON
		t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 0, 0
	}
	return unix.IoctlSetTermios(k.fd(), setTermios, &t)
}

// leave is for the foreground: where a shell has taken its terminal back it has
// put it in order itself, and whoever meddles from behind is stopped.
func (k *Keys) leave() {
	if k.inForeground() {
		_ = unix.IoctlSetTermios(k.fd(), setTermios, &k.found)
	}
}

// followSignals hands the shell its terminal as it was, for as long as ^Z lasts,
// and where ^\ ends the program.
func (k *Keys) followSignals(signals chan os.Signal) {
	defer signal.Stop(signals)
	for {
		select {
		case <-k.stop:
			return
		case s := <-signals:
			open.Lock()
			if _, ok := open.keys[k]; ok {
				k.follow(s)
			}
			open.Unlock()
		}
	}
}

func (k *Keys) follow(s os.Signal) {
	switch s {
	case unix.SIGTSTP:
		k.giveBack()
		_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
	case unix.SIGQUIT:
		k.giveBack()
		signal.Reset(unix.SIGQUIT)
		_ = unix.Kill(os.Getpid(), unix.SIGQUIT)
	case unix.SIGCONT:
		if !k.inForeground() { // bg; fg sends another one
			return
		}
		if k.lent {
			return
		}
		_ = k.enter()
		if k.entering != nil {
			k.entering()
		}
	}
}

// Lend gives the terminal as it was found to somebody who reads lines from it; no
// key is read until it is given back. Keys that were not read are nobody's.
func (k *Keys) Lend() (giveBack func()) {
	k.reading.Lock()
	k.lend(true, func() {
		if k.inForeground() {
			flushInput(k.fd())
		}
		k.leave()
	})
	return func() {
		k.lend(false, func() { _ = k.enter() })
		k.reading.Unlock()
	}
}

func (k *Keys) lend(lent bool, change func()) {
	open.Lock()
	defer open.Unlock()
	if _, ok := open.keys[k]; ok { // not closed
		k.lent = lent
		change()
	}
}

// read waits for a byte until then; came is false where there was none.
func (k *Keys) read(ctx context.Context, until time.Time) (b byte, came bool, err error) {
	const look = 50 // milliseconds, so that a cancelled ctx is seen
	if typed := Typed(1); len(typed) > 0 {
		return typed[0], true, nil
	}
	for {
		if err := ctx.Err(); err != nil {
			return 0, false, err
		}
		select {
		case <-k.stop:
			return 0, false, fmt.Errorf("read a key: %w", os.ErrClosed)
		default:
		}
		left := time.Until(until)
		if left <= 0 {
			return 0, false, nil
		}
		if !k.reading.TryLock() { // it is lent
			time.Sleep(look * time.Millisecond)
			continue
		}
		b, came, err := k.readWithin(min(look, int(left/time.Millisecond)+1))
		k.reading.Unlock()
		if came || err != nil {
			return b, came, err
		}
	}
}

// readWithin waits for a byte for so many milliseconds.
func (k *Keys) readWithin(wait int) (b byte, came bool, err error) {
	ready := []unix.PollFd{{Fd: int32(k.fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(ready, wait)
	if err == unix.EINTR || err == nil && n == 0 {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read a key: %w", err)
	}
	hungUp := ready[0].Revents&unix.POLLHUP != 0
	if !k.inForeground() && !hungUp { // it is the shell's
		time.Sleep(time.Duration(wait) * time.Millisecond)
		return 0, false, nil
	}
	return k.take(hungUp)
}

// take reads a byte where there is one.
func (k *Keys) take(hungUp bool) (b byte, came bool, err error) {
	var one [1]byte
	n, err := unix.Read(k.fd(), one[:])
	switch {
	case err == unix.EIO || hungUp && n == 0:
		return 0, false, errHungUp
	case err == unix.EINTR || err == unix.EAGAIN || err == nil && n == 0:
		return 0, false, nil
	case err != nil:
		return 0, false, fmt.Errorf("read a key: %w", err)
	}
	return one[0], true, nil
}

// Close puts the terminal back as it was found; keys that were not read are
// nobody's. It may be called twice.
func (k *Keys) Close() error {
	k.closed.Do(func() {
		close(k.stop)
		open.Lock()
		if !k.lines && k.inForeground() {
			flushInput(k.fd())
		}
		k.giveBack()
		delete(open.keys, k)
		open.Unlock()
		k.closeFile()
	})
	return nil
}

func (k *Keys) closeFile() {
	if k.ours {
		k.tty.Close()
	}
}
