// Package capture is where packets come from: the Packet, the Source that hands
// packets out, and the reader of capture files of both formats. It is pure Go.
// What is read and seen is kept by capture/savefile; the sniffer itself is in
// capture/live.
package capture

import "github.com/handshake-lab/handshake-lab/internal/decimal"

// LinkType says what a frame begins with, by the numbers of
// https://www.tcpdump.org/linktypes.html. It has 16 bits in a file's header.
type LinkType uint16

// The link types that the decoder is written for; others have numbers only.
const (
	LinkNull     LinkType = 0
	LinkEthernet LinkType = 1
	LinkRawBSD   LinkType = 12
	LinkRawOpen  LinkType = 14
	LinkRFC1483  LinkType = 100
	LinkRaw      LinkType = 101
	LinkLoop     LinkType = 108
	LinkSLL      LinkType = 113
	LinkERF      LinkType = 197
	LinkIPv4     LinkType = 228
	LinkIPv6     LinkType = 229
	LinkSLL2     LinkType = 276
)

// Time is when a packet was captured, as its capture tells it.
type Time struct {
	Sec    int64 // whole seconds since 1970-01-01 UTC
	Nsec   int32 // nanoseconds on top; as stored, so a damaged record may hold 10^9 or more, or less than 0
	Digits uint8 // decimal digits the capture keeps: 6 for microseconds, 9 for nanoseconds
	Known  bool  // false where the capture has no time for the packet
}

// At is the time of so many nanoseconds since 1970-01-01 UTC.
func At(ns int64) Time {
	sec, nsec := ns/1e9, ns%1e9
	if nsec < 0 {
		sec, nsec = sec-1, nsec+1e9
	}
	return Time{Sec: sec, Nsec: int32(nsec), Digits: 9, Known: true}
}

// UnixNano is the time in nanoseconds since 1970-01-01 UTC, for a clock that is
// running: it wraps around after the year 2262, so that times of a file are
// better compared by Since. 0 where the time is not known.
func (t Time) UnixNano() int64 { return t.Sec*1e9 + int64(t.Nsec) }

// Before reports whether t is earlier than u.
func (t Time) Before(u Time) bool { return t.Sec < u.Sec || t.Sec == u.Sec && t.Nsec < u.Nsec }

// AppendEpoch appends decimal seconds with all digits of the capture, as
// Wireshark's frame.time_epoch has them.
func (t Time) AppendEpoch(dst []byte) []byte {
	nsec := int64(t.Nsec)
	if nsec < 0 { // only in a damaged record; Wireshark puts the sign in front
		dst, nsec = append(dst, '-'), -nsec
	}
	dst = decimal.AppendInt(dst, t.Sec)
	if t.Digits == 0 {
		return dst
	}
	dst = append(dst, '.')
	if nsec >= 1e9 {
		return decimal.AppendInt(dst, nsec)
	}
	dst = decimal.AppendNine(dst, uint32(nsec))
	return dst[:len(dst)-9+int(t.Digits)]
}

// Packet is one captured frame.
type Packet struct {
	Number    int      // frame number: 1 for the first of the capture, TCP or not
	Time      Time     // when it was captured
	Link      LinkType // what Data begins with
	FCS       int8     // bytes of frame check sequence at the end of the frame; -1 where the capture does not say
	Interface int      // index of the interface in the capture, from 0
	Length    int      // bytes on the wire; len(Data) may be less (snaplen)
	Data      []byte   // captured bytes; valid until the next call of Next
	Comment   string   // the packet's comment in the capture file, raw, cut at 64 KiB
}

// A Source hands out packets one by one. Next fills p with the next one, all of
// it; p's Data is valid until the next call. It returns io.EOF at the end, and
// a *Damage where the input breaks off, when all packets before it have been
// handed out; p means nothing then.
type Source interface {
	Next(p *Packet) error
}
