//go:build !unix && !windows

package terminal

import (
	"context"
	"os"
)

// FollowWidth does nothing here: the width stays what it was.
func FollowWidth(context.Context, *os.File, func(columns int)) {}

// Keys are not read here.
type Keys struct{}

// OpenKeys is ErrNoTerminal here.
func OpenKeys(*os.File) (*Keys, error) { return nil, ErrNoTerminal }

// Next is ErrNoTerminal here.
func (k *Keys) Next(context.Context) (Key, error) { return 0, ErrNoTerminal }

// Close does nothing here.
func (k *Keys) Close() error { return nil }

func (k *Keys) leave() {}
