package terminal

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Key is what a pressed key means to who shows something step by step.
type Key uint8

// The keys; all others mean nothing.
const (
	None    Key = iota
	Space       // space
	Next        // Enter, n
	Quit        // q, ^D, and the end of the terminal
	Back        // b, PageUp, the arrow to the left
	Forward     // f, PageDown, the arrow to the right
	Up          // the arrow up, k
	Down        // the arrow down, j
	First       // Home, g
	Last        // End, G
	Help        // ?, h
	Escape
)

// ErrNoTerminal is returned where there is no terminal to read keys from.
var ErrNoTerminal = errors.New("no terminal to read keys from; --pace 400ms shows the steps one by one without a key")

// keyOf is what a byte from the terminal means, None for nothing. ^C and ^Z do
// not come here: they stay signals.
func keyOf(b byte) Key {
	switch b {
	case ' ':
		return Space
	case '\n', '\r', 'n', 'N':
		return Next
	case 'q', 'Q', 4:
		return Quit
	case 'b', 'B':
		return Back
	case 'f', 'F':
		return Forward
	case 'k':
		return Up
	case 'j':
		return Down
	case 'g':
		return First
	case 'G':
		return Last
	case '?', 'h', 'H':
		return Help
	}
	return None
}

// keyOfSequence is what a control sequence means: its bytes between ESC [, or
// ESC O, and the last, and the last (ECMA-48 §5.4; xterm's "PC-Style Function
// Keys").
func keyOfSequence(parameters string, final byte) Key {
	switch final {
	case 'A':
		return Up
	case 'B':
		return Down
	case 'C':
		return Forward
	case 'D':
		return Back
	case 'H':
		return First
	case 'F':
		return Last
	case '~':
		switch parameters {
		case "1", "7":
			return First
		case "4", "8":
			return Last
		case "5":
			return Back
		case "6":
			return Forward
		}
	}
	return None
}

const (
	escape = 0x1b
	// sequenceTime is how long the rest of a sequence may take. The key Escape
	// sends its first byte alone.
	sequenceTime = 50 * time.Millisecond
	sequenceMost = 16 // bytes
)

// Next waits for a key that means something. Where ctx ends first it returns
// ctx's error; at the end of the terminal it returns Quit.
func (k *Keys) Next(ctx context.Context) (Key, error) {
	for {
		key, err := k.Within(ctx, time.Minute)
		if err != nil || key != None {
			return key, err
		}
	}
}

// Within is Next for some time; None where no key came in it.
func (k *Keys) Within(ctx context.Context, wait time.Duration) (Key, error) {
	until := time.Now().Add(wait)
	for {
		b, came, err := k.read(ctx, until)
		switch {
		case err == errHungUp:
			return Quit, nil
		case err != nil || !came:
			return None, err
		}
		key := keyOf(b)
		if b == escape {
			if key, err = k.sequence(ctx); err != nil {
				return None, err
			}
		}
		if key != None {
			return key, nil
		}
	}
}

// sequence reads what comes after ESC.
func (k *Keys) sequence(ctx context.Context) (Key, error) {
	until := time.Now().Add(sequenceTime)
	b, came, err := k.read(ctx, until)
	switch {
	case err == errHungUp:
		return Quit, nil
	case err != nil:
		return None, err
	case !came:
		return Escape, nil
	case b != '[' && b != 'O':
		return None, nil // a letter with Alt
	}
	var parameters []byte
	for len(parameters) < sequenceMost {
		if b, came, err = k.read(ctx, until); err != nil || !came {
			return None, unlessHungUp(err)
		}
		if b >= 0x40 && b <= 0x7e {
			return keyOfSequence(string(parameters), b), nil
		}
		parameters = append(parameters, b)
	}
	return None, nil
}

// errHungUp is the end of the terminal.
var errHungUp = errors.New("the terminal has ended")

// unlessHungUp leaves the end of the terminal to the next read.
func unlessHungUp(err error) error {
	if err == errHungUp {
		return nil
	}
	return err
}

// open are the Keys whose terminal is not as it was found.
var open struct {
	sync.Mutex
	keys map[*Keys]struct{}
	held map[*os.File]*term.State // by Hold
}

// begin notes that a terminal is about to be changed, and changes it.
func (k *Keys) begin() error {
	open.Lock()
	defer open.Unlock()
	if open.keys == nil {
		open.keys = make(map[*Keys]struct{})
	}
	open.keys[k] = struct{}{}
	return k.enter()
}

// Around sets what is called before the terminal is somebody else's, for as long
// as ^Z lasts or for good, and after it is ours again: the time to take off the
// screen what is no part of what is shown, and to put it back.
func (k *Keys) Around(leave, enter func()) {
	open.Lock()
	defer open.Unlock()
	k.leaving, k.entering = leave, enter
}

// giveBack leaves the terminal as it was found. open is locked.
func (k *Keys) giveBack() {
	k.leave()
	if k.leaving != nil {
		k.leaving()
	}
}

// Restore puts every terminal back as it was found. It is for the places where
// a program ends without its deferred calls: a recovered panic of another
// goroutine, an os.Exit.
func Restore() {
	giveUpAsking()
	open.Lock()
	defer open.Unlock()
	for k := range open.keys {
		k.giveBack()
	}
	restoreHeld()
}

// RestoreOnPanic is to be deferred by goroutines that draw: a panic of theirs
// leaves every terminal as it was found.
func RestoreOnPanic() {
	if fault := recover(); fault != nil {
		Restore()
		panic(fault)
	}
}
