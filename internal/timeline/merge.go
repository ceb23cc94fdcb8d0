package timeline

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Watermark is how long a call waits for segments that were captured before
// it but come through the capture later.
const Watermark = 15 * time.Millisecond

// Merge brings calls and moments of the capture into one order and hands them
// to a sink, from one goroutine. Its makers may use what they gave it again at
// once: it keeps copies.
type Merge struct {
	out       Sink
	watermark time.Duration
	now       func() int64

	mu      sync.Mutex
	changed sync.Cond // the one who hands on waits for more
	roomy   sync.Cond // makers wait for room
	pending []*item   // by key, then by arrival
	free    pool
	unnamed map[int]*item // begins of connect that wait, by the client's number
	newest  int64         // key of the newest moment of the capture
	shown   int64         // time of the newest moment handed on
	handing bool          // a moment to the sink, at present
	closed  bool
	flush   func() error // may be nil
	unsaid  bool         // something was handed on since flush was called
	err     error
	done    chan struct{}
	room    room

	streams streams
	numbers numbers
}

// NewMerge starts a merge into out. Calls wait for the capture as long as the
// watermark says, unless a later segment has come before; segments wait for
// calls a fifth of it, since calls are reported as they are made.
func NewMerge(out Sink, watermark time.Duration) *Merge {
	m := &Merge{out: out, watermark: watermark, done: make(chan struct{}), streams: newStreams(), numbers: newNumbers(), unnamed: make(map[int]*item),
		now: func() int64 { return time.Now().UnixNano() }}
	m.changed.L, m.roomy.L = &m.mu, &m.mu
	m.room.patience = forever
	go m.release()
	return m
}

// Flush sets what is called before the merge waits, once all that was due has
// been handed on: the time to flush what the sink has written. It comes from the
// goroutine that hands on.
func (m *Merge) Flush(flush func() error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flush = flush
}

// Call takes a socket call's moment, from any goroutine: it is an Observer.
func (m *Merge) Call(c dialogue.Call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.hasRoom() {
		return
	}
	m.numbers.learn(&c)
	if c.Name == "getsockname" { // how it is known, not what happens
		m.nameSocket(&c)
		m.changed.Signal()
		return
	}
	m.returned(&c)
	if c.Phase == dialogue.End && c.Name == "connect" {
		m.nameSocket(&c)
	}
	it := m.free.call()
	it.holdCall(&c)
	it.key = c.At
	if isBegin(&c, "connect") {
		m.unnamed[c.Number] = it
	}
	m.insert(it)
}

// Moment takes a moment of the capture, in capture order. The error is the
// sink's.
func (m *Merge) Moment(mo Moment) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.hasRoom() {
		return m.err
	}
	if mo.Event != nil {
		m.settle(mo.Event)
	}
	it := m.free.capture()
	it.hold(&mo)
	if mo.Event != nil {
		m.streams.prove(&it.event)
	}
	m.newest = max(m.newest, mo.At.UnixNano()) // a capture's order is kept even where its clock steps back
	it.key = m.newest
	m.insert(it)
	return nil
}

// settle tells the segments that still wait what has become known of them: what
// is shown within the watermark is shown as proved.
func (m *Merge) settle(e *conversation.Event) {
	for _, s := range e.Settled {
		for i := len(m.pending) - 1; i >= 0; i-- {
			it := m.pending[i]
			if it.isCall || it.held.Event == nil {
				continue
			}
			if it.segment.Number < s.Frame {
				break
			}
			if it.conversation.Stream == e.Conversation.Stream {
				it.event.Learn(s.Side, s.State, s.Proved)
			}
		}
	}
}

// IsIdle reports whether all that has come has been handed on.
func (m *Merge) IsIdle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pending) == 0 && !m.handing
}

// Close hands on what still waits and returns the sink's first error. It does
// not close the sink.
func (m *Merge) Close() error {
	m.mu.Lock()
	m.closed = true
	m.changed.Signal()
	m.roomy.Broadcast()
	m.mu.Unlock()
	<-m.done
	return m.err
}

func (m *Merge) insert(it *item) {
	it.arrived = m.now()
	at := len(m.pending)
	if at > 0 && m.pending[at-1].key > it.key {
		at, _ = slices.BinarySearchFunc(m.pending, it.key, func(p *item, key int64) int {
			if p.key <= key { // after all that came before
				return -1
			}
			return 1
		})
	}
	m.pending = slices.Insert(m.pending, at, it)
	m.changed.Signal()
}

