//go:build cgo

package live

import (
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// queued is a consumer whose packets are all in the queue, n of them a
// millisecond, for so many milliseconds.
func queued(n, milliseconds int) *Handle {
	h := &Handle{config: Config{}.defaults(), queue: newQueue(queueLimit)}
	h.taken.stocked = true
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n * milliseconds {
		at := begin.Add(time.Duration(i) * time.Millisecond / time.Duration(n))
		h.queue.put(at.Unix(), int32(at.Nanosecond()), 60, make([]byte, 60))
	}
	return h
}

// TestRest: the consumer rests once a millisecond of packets has been handed
// on, if many come, and never where its user waits for each.
func TestRest(t *testing.T) {
	for _, c := range []struct {
		packets int // a millisecond
		rests   bool
	}{{1, false}, {20, false}, {manyPackets / 2, false}, {manyPackets * 2, true}, {400, true}} {
		const milliseconds = 100
		h := queued(c.packets, milliseconds)
		rests, told := 0, 0
		var p capture.Packet
		for range c.packets * milliseconds {
			if !h.AtHand() {
				told++
				if h.taken.rests {
					rests++
				}
			}
			if err := h.Next(&p); err != nil {
				t.Fatal(err)
			}
		}
		if told < milliseconds/3 {
			t.Fatalf("%d packets a millisecond: time to write %d times in %d ms", c.packets, told, milliseconds)
		}
		settled := milliseconds - 2*int(meetEvery/time.Millisecond) // the first look tells nothing
		if !c.rests && rests > 0 || c.rests && rests < settled-5 {
			t.Errorf("%d packets a millisecond: it may rest %d of %d times", c.packets, rests, told)
		}
	}
}

// TestPause: only who has caught up rests, and only once until there has been
// time to write.
func TestPause(t *testing.T) {
	const told = 1_700_000_000_000_000_000
	for _, c := range []struct {
		rests bool
		late  time.Duration
		want  time.Duration
	}{
		{true, 0, restFor},
		{true, caughtUp, restFor},
		{true, caughtUp + 1, 0},
		{true, time.Second, 0},
		{true, -1, 0}, // the clock was set
		{false, 0, 0},
	} {
		consumer := taken{told: told, rests: c.rests}
		if got := consumer.pause(told + int64(c.late)); got != c.want {
			t.Errorf("%v behind, may rest: %v: %v, want %v", c.late, c.rests, got, c.want)
		}
		if got := consumer.pause(told); got != 0 {
			t.Errorf("it rests again, for %v", got)
		}
	}
}
