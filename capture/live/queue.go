package live

import "sync"

// chunkSize is the bytes of packets in one chunk of the queue.
const chunkSize = 256 << 10

// record is one packet in a chunk.
type record struct {
	sec        int64
	nsec       int32
	length     uint32 // bytes on the wire
	start, end uint32 // of its bytes in the chunk
}

// at is when it was captured, in nanoseconds since 1970.
func (r *record) at() int64 { return r.sec*1e9 + int64(r.nsec) }

// chunk holds packets in their order.
type chunk struct {
	data    []byte
	records []record
}

// queue buys that no packet is lost while whoever shows cannot keep up. It keeps packets between the drainer and the consumer, which works on a
// chunk of its own, without the lock. Memory is bounded by the limit.
type queue struct {
	mu      sync.Mutex
	chunks  []*chunk // the last one is being filled
	spare   []*chunk
	limit   int // chunks
	dropped int // packets for which there was no room

	mine *chunk // the consumer's
	next int    // its next record
}

func newQueue(limit int) *queue {
	return &queue{limit: max(limit/chunkSize, 2)}
}

// put copies a packet into the queue, or counts it as dropped.
func (q *queue) put(sec int64, nsec int32, length int, data []byte) {
	q.mu.Lock()
	c := q.tail(len(data))
	if c == nil {
		q.dropped++
		q.mu.Unlock()
		return
	}
	start := uint32(len(c.data))
	c.data = append(c.data, data...)
	c.records = append(c.records, record{sec, nsec, uint32(length), start, uint32(len(c.data))})
	q.mu.Unlock()
}

// tail is the chunk that n more bytes go into; nil where the queue is full.
// Records count too, so that empty packets cannot fill the memory.
func (q *queue) tail(n int) *chunk {
	if last := len(q.chunks) - 1; last >= 0 {
		c := q.chunks[last]
		if len(c.data)+n <= chunkSize && len(c.records) < chunkSize/32 {
			return c
		}
	}
	if len(q.chunks) >= q.limit {
		return nil
	}
	var c *chunk
	if last := len(q.spare) - 1; last >= 0 {
		c, q.spare = q.spare[last], q.spare[:last]
	} else {
		c = &chunk{data: make([]byte, 0, max(chunkSize, n))}
	}
	q.chunks = append(q.chunks, c)
	return c
}

// take takes the oldest packet, if there is one. Its bytes are valid until the
// next call.
func (q *queue) take() (record, []byte, bool) {
	for q.mine == nil || q.next == len(q.mine.records) {
		if !q.exchange() {
			return record{}, nil, false
		}
	}
	r := q.mine.records[q.next]
	q.next++
	return r, q.mine.data[r.start:r.end:r.end], true
}

// exchange gives the spent chunk back and takes the oldest one.
func (q *queue) exchange() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mine != nil {
		if len(q.spare) < 2 && cap(q.mine.data) == chunkSize {
			q.mine.data, q.mine.records = q.mine.data[:0], q.mine.records[:0]
			q.spare = append(q.spare, q.mine)
		}
		q.mine = nil
	}
	if len(q.chunks) == 0 {
		return false
	}
	q.mine, q.next = q.chunks[0], 0
	n := copy(q.chunks, q.chunks[1:])
	q.chunks[n] = nil
	q.chunks = q.chunks[:n]
	return true
}

// overflowed is the packets dropped so far.
func (q *queue) overflowed() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}
