package present

import (
	"fmt"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Silences shows silences of more than a while as such: before the moment that
// ends one stands a note of how long it was.
func Silences(p Presenter, longer time.Duration) Presenter {
	return &silences{Presenter: p, longer: longer}
}

type silences struct {
	Presenter
	longer time.Duration
	latest capture.Time
}

// Moment implements Presenter. The end of a conversation, told when nothing more
// can belong to it, ends no silence.
func (s *silences) Moment(m timeline.Moment) error {
	if !m.At.Known || m.Kind == timeline.Ended || !Shows(s.Presenter, m) {
		return s.Presenter.Moment(m)
	}
	before := s.latest
	if !before.Known {
		s.latest = m.At
	} else if silence := m.At.Since(before).Seconds(); silence > 0 {
		s.latest = m.At
		if silence > s.longer.Seconds() {
			note := timeline.Moment{Kind: timeline.Note, Text: "… " + secondsText(silence) + " of silence …"}
			if Shows(s.Presenter, note) {
				if err := s.Presenter.Moment(note); err != nil {
					return err
				}
			}
		}
	}
	return s.Presenter.Moment(m)
}

// Shows implements Shower.
func (s *silences) Shows(m timeline.Moment) bool { return Shows(s.Presenter, m) }

// secondsText is "58.3 s", "3 min 20 s", "2 h 5 min".
func secondsText(seconds float64) string {
	switch {
	case seconds < 1:
		return fmt.Sprintf("%.0f ms", seconds*1000)
	case seconds < 59.95:
		return fmt.Sprintf("%.1f s", seconds)
	}
	whole := int64(seconds + 0.5)
	if whole < 3600 {
		return fmt.Sprintf("%d min %d s", whole/60, whole%60)
	}
	return fmt.Sprintf("%d h %d min", whole/3600, whole/60%60)
}
