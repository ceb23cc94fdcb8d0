package pipeline

import "github.com/handshake-lab/handshake-lab/internal/timeline"

// Tee gives each moment to several sinks, in their order.
type Tee []timeline.Sink

// Moment returns the first error; the sinks behind it are not given the moment.
func (t Tee) Moment(m timeline.Moment) error {
	for _, sink := range t {
		if err := sink.Moment(m); err != nil {
			return err
		}
	}
	return nil
}

// Only hands on the moments that Keep chooses.
type Only struct {
	Sink timeline.Sink
	Keep func(*timeline.Moment) bool
}

// Moment hands m on or drops it.
func (o Only) Moment(m timeline.Moment) error {
	if !o.Keep(&m) {
		return nil
	}
	return o.Sink.Moment(m)
}
