// Package wire is the cable between two hosts: it carries each packet from one to
// the other after a delay, and does with some of them what its rules say. It knows
// when each was sent, when it arrived and what became of it, by one clock.
//
// What it has carried is a list of Records. They can be saved as capture files, of
// both ends in one or each in its own, and made again from such.
package wire

import (
	"fmt"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// End is one end of the cable.
type End uint8

// The ends.
const (
	Client End = iota
	Server
)

// Other is the opposite end.
func (e End) Other() End { return 1 - e }

// String is "client" or "server".
func (e End) String() string { return [...]string{"client", "server"}[e] }

// Fate is what became of a packet.
type Fate uint8

// The fates. A packet may be on its way still when the recording ends.
const (
	Arrived Fate = iota
	Lost
	OnItsWay
)

// String says what became of a packet.
func (f Fate) String() string { return [...]string{"arrived", "lost", "on its way"}[f] }

// Record is one packet on the cable.
type Record struct {
	Number int    // from 1, in the order of sending
	From   End    // the end it came from; of a forged one, whose it pretends to be
	Forged bool   // the cable made it: no host has sent it
	CopyOf int    // the record that it is a copy of, made by the cable; 0 for none
	Data   []byte // as it was sent, from the IP header on
	Became []byte // as it arrived, where the cable has changed it; nil else
	Fate   Fate
	Why    string // what the cable did with it, by which rule: "drop the 1st SYN"; "" for nothing but carrying it
	// Sent and Arrival are nanoseconds since 1970-01-01 UTC of one clock: when the
	// cable has taken the packet, and when it has handed it over.
	Sent, Arrival int64
	// Kernel is what the kernel has said of the packet's connection: at the sender
	// when the cable took it, at the receiver when it had been handed over.
	Kernel [2]Testimony
}

// To is the end it goes to.
func (r *Record) To() End { return r.From.Other() }

// Took is how long it was on its way; 0 where it has not arrived.
func (r *Record) Took() time.Duration {
	if r.Fate != Arrived {
		return 0
	}
	return time.Duration(r.Arrival - r.Sent)
}

// Landed is the packet as it arrived.
func (r *Record) Landed() []byte {
	if r.Became != nil {
		return r.Became
	}
	return r.Data
}

// Packet is the record as a packet of a capture in which each stands once, at the
// time of its sending.
func (r *Record) Packet() capture.Packet {
	return capture.Packet{Number: r.Number, Time: capture.At(r.Sent), Link: capture.LinkRaw, FCS: -1, Length: len(r.Data), Data: r.Data}
}

// Testimony is what a host's own kernel says of a connection, by inet_diag and
// TCP_INFO: not derived from any packet.
type Testimony struct {
	Known   bool               // it was asked
	State   conversation.State // Closed where it knows no such connection, and nobody listens
	Timer   string             // the timer that runs: retransmission, keep-alive, TIME-WAIT, window probe; "" for none
	Expires time.Duration      // of the timer
	Retries int                // how often it has sent again without an answer
	Unread  int                // bytes that the application has not read
	Unacked int                // bytes, and SYN and FIN, that were written and are not acknowledged

	// Of TCP_INFO, all 0 where it says nothing of such a connection:
	RTO        time.Duration // its retransmission timeout
	RTT        time.Duration // its round trip, smoothed; 0 where it has measured none
	MSS        int           // the largest segment that it sends now, in bytes of data
	Congestion int           // its congestion window, in segments
	Received   int           // bytes received in order

	text string // all but the state, where it was read from a file
}

// More is what else than the state the kernel says.
func (t *Testimony) More() string {
	if t.text != "" {
		return t.text
	}
	var parts []string
	if t.Timer != "" {
		parts = append(parts, fmt.Sprintf("%s timer: %v", t.Timer, t.Expires))
	}
	if t.Retries > 0 {
		parts = append(parts, fmt.Sprintf("sent again: %d", t.Retries))
	}
	if t.Unread > 0 {
		parts = append(parts, fmt.Sprintf("unread: %d", t.Unread))
	}
	if t.Unacked > 0 {
		parts = append(parts, fmt.Sprintf("not acknowledged: %d", t.Unacked))
	}
	if t.RTO > 0 {
		parts = append(parts, t.numbers())
	}
	return strings.Join(parts, ", ")
}

// numbers are those of TCP_INFO.
func (t *Testimony) numbers() string {
	text := fmt.Sprintf("RTO %v", t.RTO)
	if t.RTT > 0 {
		text += fmt.Sprintf(", round trip %v", t.RTT)
	}
	return fmt.Sprintf("%s, MSS %d, congestion window %d, received %d", text, t.MSS, t.Congestion, t.Received)
}
