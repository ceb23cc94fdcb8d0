//go:build !linux

package hosts

import (
	"context"
	"net/netip"
	"os"
	"runtime"
)

func notHere() *Unavailable {
	live := "capture the host's own loopback: sudo handshake-lab run --net host"
	if runtime.GOOS == "windows" {
		live = "use a Linux: the Windows Subsystem for Linux will do"
	}
	return &Unavailable{
		Cause:  NotWritten,
		Detail: "not implemented on " + runtime.GOOS,
		remedy: []string{live, "or watch a recording: handshake-lab replay FILE"},
	}
}

// Private is not available here: it returns an *Unavailable.
func Private(context.Context, Command) (int, error) { return 0, notHere() }

// Probe is an *Unavailable here.
func Probe() error { return notHere() }

// Inside is false: there are no private namespaces here.
func Inside() bool { return false }

// Enter is an *Unavailable here.
func Enter() error { return notHere() }

// Heard has nobody to tell here.
func Heard(os.Signal) {}

// Pair, Host: there are none here.
type (
	Pair struct{ Client, Server *Host }
	Host struct {
		Name string
		Addr netip.Addr
	}
)

// NewPair is an *Unavailable here.
func NewPair(Family, HostConfig, HostConfig) (*Pair, error) { return nil, notHere() }

// Do is an *Unavailable here.
func (*Host) Do(func() error) error { return notHere() }

// Close has nothing to take away here.
func (*Pair) Close() {}
