package conversation

import "github.com/handshake-lab/handshake-lab/capture"

// stamp is a capture time as far as differences need it. The zero stamp
// stands for no time, as in Wireshark.
type stamp struct {
	sec  int64 // seconds since 1970-01-01 UTC
	nsec int32 // on top; as stored
}

func stampOf(t capture.Time) stamp { return stamp{t.Sec, t.Nsec} }

// since returns how long it is from a to t.
func (t stamp) since(a stamp) capture.Span { return capture.SpanOf(t.sec-a.sec, t.nsec-a.nsec) }

// within reports whether a is less than so many nanoseconds before t.
func (t stamp) within(limit uint64, a stamp) bool { return uint64(t.since(a).Nanoseconds()) < limit }
