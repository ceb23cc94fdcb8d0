package pipeline

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// arrivals keeps when moments came.
type arrivals struct {
	began time.Time
	at    []time.Duration
}

func (a *arrivals) Moment(timeline.Moment) error {
	a.at = append(a.at, time.Since(a.began))
	return nil
}

func TestSpeedWithoutSilence(t *testing.T) {
	seconds := []int64{100, 101, 161, 160, 162}
	for _, test := range []struct {
		name string
		s    Speed
		want []time.Duration // in seconds
	}{
		{"its own", Speed{Factor: 1}, []time.Duration{0, 1, 61, 61, 62}},
		{"ten times", Speed{Factor: 0.1}, []time.Duration{0, 10, 610, 610, 620}},
		{"without silence", Speed{Factor: 1, Idle: 2 * time.Second}, []time.Duration{0, 1, 3, 3, 4}},
		{"both", Speed{Factor: 0.5, Idle: 2 * time.Second}, []time.Duration{0, 2, 6, 6, 8}},
		{"paused for 5 seconds", Speed{Factor: 1, Sleep: pausing(2)}, []time.Duration{0, 1, 66, 66, 67}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := arrivals{began: time.Now()}
				test.s.Context, test.s.Sink = t.Context(), &sink
				for _, s := range seconds {
					_ = test.s.Moment(timeline.Moment{Kind: timeline.Note, At: capture.At(s * 1e9)})
				}
				for i, want := range test.want {
					if sink.at[i] != want*time.Second {
						t.Errorf("moment %d came after %v, want %v s", i, sink.at[i], int(want))
					}
				}
			})
		})
	}
}

// pausing makes the sleep with this number stand for 5 seconds besides.
func pausing(which int) func(time.Duration) time.Duration {
	n := -1
	return func(d time.Duration) (stood time.Duration) {
		if n++; n == which {
			stood = 5 * time.Second
		}
		time.Sleep(max(d, 0) + stood)
		return stood
	}
}
