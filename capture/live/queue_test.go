package live

import (
	"errors"
	"io"
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
		q.finish(io.EOF)
	}()
	for i := range packets {
		r, data, err := q.get()
		if err != nil {
			t.Fatal(err)
		}
		if r.sec != int64(i) || r.nsec != int32(i%1000) || r.length != uint32(60+i) || len(data) != 60 || data[0] != byte(i) || data[59] != byte(i>>8) {
			t.Fatalf("packet %d: %+v %x", i, r, data)
		}
	}
	if _, _, err := q.get(); err != io.EOF {
		t.Error(err)
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
	q.finish(errors.New("the end"))
	n := 0
	for ; ; n++ {
		if _, _, err := q.get(); err != nil {
			break
		}
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
		if _, data, err := q.get(); err != nil || len(data) != want {
			t.Errorf("%d bytes, %v", len(data), err)
		}
	}
}

func TestQueueDoesNotAllocate(t *testing.T) {
	q := newQueue(64 << 20)
	data := make([]byte, 100)
	if n := testing.AllocsPerRun(20_000, func() {
		q.put(1, 2, 100, data)
		q.get()
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}
