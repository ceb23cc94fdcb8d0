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

	begin time.Time    // when the first moment with a time was handed on
	first capture.Time // the time of that moment
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
		after := min(m.At.Since(s.first).Seconds()/s.Factor, longestPause)
		Sleep(s.Context, time.Until(s.begin.Add(time.Duration(after*float64(time.Second)))))
	}
	return s.Sink.Moment(m)
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
