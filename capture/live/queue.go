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

// chunk holds packets in their order.
type chunk struct {
	data    []byte
	records []record
}

// queue stands between the reader of the ring and the consumer: it takes a
// packet at once and keeps it until it is asked for. The consumer works on a
// chunk of its own, without the lock. Memory is bounded by the limit.
type queue struct {
	mu      sync.Mutex
	ready   sync.Cond // chunks are not empty, or the end is set
	chunks  []*chunk  // the last one is being filled
	spare   []*chunk
	limit   int // chunks
	dropped int // packets for which there was no room
	end     error

	mine *chunk // the consumer's
	next int    // its next record
}

func newQueue(limit int) *queue {
	q := &queue{limit: max(limit/chunkSize, 2)}
	q.ready.L = &q.mu
	return q
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
	q.ready.Signal()
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

// finish ends the queue: get returns err after the last packet.
func (q *queue) finish(err error) {
	q.mu.Lock()
	if q.end == nil {
		q.end = err
	}
	q.ready.Broadcast()
	q.mu.Unlock()
}

// get waits for the next packet. Its bytes are valid until the next call.
func (q *queue) get() (record, []byte, error) {
	for q.mine == nil || q.next == len(q.mine.records) {
		if err := q.exchange(); err != nil {
			return record{}, nil, err
		}
	}
	r := q.mine.records[q.next]
	q.next++
	return r, q.mine.data[r.start:r.end:r.end], nil
}

// atHand tells that get returns a packet without a look at the others.
func (q *queue) atHand() bool { return q.mine != nil && q.next < len(q.mine.records) }

// exchange gives the spent chunk back and takes the oldest one.
func (q *queue) exchange() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.mine != nil {
		if len(q.spare) < 2 && cap(q.mine.data) == chunkSize {
			q.mine.data, q.mine.records = q.mine.data[:0], q.mine.records[:0]
			q.spare = append(q.spare, q.mine)
		}
		q.mine = nil
	}
	for len(q.chunks) == 0 {
		if q.end != nil {
			return q.end
		}
		q.ready.Wait()
	}
	q.mine, q.next = q.chunks[0], 0
	n := copy(q.chunks, q.chunks[1:])
	q.chunks[n] = nil
	q.chunks = q.chunks[:n]
	return nil
}

// overflowed is the packets dropped so far.
func (q *queue) overflowed() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}
