package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Dial makes a socket and connects it. A name with several addresses is tried
// address by address, each with a socket of its own. Once ctx is cancelled
// every call of the client fails with the context's cause.
//
// The error wraps what connect(2) failed with: syscall.ECONNREFUSED (nobody
// listens), EHOSTUNREACH or ENETUNREACH, ETIMEDOUT (the system gave up), or
// os.ErrDeadlineExceeded where Config.Timeout ran out first.
func Dial(ctx context.Context, c Config) (*Client, error) {
	addrs, err := resolve(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", c.Address, err)
	}
	var first error
	for _, addr := range addrs {
		client, err := connect(ctx, c, addr)
		if err == nil {
			return client, nil
		}
		if first == nil {
			first = fmt.Errorf("connect to %s: %w", addr, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// connect tries one address. The dialer's control hook runs between socket(2)
// and connect(2), which is where one call ends and the other begins. An observer is
// told of getsockname(2) while connect is under way: the system has chosen the
// client's port by then, however long the answer takes.
func connect(ctx context.Context, c Config, addr netip.AddrPort) (*Client, error) {
	client := &Client{ctx: ctx, observer: c.Observer, patience: c.Patience,
		call: Call{Role: dialogue.Client, Number: c.Number, Remote: addr}}
	family := "AF_INET"
	if addr.Addr().Is6() {
		family = "AF_INET6"
	}
	call := client.begin("socket", family+", SOCK_STREAM", nil)
	dialer := net.Dialer{
		Timeout:   c.Timeout,
		KeepAlive: -1, // its probes would be segments that no call here explains
		Control: func(_, _ string, socket syscall.RawConn) error {
			client.end(call, 0, nil, nil)
			call = client.begin("connect", addr.String(), nil)
			if c.Observer == nil {
				return nil
			}
			return client.beginConnect(socket, addr)
		},
	}
	dialer.SetMultipathTCP(false)
	conn, err := dialer.DialContext(ctx, "tcp", addr.String())
	if err != nil {
		err = dialError(ctx, err)
		client.end(call, 0, nil, err)
		return nil, err
	}
	client.conn = conn.(*net.TCPConn)
	client.call.Local = conn.LocalAddr().(*net.TCPAddr).AddrPort()
	client.call.Remote = conn.RemoteAddr().(*net.TCPAddr).AddrPort()
	call.Local = client.call.Local
	client.end(call, 0, nil, nil)
	client.unwatch = context.AfterFunc(ctx, func() { client.conn.SetDeadline(time.Unix(1, 0)) })
	return client, nil
}

// dialError takes net's wrapping off: what is left says why, and the caller
// says where.
func dialError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return fmt.Errorf("no answer in time: %w", os.ErrDeadlineExceeded)
	}
	return err
}

// resolve finds the addresses behind Config.Address in the order to try them.
func resolve(ctx context.Context, c Config) ([]netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "tcp", service)
	if err != nil {
		return nil, err
	}
	family := "ip"
	switch c.Network {
	case "tcp4":
		family = "ip4"
	case "tcp6":
		family = "ip6"
	}
	if host == "" {
		host = "localhost"
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, family, host)
	if err != nil {
		return nil, err
	}
	addrs := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		addrs[i] = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	}
	return addrs, nil
}
