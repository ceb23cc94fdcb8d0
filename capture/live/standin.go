//go:build cgo && !windows

package live

import "time"

const (
	standInEvery = 20 * time.Millisecond // the stand-in looks whether it is needed
	patience     = 25 * time.Millisecond // behind the present, a consumer cannot keep up
)

// standIn empties the ring into the queue while the consumer does not: before
// it asks for the first packet, while it is busy, and where it wants nothing
// more. As long as the consumer keeps up it reads the ring itself, which spares
// both the way through a queue and being woken. standIn begins with h.ring held.
func (h *Handle) standIn() {
	look := time.NewTicker(standInEvery)
	defer look.Stop()
	for {
		over := h.empty()
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

// empty moves packets from the ring into the queue until the consumer wants to
// read itself, having found the queue empty, or the capture ends.
func (h *Handle) empty() (over bool) {
	for h.over == nil && !h.wanted.Load() {
		data, info, what := h.look()
		if what == aPacket {
			h.queue.put(info.Timestamp.Unix(), int32(info.Timestamp.Nanosecond()), info.Length, data)
			h.queued = true
		}
	}
	return h.over != nil
}

// isBehind tells that the consumer has not come to what was captured some time
// ago. A clock that was set does no harm: the stand-in is then called in vain.
func (h *Handle) isBehind(now time.Time) bool {
	late := time.Duration(now.UnixNano() - h.upTo.Load())
	return late.Abs() > patience+meetEvery+2*h.config.Timeout
}

// call has the stand-in look at the ring now.
func (h *Handle) call() {
	select {
	case h.called <- struct{}{}:
	default:
	}
}
