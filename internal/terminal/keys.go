package terminal

import (
	"errors"
	"sync"
)

// Key is what a pressed key means to --step.
type Key uint8

// The keys of --step; all others mean nothing.
const (
	Next Key = iota + 1 // space, Enter, n
	Quit                // q, ^D, and the end of the terminal
)

// ErrNoTerminal is returned where there is no terminal to read keys from.
var ErrNoTerminal = errors.New("no terminal to read keys from; --pace 400ms shows the steps one by one without a key")

// keyOf is what a byte from the terminal means, 0 for nothing. ^C and ^Z do not
// come here: they stay signals.
func keyOf(b byte) Key {
	switch b {
	case ' ', '\n', '\r', 'n', 'N':
		return Next
	case 'q', 'Q', 4:
		return Quit
	}
	return 0
}

// open are the Keys whose terminal is not as it was found.
var open struct {
	sync.Mutex
	keys map[*Keys]struct{}
}

// Restore puts every terminal back as it was found. It is for the places where
// a program ends without its deferred calls: a recovered panic of another
// goroutine, an os.Exit.
func Restore() {
	giveUpAsking()
	open.Lock()
	defer open.Unlock()
	for k := range open.keys {
		k.leave()
	}
}
