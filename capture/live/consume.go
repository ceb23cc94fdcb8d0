//go:build cgo && !windows

package live

import (
	"runtime"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// meetEvery is how often the consumer meets the scheduler, by the packets' time.
// That takes the processor from whoever has not met it for 10 ms and waits in
// libpcap, and then looks every 20 µs whether there is another to take.
const meetEvery = 8 * time.Millisecond

// Where packets come so fast that the processors are what everybody waits for,
// the consumer lets some gather before it looks into the ring again: being woken
// every millisecond costs it a seventh of all that it does, and those that are
// watched pay for it. The ring lasts six times as long.
const (
	manyPackets = 64                     // a millisecond
	lasting     = 100 * time.Millisecond // for so long: what was only held up is soon over
	restFor     = 20 * time.Millisecond  // where it has caught up
	caughtUp    = 3 * time.Millisecond   // behind the present, as the kernel keeps a block for one or two
)

// taken is the packet that Next hands out, and what only the goroutine that
// calls Next knows.
type taken struct {
	record
	data    []byte // the packet's
	own     []byte // room for it
	have    bool   // there is one, not handed out yet
	stocked bool   // the queue may hold something, which is older than what is in the ring
	number  int    // of the last packet handed out
	told    int64  // ns since 1970: the packet at which AtHand last was false
	rests   bool   // the ring is to be left alone for a while
	met     int64  // ns since 1970: the packet at which the scheduler and the stand-in were last met
	counted int    // number, then
	many    int64  // ns since 1970: since when packets come fast; 0 where they do not
}

// Next waits for the next packet and fills p with it. It returns io.EOF after
// Stop, Drain or Close once what was captured before has been handed out, and
// another error where the interface fails.
func (h *Handle) Next(p *capture.Packet) error {
	t := &h.taken
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
// tells whether there is one. It is false as well for the first packet captured
// that much later than the one before for which it was: time to write what is
// held back. Where packets come fast, whoever asks gets them up to 25 ms late,
// many at once. It belongs to the goroutine that calls Next.
func (h *Handle) AtHand() bool {
	t := &h.taken
	if !t.have && (h.fetch() != nil || !t.have) {
		return false // an error is returned again by Next
	}
	at := t.at()
	if since := at - t.told; since < h.config.Timeout.Nanoseconds() && since >= 0 {
		return true
	}
	t.told = at
	t.rests = t.many != 0 && at-t.many > lasting.Nanoseconds()
	return false
}

// fetch takes one packet, if there is one within the timeout.
func (h *Handle) fetch() error {
	err := h.takeOne()
	if t := &h.taken; t.have {
		at := t.at()
		if since := at - t.met; since > meetEvery.Nanoseconds() || since < 0 {
			t.count(at, since)
			h.upTo.Store(at)
			runtime.Gosched()
		}
	}
	return err
}

// count notes how fast packets have come when the scheduler is met, at ns since
// 1970, and since the time before in ns.
func (t *taken) count(at, since int64) {
	fast := since > 0 && int64(t.number-t.counted) > manyPackets*(since/time.Millisecond.Nanoseconds())
	switch {
	case !fast:
		t.many = 0
	case t.many == 0:
		t.many = at
	}
	t.met, t.counted = at, t.number
}

// pause is how long the consumer is to let packets gather before it looks into
// the ring, at now in ns since 1970: if many come, and the last one for which
// AtHand was false is of the kernel's latest block.
func (t *taken) pause(now int64) time.Duration {
	rests := t.rests
	t.rests = false
	if late := time.Duration(now - t.told); !rests || late < 0 || late > caughtUp {
		return 0
	}
	return restFor
}

// takeOne takes packets in the order of their arrival: first what the stand-in
// has queued, then what is in the ring.
func (h *Handle) takeOne() error {
	t := &h.taken
	for {
		if t.stocked {
			if t.record, t.data, t.have = h.queue.take(); t.have {
				return nil
			}
			t.stocked = false
		}
		if t.rests {
			h.upTo.Store(t.at()) // no work for the stand-in
			time.Sleep(t.pause(time.Now().UnixNano()))
		}
		if !h.ring.TryLock() {
			h.wanted.Store(true)
			h.ring.Lock()
			h.wanted.Store(false)
		}
		if !h.queued {
			break
		}
		h.queued, t.stocked = false, true
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
	case aPacket: // copied, as the stand-in may look before it has been worked on
		t.own = append(t.own[:0], data...)
		t.record = record{sec: info.Timestamp.Unix(), nsec: int32(info.Timestamp.Nanosecond()), length: uint32(info.Length)}
		t.data, t.have = t.own, true
	}
	return nil
}
