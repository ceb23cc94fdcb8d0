//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"runtime"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// consumer is the packet that Next hands out, and what only the goroutine that
// calls Next knows.
type consumer struct {
	record
	data         []byte // the packet's
	own          []byte // room for it
	have         bool   // there is one, not handed out yet
	queueHasMore bool   // the queue may hold something, which is older than what is in the ring
	number       int    // of the last packet handed out
	pacing       pacing
}

// Next waits for the next packet and fills p with it. It returns io.EOF after
// Stop, Drain or Close once what was captured before has been handed out, and
// another error where the interface fails.
func (h *Handle) Next(p *capture.Packet) error {
	t := &h.consumer
	for !t.have {
		if err := h.fetch(); err != nil {
			return err
		}
	}
	t.have = false
	t.number++
	*p = capture.Packet{
		Number: t.number,
		Time:   capture.Time{Sec: t.sec, Nsec: t.nsec, Digits: 9, Known: true},
		Link:   h.link,
		FCS:    -1,
		Length: int(t.length),
		Data:   t.data,
	}
	return nil
}

// AtHand waits for the next packet, for the capture's timeout at most, and
// reports whether there is one. It is false as well for the first packet captured
// that much later than the one before for which it was: time to write what is
// held back. Where packets come fast, whoever asks gets them up to 25 ms late,
// many at once. It belongs to the goroutine that calls Next.
func (h *Handle) AtHand() bool {
	t := &h.consumer
	if !t.have && (h.fetch() != nil || !t.have) {
		return false // an error is returned again by Next
	}
	return !t.pacing.isTimeToFlush(t.at(), h.config.Timeout)
}

// fetch takes one packet, if there is one within the timeout.
func (h *Handle) fetch() error {
	err := h.takeOne()
	if t := &h.consumer; t.have {
		if at := t.at(); t.pacing.isTimeToYield(at, t.number) {
			h.upTo.Store(at)
			runtime.Gosched()
		}
	}
	return err
}

// takeOne takes packets in the order of their arrival: first what the drainer
// has queued, then what is in the ring.
func (h *Handle) takeOne() error {
	t := &h.consumer
	for {
		if t.queueHasMore {
			if t.record, t.data, t.have = h.queue.take(); t.have {
				return nil
			}
			t.queueHasMore = false
		}
		if t.pacing.resting {
			h.upTo.Store(t.at()) // no work for the drainer
			time.Sleep(t.pacing.pause(time.Now().UnixNano()))
		}
		if !h.ring.TryLock() {
			h.wanted.Store(true)
			h.ring.Lock()
			h.wanted.Store(false)
		}
		if !h.queued {
			break
		}
		h.queued, t.queueHasMore = false, true
		h.ring.Unlock()
	}
	defer h.ring.Unlock()
	if h.over != nil {
		return h.over
	}
	data, info, what := h.look()
	switch what {
	case theEnd:
		return h.over
	case nothing:
		h.upTo.Store(time.Now().UnixNano())
	case aPacket: // copied, as the drainer may look before it has been worked on
		t.own = append(t.own[:0], data...)
		t.record = record{sec: info.Timestamp.Unix(), nsec: int32(info.Timestamp.Nanosecond()), length: uint32(info.Length)}
		t.data, t.have = t.own, true
	}
	return nil
}
