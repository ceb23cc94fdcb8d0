// Package client is the greeting client: it connects, reads the welcome and
// the question, sends names, reads the answers, and ends with exit. It does so
// from a script or for a person at a terminal, and can report each of its
// socket calls to an observer.
package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Call is one moment of one socket call, its begin or its end.
type Call = dialogue.Call

// Observer is told of every call's begin and end, from the goroutine that
// makes it.
type Observer = dialogue.Observer

// Config says whom to connect to.
type Config struct {
	Network  string        // "tcp4", "tcp6", or "" for either
	Address  string        // "127.0.0.1:6000", "[::1]:6000", "localhost:6000"
	Number   int           // which client this is, from 1, for the observer
	Timeout  time.Duration // for connect; 0 leaves it to the system (about two minutes on Linux)
	Patience time.Duration // for each answer of the server's; 0 waits for ever
	Observer Observer      // told of the socket calls; may be nil
}

// Client is one connection to the server. It is for one goroutine.
type Client struct {
	conn     *net.TCPConn
	ctx      context.Context
	unwatch  func() bool
	patience time.Duration
	observer Observer
	call     Call   // what all its calls have in common
	received []byte // not yet taken out by hear
	buffer   [dialogue.ReadSize]byte
}

// LocalAddr is the client's own address and port.
func (c *Client) LocalAddr() netip.AddrPort { return c.call.Local }

// RemoteAddr is the server's.
func (c *Client) RemoteAddr() netip.AddrPort { return c.call.Remote }

// Close closes the connection: a FIN, if nothing is left unread.
func (c *Client) Close() error { return c.close("") }

// Abort closes the connection with SO_LINGER at 0 seconds: it throws away what
// is not yet sent and sends an RST (RFC 9293 §3.10.5).
func (c *Client) Abort() error {
	if err := c.conn.SetLinger(0); err != nil {
		return err
	}
	return c.close("SO_LINGER 0")
}

func (c *Client) close(args string) error {
	c.unwatch()
	call := c.begin("close", args, nil)
	err := c.conn.Close()
	c.end(call, 0, nil, err)
	return err
}

func (c *Client) send(data []byte) error {
	call := c.begin("send", strconv.Itoa(len(data)), data)
	n, err := c.conn.Write(data)
	c.end(call, n, data, err)
	return c.explain(err)
}

// recv reads once and appends to received; io.EOF is the server's FIN.
func (c *Client) recv() error {
	if c.patience > 0 {
		c.waitAtMost(c.patience)
	}
	call := c.begin("recv", strconv.Itoa(len(c.buffer)), nil)
	n, err := c.conn.Read(c.buffer[:])
	c.end(call, n, c.buffer[:n], err)
	c.received = append(c.received, c.buffer[:n]...)
	return c.explain(err)
}

// waitAtMost bounds the reads that follow. A context that has ended is not
// forgotten over it.
func (c *Client) waitAtMost(d time.Duration) {
	c.conn.SetReadDeadline(time.Now().Add(d))
	if c.ctx.Err() != nil {
		c.conn.SetDeadline(time.Unix(1, 0))
	}
}

// begin and end report a call; data is copied, as the observer may keep it.
func (c *Client) begin(name, args string, data []byte) Call {
	if c.observer == nil {
		return Call{}
	}
	call := c.call
	call.Name, call.Args, call.Data = name, args, clone(data)
	return c.observer.Begin(call)
}

func (c *Client) end(call Call, n int, data []byte, err error) {
	if c.observer == nil {
		return
	}
	call.N, call.Err = n, c.explain(err)
	if call.Data == nil {
		call.Data = clone(data)
	}
	c.observer.End(call)
}

func clone(data []byte) []byte {
	if data == nil {
		return nil
	}
	return append([]byte{}, data...)
}

// explain reduces a socket's error to its errno, and a deadline that stands
// for a cancelled context to the context's cause.
func (c *Client) explain(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ErrNoAnswer
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}
