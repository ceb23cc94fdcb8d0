//go:build !unix

package client

import (
	"net/netip"
	"syscall"
)

// beginConnect leaves it to net: a socket's address is known once connect has
// returned.
func (*Client) beginConnect(syscall.RawConn, netip.AddrPort) error { return nil }
