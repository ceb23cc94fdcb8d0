//go:build (!cgo && !windows) || (windows && !npcap)

package live

import (
	"context"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Handle is a running capture; without libpcap there is none.
type Handle struct{}

// Open returns ErrNoLibpcap.
func Open(Config) (*Handle, error) { return nil, ErrNoLibpcap }

// Next returns ErrNoLibpcap.
func (*Handle) Next(*capture.Packet) error { return ErrNoLibpcap }

// AtHand is true: Next does not wait.
func (*Handle) AtHand() bool { return true }

// LinkType is 0.
func (*Handle) LinkType() capture.LinkType { return 0 }

// Interfaces is empty.
func (*Handle) Interfaces() []capture.Interface { return nil }

// Stop does nothing.
func (*Handle) Stop() {}

// Drain returns ErrNoLibpcap.
func (*Handle) Drain(context.Context) error { return ErrNoLibpcap }

// Stats returns ErrNoLibpcap.
func (*Handle) Stats() (Stats, error) { return Stats{}, ErrNoLibpcap }

// Close does nothing.
func (*Handle) Close() error { return nil }

// Filter is a compiled BPF expression; without libpcap there is none.
type Filter struct{}

// CompileFilter returns ErrNoLibpcap.
func CompileFilter(capture.LinkType, int, string) (*Filter, error) { return nil, ErrNoLibpcap }

// Match is false.
func (*Filter) Match([]byte, int) bool { return false }

// Interfaces returns ErrNoLibpcap.
func Interfaces() ([]InterfaceInfo, error) { return nil, ErrNoLibpcap }

// Default returns ErrNoLibpcap.
func Default() (InterfaceInfo, error) { return InterfaceInfo{}, ErrNoLibpcap }

// Version is empty.
func Version() string { return "" }
