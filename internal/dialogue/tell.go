package dialogue

import (
	"sync/atomic"
	"time"
)

var lastID atomic.Uint64

// Begin stamps c as the begin of a new call and reports it. It returns what to
// hand to End, with the result filled in, once the call has returned.
func (o Observer) Begin(c Call) Call {
	c.ID = lastID.Add(1)
	c.Phase = Begin
	c.At = Now()
	o.Tell(c)
	return c
}

// End stamps c as the end of the call that Begin returned and reports it.
func (o Observer) End(c Call) {
	c.Phase = End
	c.At = Now()
	o.Tell(c)
}

// Now is the realtime clock, the one that captures use: nanoseconds since
// 1970-01-01 UTC.
func Now() int64 { return time.Now().UnixNano() }
