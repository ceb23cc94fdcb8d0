package pipeline

import (
	"context"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Speed hands moments on as they followed each other in the capture, Factor
// times as fast. Once Context is cancelled nothing waits any more.
type Speed struct {
	Context context.Context
	Sink    timeline.Sink
	Factor  float64 // 1 is the capture's own pace

	// Idle is what a longer silence of the capture is cut to; 0 where all are as
	// long as they were.
	Idle time.Duration

	// Sleep waits, and returns for how long a viewer has made it stand besides. May
	// be nil.
	Sleep func(time.Duration) (stood time.Duration)

	begin  time.Time    // when the first moment with a time was handed on
	first  capture.Time // the time of that moment
	latest float64      // seconds after it of the latest moment
	cut    float64      // seconds of silence
}

// longestPause is what a moment is waited for at most, in seconds: a century.
const longestPause = 3e9

// Moment waits until m is due. The end of a conversation, told when nothing
// more can belong to it, waits for nothing.
func (s *Speed) Moment(m timeline.Moment) error {
	if m.At.Known && m.Kind != timeline.Ended {
		if s.begin.IsZero() {
			s.begin, s.first = time.Now(), m.At
		}
		after := min(s.since(m.At)/s.Factor, longestPause)
		wait := time.Until(s.begin.Add(time.Duration(after * float64(time.Second))))
		if s.Sleep == nil {
			Sleep(s.Context, wait)
		} else {
			s.begin = s.begin.Add(s.Sleep(wait))
		}
	}
	return s.Sink.Moment(m)
}

// since is how many seconds of the capture a moment is after the first, without
// what was cut of silences.
func (s *Speed) since(at capture.Time) float64 {
	after := at.Since(s.first).Seconds()
	if silence := after - s.latest; s.Idle > 0 && silence > s.Idle.Seconds() {
		s.cut += silence - s.Idle.Seconds()
	}
	s.latest = max(s.latest, after)
	return after - s.cut
}

// Sleep waits for d, or until ctx is cancelled.
func Sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
