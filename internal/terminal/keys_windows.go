package terminal

import (
	"context"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/windows"
)

// Keys reads single keys from the console, without Enter and without echo.
// Output and the signal of ^C work as always.
type Keys struct {
	console *os.File
	found   uint32 // the console's mode
	pressed chan byte
	stop    chan struct{}
	closed  sync.Once
}

// OpenKeys begins to read keys from the console, so that stdin may be a pipe.
// ErrNoTerminal where there is none. Close must be called.
func OpenKeys(*os.File) (*Keys, error) {
	console, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, ErrNoTerminal
	}
	k := &Keys{console: console, pressed: make(chan byte), stop: make(chan struct{})}
	if err := windows.GetConsoleMode(k.handle(), &k.found); err != nil {
		console.Close()
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	open.Lock()
	if open.keys == nil {
		open.keys = make(map[*Keys]struct{})
	}
	open.keys[k] = struct{}{}
	err = windows.SetConsoleMode(k.handle(), k.found&^(windows.ENABLE_LINE_INPUT|windows.ENABLE_ECHO_INPUT)|windows.ENABLE_PROCESSED_INPUT)
	open.Unlock()
	if err != nil {
		k.Close()
		return nil, fmt.Errorf("read single keys: %w", err)
	}
	go k.read()
	return k, nil
}

func (k *Keys) handle() windows.Handle { return windows.Handle(k.console.Fd()) }

func (k *Keys) leave() { _ = windows.SetConsoleMode(k.handle(), k.found) }

// read takes keys from the console. A read of it cannot be called off, so it
// may be left waiting: for a key that this process will not see.
func (k *Keys) read() {
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

// Next waits for a key that means something. Where ctx ends first it returns
// ctx's error; at the end of the console it returns Quit.
func (k *Keys) Next(ctx context.Context) (Key, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-k.stop:
			return 0, fmt.Errorf("read a key: %w", os.ErrClosed)
		case b, ok := <-k.pressed:
			if !ok {
				return Quit, nil
			}
			if key := keyOf(b); key != 0 {
				return key, nil
			}
		}
	}
}

// Close puts the console back as it was found. It may be called twice. The
// handle stays open: closing it would wait for the read.
func (k *Keys) Close() error {
	k.closed.Do(func() {
		close(k.stop)
		open.Lock()
		k.leave()
		delete(open.keys, k)
		open.Unlock()
	})
	return nil
}
