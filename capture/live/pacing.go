//go:build (cgo && !windows) || (windows && npcap)

package live

import "time"

// yieldEvery is how often the consumer yields to the scheduler, by the packets' time.
// That takes the processor from whoever has not yielded for 10 ms and waits in
// libpcap, and then looks every 20 µs whether there is another to take.
const yieldEvery = 8 * time.Millisecond

// Gathering buys 15 % of the time of rows. Where packets come so fast that the processors are what everybody waits for,
// the consumer lets some gather before it looks into the ring again: being woken
// every millisecond costs it a seventh of all that it does, and those that are
// watched pay for it. The ring lasts six times as long.
const (
	manyPackets = 64                     // a millisecond
	lasting     = 100 * time.Millisecond // for so long: what was only held up is soon over
	restFor     = 20 * time.Millisecond  // where it has caught up
	caughtUp    = 3 * time.Millisecond   // behind the present, as the kernel keeps a block for one or two
)

// pacing decides when the consumer yields to the scheduler, when there is time to
// write what is held back, and when the ring is left alone for a while. It buys a
// seventh of the time of a live capture. It goes by the packets' own times, in
// nanoseconds since 1970.
type pacing struct {
	flushedAt int64 // the packet at which AtHand last was false
	yieldedAt int64 // the packet at which it last yielded
	counted   int   // the number of that
	fastSince int64 // since when packets come fast; 0 where they do not
	resting   bool  // the ring is to be left alone for a while
}

// isTimeToFlush reports whether a packet is so much later than the one for which
// it last was.
func (p *pacing) isTimeToFlush(at int64, timeout time.Duration) bool {
	if since := at - p.flushedAt; since < timeout.Nanoseconds() && since >= 0 {
		return false
	}
	p.flushedAt = at
	p.resting = p.fastSince != 0 && at-p.fastSince > lasting.Nanoseconds()
	return true
}

// isTimeToYield reports whether the consumer is to yield at a packet, by number;
// it notes how fast packets have come since it last did.
func (p *pacing) isTimeToYield(at int64, number int) bool {
	since := at - p.yieldedAt
	if since <= yieldEvery.Nanoseconds() && since >= 0 {
		return false
	}
	fast := since > 0 && int64(number-p.counted) > manyPackets*(since/time.Millisecond.Nanoseconds())
	switch {
	case !fast:
		p.fastSince = 0
	case p.fastSince == 0:
		p.fastSince = at
	}
	p.yieldedAt, p.counted = at, number
	return true
}

// pause is how long the consumer is to let packets gather before it looks into
// the ring, at now: if many come, and the last one for which it was time to flush
// is of the kernel's latest block.
func (p *pacing) pause(now int64) time.Duration {
	resting := p.resting
	p.resting = false
	if late := time.Duration(now - p.flushedAt); !resting || late < 0 || late > caughtUp {
		return 0
	}
	return restFor
}
