package timeline

import (
	"fmt"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// limit is how many moments are held at most, by time of waiting or because
// the sink is slow; a maker of more waits.
const limit = 1 << 15

// roomEvery is after how many moments those who wait for room are woken: not
// for every place that becomes free. The limit is many times that, so nobody is
// left waiting beside an empty list.
const roomEvery = 1 << 10

// room is what a merge knows of a sink that is slower than the makers.
type room struct {
	patience time.Duration // how long a maker waits; forever, below 0
	behind   bool          // a maker's patience has ended, and the sink has not caught up since
	missing  int           // moments left out since then
	missed   int           // moments left out in all
}

// Patience sets how long those who bring moments wait for a sink that takes none:
// without end unless it is called. When it is over moments are left out, until
// the sink has caught up, and a note in their place says how many.
func (m *Merge) Patience(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room.patience = d
	m.roomy.Broadcast()
}

// Missed is how many moments were left out.
func (m *Merge) Missed() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.room.missed
}

// hasRoom waits until there is room; false where the moment is not taken.
func (m *Merge) hasRoom() bool {
	if m.room.behind && len(m.pending) <= limit/2 {
		m.catchUp()
	}
	if !m.room.behind && len(m.pending) >= limit {
		m.waitForRoom()
	}
	if m.room.behind && !m.closed && m.err == nil {
		m.room.missing++
		m.room.missed++
		return false
	}
	return !m.closed && m.err == nil
}

// waitForRoom waits as long as patience says, which may change meanwhile.
func (m *Merge) waitForRoom() {
	began := time.Now()
	var alarm *time.Timer
	for len(m.pending) >= limit && !m.closed && m.err == nil && !m.room.behind {
		if patience := m.room.patience; patience >= 0 {
			left := patience - time.Since(began)
			if left <= 0 {
				m.room.behind = true
				break
			}
			if alarm == nil {
				alarm = time.AfterFunc(left, func() {
					m.mu.Lock()
					defer m.mu.Unlock()
					m.roomy.Broadcast()
				})
				defer alarm.Stop()
			}
		}
		m.roomy.Wait()
	}
}

// catchUp says in the story what is missing from it, and takes moments again.
func (m *Merge) catchUp() {
	now := m.now()
	it := m.free.capture()
	it.hold(&Moment{Kind: Note, At: capture.At(now), Text: fmt.Sprintf(
		"%d moments are missing here: they came faster than they could be shown", m.room.missing)})
	it.key = max(now, m.newest)
	m.insert(it)
	m.room.behind, m.room.missing = false, 0
}
