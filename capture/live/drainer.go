//go:build (cgo && !windows) || (windows && npcap)

package live

import "time"

const (
	drainEvery = 20 * time.Millisecond // the drainer looks whether it is needed
	patience   = 25 * time.Millisecond // behind the present, a consumer cannot keep up
)

// Who holds the ring (h.ring), and what wakes whom:
//
//	consumer: Next, AtHand                   drainer
//	  the queue first, to its end              holds the ring from Open on
//	  wanted = true, waits for the ring  --->  sees wanted, lets the ring go, waits
//	  holds it: takes one packet, lets go      wakes for: isBehind, every 20 ms;
//	  yields every 8 ms, stores upTo     --->             wake, from Stop and Drain
//	  works on the packet; is it slow?         holds the ring: all of it into the queue,
//	  queued: the queue before the ring  <---  queued = true, until wanted or the end
//
// drainer empties the ring into the queue while the consumer does not: before
// it asks for the first packet, while it is busy, and where it wants nothing
// more. As long as the consumer keeps up it reads the ring itself, which spares
// both the way through a queue and being woken. drainer begins with h.ring held.
func (h *Handle) drainer() {
	look := time.NewTicker(drainEvery)
	defer look.Stop()
	for {
		over := h.drainRing()
		h.ring.Unlock()
		if over {
			return
		}
		for wait := true; wait; {
			select {
			case <-h.done:
				return
			case <-h.called:
				wait = false
			case now := <-look.C:
				wait = !h.isBehind(now)
			}
		}
		h.ring.Lock()
	}
}

// drainRing moves packets from the ring into the queue until the consumer wants to
// read itself, having found the queue empty, or the capture ends.
func (h *Handle) drainRing() (over bool) {
	for h.over == nil && !h.wanted.Load() {
		data, info, what := h.look()
		if what == aPacket {
			h.queue.put(info.Timestamp.Unix(), int32(info.Timestamp.Nanosecond()), info.Length, data)
			h.queued = true
		}
	}
	return h.over != nil
}

// isBehind reports whether the consumer has not come to what was captured some time
// ago. A clock that was set does no harm: the drainer is then called in vain.
func (h *Handle) isBehind(now time.Time) bool {
	late := time.Duration(now.UnixNano() - h.upTo.Load())
	return late.Abs() > patience+yieldEvery+2*h.config.Timeout
}

// wake has the drainer look at the ring now.
func (h *Handle) wake() {
	select {
	case h.called <- struct{}{}:
	default:
	}
}
