package live

import (
	"runtime"
	"testing"
)

func TestQueueKeepsOrderAndBytes(t *testing.T) {
	q := newQueue(64 << 20)
	const packets = 100_000
	go func() {
		data := make([]byte, 60)
		for i := range packets {
			data[0], data[59] = byte(i), byte(i>>8)
			q.put(int64(i), int32(i%1000), 60+i, data)
		}
	}()
	for i := 0; i < packets; {
		r, data, ok := q.take()
		if !ok {
			runtime.Gosched()
			continue
		}
		if r.sec != int64(i) || r.nsec != int32(i%1000) || r.length != uint32(60+i) || len(data) != 60 || data[0] != byte(i) || data[59] != byte(i>>8) {
			t.Fatalf("packet %d: %+v %x", i, r, data)
		}
		i++
	}
	if _, _, ok := q.take(); ok {
		t.Error("one more than was put in")
	}
	if q.overflowed() != 0 {
		t.Errorf("%d dropped", q.overflowed())
	}
}

func TestQueueIsBounded(t *testing.T) {
	q := newQueue(4 * chunkSize)
	for range 1000 {
		q.put(1, 2, 1600, make([]byte, 1600))
	}
	const room = 4 * (chunkSize / 1600)
	if q.overflowed() != 1000-room {
		t.Errorf("%d dropped, %d have room", q.overflowed(), room)
	}
	n := 0
	for _, _, ok := q.take(); ok; _, _, ok = q.take() {
		n++
	}
	if n != room {
		t.Errorf("%d of %d handed out", n, room)
	}
}

func TestQueueTakesAPacketLargerThanAChunk(t *testing.T) {
	q := newQueue(64 << 20)
	q.put(0, 0, 300_000, make([]byte, 300_000))
	q.put(0, 0, 10, make([]byte, 10))
	for _, want := range []int{300_000, 10} {
		if _, data, ok := q.take(); !ok || len(data) != want {
			t.Errorf("%d bytes, %v", len(data), ok)
		}
	}
}

func TestQueueDoesNotAllocate(t *testing.T) {
	q := newQueue(64 << 20)
	data := make([]byte, 100)
	if n := testing.AllocsPerRun(20_000, func() {
		q.put(1, 2, 100, data)
		q.take()
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}
