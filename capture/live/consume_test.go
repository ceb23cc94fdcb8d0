//go:build cgo && !windows

package live

import (
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// queued is a consumer whose packets are all in the queue, so many in each
// millisecond.
func queued(milliseconds int, packets func(millisecond int) int) (h *Handle, all int) {
	h = &Handle{config: Config{}.defaults(), queue: newQueue(queueLimit)}
	h.consumer.queueHasMore = true
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for ms := range milliseconds {
		n := packets(ms)
		for i := range n {
			at := begin.Add(time.Duration(ms)*time.Millisecond + time.Duration(i)*time.Millisecond/time.Duration(n))
			h.queue.put(at.Unix(), int32(at.Nanosecond()), 60, make([]byte, 60))
		}
		all += n
	}
	return h, all
}

// TestRest: the consumer rests whenever a millisecond of packets has been handed
// on, once many have come for a while, and never where its user waits for each.
func TestRest(t *testing.T) {
	const milliseconds = 400
	settled := milliseconds - int((lasting+2*yieldEvery)/time.Millisecond)
	always := func(n int) func(int) int { return func(int) int { return n } }
	for _, c := range []struct {
		name    string
		packets func(millisecond int) int
		rests   int // about so often
	}{
		{"few", always(1), 0},
		{"1,000 dialogues a second", always(21), 0},
		{"not quite many", always(manyPackets - 4), 0},
		{"many", always(manyPackets + 4), settled},
		{"as many as there can be", always(400), settled},
		{"many at times", func(ms int) int { return []int{4, 200}[ms/90%2] }, 0},
		{"many, then few", func(ms int) int { return []int{200, 20}[ms/200] }, 200 - (milliseconds - settled)},
	} {
		h, all := queued(milliseconds, c.packets)
		rests, told := 0, 0
		var p capture.Packet
		for range all {
			if !h.AtHand() {
				told++
				if h.consumer.pacing.resting {
					rests++
				}
			}
			if err := h.Next(&p); err != nil {
				t.Fatal(err)
			}
		}
		if told < milliseconds/3 {
			t.Fatalf("%s: time to write %d times in %d ms", c.name, told, milliseconds)
		}
		if c.rests == 0 && rests > 0 || rests < c.rests-10 || rests > c.rests+25 {
			t.Errorf("%s: it may rest %d of %d times, want %d", c.name, rests, told, c.rests)
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
		pacing := pacing{flushedAt: told, resting: c.rests}
		if got := pacing.pause(told + int64(c.late)); got != c.want {
			t.Errorf("%v behind, may rest: %v: %v, want %v", c.late, c.rests, got, c.want)
		}
		if got := pacing.pause(told); got != 0 {
			t.Errorf("it rests again, for %v", got)
		}
	}
}

// TestPacing: it is time to yield every 8 ms and to write at each timeout, also
// where the clock is set back.
func TestPacing(t *testing.T) {
	const begin, ms = 1_700_000_000_000_000_000, 1_000_000
	for _, c := range []struct {
		name           string
		after          []int64 // ns
		yields, writes string  // a 1 for each packet at which it is time
	}{
		{"each millisecond", []int64{0, 1 * ms, 2 * ms, 8 * ms, 9 * ms, 10 * ms}, "100010", "101101"},
		{"a clock set back", []int64{0, 1 * ms, -50 * ms, -49 * ms}, "1010", "1010"},
		{"long silence", []int64{0, 500 * ms, 501 * ms}, "110", "110"},
	} {
		var p pacing
		var yields, writes []byte
		bit := map[bool]byte{false: '0', true: '1'}
		for i, after := range c.after {
			yields = append(yields, bit[p.isTimeToYield(begin+after, i+1)])
			writes = append(writes, bit[p.isTimeToFlush(begin+after, 2*time.Millisecond)])
		}
		if string(yields) != c.yields || string(writes) != c.writes {
			t.Errorf("%s: yields at %s, writes at %s, want %s and %s", c.name, yields, writes, c.yields, c.writes)
		}
	}
}
