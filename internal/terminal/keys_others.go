//go:build !unix && !windows

package terminal

import (
	"context"
	"os"
	"time"
)

// FollowWidth does nothing here: the width stays what it was.
func FollowWidth(context.Context, *os.File, func(columns int)) {}

// Keys are not read here.
type Keys struct{ leaving, entering func() }

// OpenKeys is ErrNoTerminal here.
func OpenKeys(*os.File) (*Keys, error) { return nil, ErrNoTerminal }

// HideTyping is ErrNoTerminal here.
func HideTyping(*os.File) (*Keys, error) { return nil, ErrNoTerminal }

// InForeground is false here: there is no terminal to read from.
func InForeground(*os.File) bool { return false }

// Lend does nothing here.
func (k *Keys) Lend() (giveBack func()) { return func() {} }

// Close does nothing here.
func (k *Keys) Close() error { return nil }

func (k *Keys) enter() error { return ErrNoTerminal }
func (k *Keys) leave()       {}

func (k *Keys) read(context.Context, time.Time) (byte, bool, error) { return 0, false, ErrNoTerminal }