// nameSocket writes the address that a client has into the begin of its connect,
// if that still waits: the system chooses a client's port during the call.
func (m *Merge) nameSocket(c *dialogue.Call) {
	if begin := m.unnamed[c.Number]; begin != nil && c.Local.IsValid() {
		begin.call.Local = c.Local
		delete(m.unnamed, c.Number)
	}
}

// release hands moments on as they become due.
func (m *Merge) release() {
	defer close(m.done)
	m.mu.Lock()
	defer m.mu.Unlock()
	for handed := 0; m.err == nil; {
		if len(m.pending) == 0 && m.closed {
			return
		}
		if wait := m.due(); wait != 0 {
			if !m.rest() && m.err == nil {
				m.sleep(wait)
			}
			continue
		}
		m.handOn(m.take(m.first()))
		if handed++; handed%roomEvery == 0 && len(m.pending) < limit {
			m.roomy.Broadcast()
		}
	}
	m.roomy.Broadcast()
}

// due is how long the first moment has to wait; forever, below 0, where there is
// none.
func (m *Merge) due() time.Duration {
	switch {
	case len(m.pending) == 0:
		return forever
	case m.closed:
		return 0
	}
	if wait := m.wait(m.pending[0]); wait > 0 {
		return wait
	}
	if len(m.numbers.dialling) > 0 {
		if it := m.pending[m.first()]; m.numbers.ownerMayCome(it) {
			return max(0, ownerPatience-m.held(it))
		}
	}
	return 0
}

const forever time.Duration = -1

// rest calls flush where something is to be written, without the lock, and
// reports whether it did: then more may have come.
func (m *Merge) rest() bool {
	if m.flush == nil || !m.unsaid {
		return false
	}
	m.unsaid = false
	flush := m.flush
	m.mu.Unlock()
	err := flush()
	m.mu.Lock()
	if m.err == nil {
		m.err = err
	}
	return true
}

// wait is how long the first moment has to wait for others that may precede it.
func (m *Merge) wait(it *item) time.Duration {
	held := m.held(it)
	if !it.isCall {
		return m.watermark/5 - held
	}
	if m.newest > it.key && held >= m.watermark/5 {
		return 0
	}
	return m.watermark - held
}

// held is how long a moment has waited.
func (m *Merge) held(it *item) time.Duration {
	since := it.key
	if off := time.Duration(it.arrived - it.key); off < -time.Second || off > time.Second {
		since = it.arrived // no live capture, or its clock is another one
	}
	return time.Duration(m.now() - since)
}

// sleep lets others work until something arrives or the time is over.
func (m *Merge) sleep(d time.Duration) {
	if d == forever {
		m.changed.Wait()
		return
	}
	t := time.AfterFunc(d, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.changed.Signal()
	})
	m.changed.Wait()
	t.Stop()
}

// take removes the moment at index i. What moves are the few before it, not
// the many that may wait behind it.
func (m *Merge) take(i int) *item {
	it := m.pending[i]
	copy(m.pending[1:i+1], m.pending[:i])
	m.pending[0] = nil
	m.pending = m.pending[1:]
	return it
}

// handOn gives one moment to the sink, without the lock: a paced sink takes
// its time, and nothing that is measured waits for it.
func (m *Merge) handOn(it *item) {
	m.streams.count(it)
	if it.isCall && m.unnamed[it.call.Number] == it {
		delete(m.unnamed, it.call.Number)
	}
	at := it.held.At.UnixNano()
	if late := m.shown - at; it.isCall && late > 0 && late <= slack {
		it.held.At = capture.At(m.shown) // the order shown is right, the two clocks are not
	}
	m.shown = max(m.shown, it.held.At.UnixNano())
	m.unsaid = true
	mo := it.held
	mo.Client = m.client(it)
	m.handing = true
	m.mu.Unlock()
	err := m.out.Moment(mo)
	m.mu.Lock()
	m.handing = false
	if err != nil {
		m.err = err
	}
	m.free.put(it)
}

// pair is a connection as one end sees it.
type pair struct{ local, remote netip.AddrPort }

func (p pair) turned() pair { return pair{p.remote, p.local} }

// sender is the connection as the sender of an event's segment sees it.
func sender(e *conversation.Event) pair {
	s := e.Segment
	return pair{netip.AddrPortFrom(s.Src, s.SrcPort), netip.AddrPortFrom(s.Dst, s.DstPort)}
}
