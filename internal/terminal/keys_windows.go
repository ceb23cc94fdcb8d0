package terminal

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/windows"
)

// Keys reads single keys from the console, without Enter and without echo.
// Output and the signal of ^C work as always.
type Keys struct {
	console *os.File
	lines   bool   // nothing is read: what is typed stays, in lines, for the next program
	found   uint32 // the console's mode
	pressed chan byte
	stop    chan struct{}
	closed  sync.Once

	leaving, entering func() // see Around; may be nil
}

// OpenKeys begins to read keys from the console, so that stdin may be a pipe.
// ErrNoTerminal where there is none. Close must be called.
func OpenKeys(*os.File) (*Keys, error) {
	k, err := openKeys(false)
	if err == nil {
		go k.take()
	}
	return k, err
}

// HideTyping turns off the echo of what is typed, and leaves it to be read by the
// next program. ErrNoTerminal where there is no console. Close must be called.
func HideTyping(*os.File) (*Keys, error) { return openKeys(true) }

// InForeground is true: a console knows no jobs.
func InForeground(*os.File) bool { return true }

func openKeys(lines bool) (*Keys, error) {
	console, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, ErrNoTerminal
	}
	k := &Keys{console: console, lines: lines, pressed: make(chan byte), stop: make(chan struct{})}
	if err := windows.GetConsoleMode(k.handle(), &k.found); err != nil {
		console.Close()
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	if err := k.begin(); err != nil {
		k.Close()
		return nil, fmt.Errorf("read single keys: %w", err)
	}
	return k, nil
}

// enter turns off echo, and lines where keys are read; arrows come as sequences
// then, as on other terminals.
func (k *Keys) enter() error {
	mode := k.found &^ windows.ENABLE_ECHO_INPUT
	if !k.lines {
		mode = mode&^windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
		if windows.SetConsoleMode(k.handle(), mode|windows.ENABLE_VIRTUAL_TERMINAL_INPUT) == nil {
			return nil
		}
	}
	return windows.SetConsoleMode(k.handle(), mode)
}

func (k *Keys) handle() windows.Handle { return windows.Handle(k.console.Fd()) }

func (k *Keys) leave() { _ = windows.SetConsoleMode(k.handle(), k.found) }

// take takes keys from the console. A read of it cannot be called off, so it
// may be left waiting: for a key that this process will not see.
func (k *Keys) take() {
	defer close(k.pressed)
	var b [1]byte
	for {
		n, err := k.console.Read(b[:])
		if err != nil || n == 0 { // ^Z, or the console is gone
			return
		}
		select {
		case k.pressed <- b[0]:
		case <-k.stop:
			return
		}
	}
}

// read waits for a byte until then; came is false where there was none.
func (k *Keys) read(ctx context.Context, until time.Time) (b byte, came bool, err error) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return 0, false, ctx.Err()
	case <-k.stop:
		return 0, false, fmt.Errorf("read a key: %w", os.ErrClosed)
	case <-timer.C:
		return 0, false, nil
	case b, ok := <-k.pressed:
		if !ok {
			return 0, false, errHungUp
		}
		return b, true, nil
	}
}

// Lend does nothing here: nothing live is shown, so nobody types at a prompt.
func (k *Keys) Lend() (giveBack func()) { return func() {} }

// Close puts the console back as it was found. It may be called twice. The
// handle stays open: closing it would wait for the read.
func (k *Keys) Close() error {
	k.closed.Do(func() {
		close(k.stop)
		open.Lock()
		k.giveBack()
		delete(open.keys, k)
		open.Unlock()
	})
	return nil
}
