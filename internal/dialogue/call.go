// Package dialogue holds what the greeting server and client share: the words
// they say, and the record of a socket call.
package dialogue

import "net/netip"

// Role is who made a call.
type Role uint8

// The two sides of the greeting.
const (
	Server Role = iota
	Client
)

// String returns "server" or "client".
func (r Role) String() string {
	if r == Client {
		return "client"
	}
	return "server"
}

// Phase is which of its two moments a Call record tells.
type Phase uint8

// A call is reported twice: before it is made and after it has returned.
const (
	Begin Phase = iota
	End
)

// Call is one moment of one socket call.
type Call struct {
	ID     uint64         // the same in the begin and the end of one call; unique in the process
	Phase  Phase          // begin or end
	At     int64          // nanoseconds since 1970-01-01 UTC (realtime clock) of this moment
	Role   Role           // who calls
	Number int            // which client, or the server's side of which client's dialogue: from 1; 0 for the listening socket
	Name   string         // socket, bind, listen, accept, connect, send, recv, shutdown, close
	Args   string         // the arguments for a reader: "127.0.0.1:6000", "5", "9"; the word in the brackets
	Local  netip.AddrPort // the socket's own address where it has one by now
	Remote netip.AddrPort // the peer's address where known (accept's end: the new client)
	N      int            // end of send and recv: bytes moved
	Data   []byte         // begin of send, end of recv: the bytes; the receiver may keep them
	Err    error          // end: what it failed with; nil for success (io.EOF is a recv that returned 0)
}

// Observer is told of every call's begin and end, from the goroutine that
// makes the call, in the order of that goroutine. It must be quick and safe
// for use from several goroutines. A nil Observer is not called.
type Observer func(Call)

// Tell reports c to the observer if there is one.
func (o Observer) Tell(c Call) {
	if o != nil {
		o(c)
	}
}
