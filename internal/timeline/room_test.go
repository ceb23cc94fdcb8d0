package timeline

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// stuck is a sink that takes nothing until it is let go.
type stuck struct {
	record
	open chan struct{}
}

func (s *stuck) Moment(m Moment) error {
	<-s.open
	return s.record.Moment(m)
}

// TestPatience: makers whose patience is over are not stopped by a sink that
// takes nothing; what is left out is counted, and told in its place.
func TestPatience(t *testing.T) { synctest.Test(t, testPatience) }

func testPatience(t *testing.T) {
	sink := &stuck{open: make(chan struct{})}
	m := NewMerge(sink, time.Millisecond)
	m.Patience(10 * time.Millisecond)
	const more = 1000
	began := time.Now()
	for range limit + more {
		m.Call(dialogue.Call{Name: "send", At: time.Now().UnixNano()})
	}
	if took := time.Since(began); took < 10*time.Millisecond || took > 100*time.Millisecond {
		t.Errorf("stopped for %v", took)
	}
	// One moment is with the sink, so that there is room for another.
	if missed := m.Missed(); missed < more-1 || missed > more {
		t.Errorf("%d missed, want %d", missed, more)
	}
	close(sink.open)
	time.Sleep(time.Second) // for as much as it needs
	if n := m.waiting(); n > limit/2 {
		t.Fatalf("%d wait for a sink that takes all", n)
	}
	m.Call(dialogue.Call{Name: "close", At: time.Now().UnixNano()})
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	words := strings.Join(sink.words[len(sink.words)-2:], "; ")
	if !strings.Contains(words, "moments are missing here") || !strings.Contains(words, "s:close") {
		t.Errorf("the last two are %q", words)
	}
}

// TestPatienceAwaited: with patience nothing is left out of what a slow sink
// takes.
func TestPatienceAwaited(t *testing.T) { synctest.Test(t, testPatienceAwaited) }

func testPatienceAwaited(t *testing.T) {
	sink := &stuck{open: make(chan struct{})}
	m := NewMerge(sink, time.Millisecond)
	go func() {
		time.Sleep(50 * time.Millisecond)
		close(sink.open)
	}()
	const n = limit + 3*roomEvery
	for range n {
		m.Call(dialogue.Call{Name: "send", At: time.Now().UnixNano()})
	}
	if err := m.Close(); err != nil || len(sink.words) != n || m.Missed() != 0 {
		t.Errorf("%d of %d, %d missed, %v", len(sink.words), n, m.Missed(), err)
	}
}

func (m *Merge) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pending)
}
