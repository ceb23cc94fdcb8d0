//go:build unix

package terminal

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

// Keys reads single keys from the terminal, without Enter and without echo.
// Output and the signals of ^C and ^Z work as always.
type Keys struct {
	tty    *os.File
	ours   bool // opened here, to be closed here
	found  unix.Termios
	stop   chan struct{}
	closed sync.Once
}

// OpenKeys begins to read keys: from the controlling terminal, so that stdin
// may be a pipe, else from stdin where that is a terminal. ErrNoTerminal where
// there is neither. Close must be called.
func OpenKeys(stdin *os.File) (*Keys, error) {
	Settle()
	k := &Keys{stop: make(chan struct{})}
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
	open.Lock()
	if open.keys == nil {
		open.keys = make(map[*Keys]struct{})
	}
	open.keys[k] = struct{}{}
	err = k.enter()
	open.Unlock()
	if err != nil {
		k.Close()
		return nil, fmt.Errorf("read single keys: %w", err)
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, unix.SIGTSTP, unix.SIGCONT)
	go k.followStops(signals)
	return k, nil
}

func (k *Keys) fd() int { return int(k.tty.Fd()) }

// enter turns off lines and echo; a read returns with the first byte
// (termios(3), "Canonical and noncanonical mode").
func (k *Keys) enter() error {
	t := k.found
	t.Lflag &^= unix.ICANON | unix.ECHO
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(k.fd(), setTermios, &t)
}

func (k *Keys) leave() { _ = unix.IoctlSetTermios(k.fd(), setTermios, &k.found) }

// followStops hands the shell its terminal as it was, for as long as ^Z lasts.
func (k *Keys) followStops(signals chan os.Signal) {
	defer signal.Stop(signals)
	for {
		select {
		case <-k.stop:
			return
		case s := <-signals:
			open.Lock()
			if _, ok := open.keys[k]; ok {
				if s == unix.SIGTSTP {
					k.leave()
					_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
				} else {
					_ = k.enter()
				}
			}
			open.Unlock()
		}
	}
}

// Next waits for a key that means something. Where ctx ends first it returns
// ctx's error; at the end of the terminal it returns Quit.
func (k *Keys) Next(ctx context.Context) (Key, error) {
	var b [1]byte
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		select {
		case <-k.stop:
			return 0, fmt.Errorf("read a key: %w", os.ErrClosed)
		default:
		}
		if typed := Typed(1); len(typed) > 0 {
			if key := keyOf(typed[0]); key != 0 {
				return key, nil
			}
			continue
		}
		// A short wait each time, so that a cancelled ctx is seen.
		ready := []unix.PollFd{{Fd: int32(k.fd()), Events: unix.POLLIN}}
		n, err := unix.Poll(ready, 50)
		if err == unix.EINTR || err == nil && n == 0 {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("read a key: %w", err)
		}
		n, err = unix.Read(k.fd(), b[:])
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
		case err == unix.EIO || err == nil && n == 0:
			return Quit, nil // hung up
		case err != nil:
			return 0, fmt.Errorf("read a key: %w", err)
		default:
			if key := keyOf(b[0]); key != 0 {
				return key, nil
			}
		}
	}
}

// Close puts the terminal back as it was found. It may be called twice.
func (k *Keys) Close() error {
	k.closed.Do(func() {
		close(k.stop)
		open.Lock()
		k.leave()
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
