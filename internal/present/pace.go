package present

import "github.com/handshake-lab/handshake-lab/internal/timeline"

// Paced calls wait before each moment that is seen: it may wait for a while, or for
// a key. The capture is not slowed by it, only what is shown.
func Paced(p Presenter, wait func()) Presenter { return paced{p, wait} }

type paced struct {
	Presenter
	wait func()
}

// Moment implements Presenter.
func (p paced) Moment(m timeline.Moment) error {
	if Shows(p.Presenter, m) {
		p.wait()
	}
	return p.Presenter.Moment(m)
}

// Wants implements timeline.Chooser: what nobody has a use for is not waited for.
func (p paced) Wants() timeline.Wants { return timeline.WantsOf(p.Presenter) }

// Shows implements Shower.
func (p paced) Shows(m timeline.Moment) bool { return Shows(p.Presenter, m) }

// A Shower knows which moments are seen in what it shows.
type Shower interface{ Shows(timeline.Moment) bool }

// Shows reports whether a moment is seen, as far as that is known.
func Shows(p Presenter, m timeline.Moment) bool {
	if s, ok := p.(Shower); ok {
		return s.Shows(m)
	}
	return timeline.WantsOf(p).Kinds.Has(m.Kind)
}

// Only hands on the moments that keep says yes to.
func Only(p Presenter, keep func(timeline.Moment) bool) Presenter { return only{p, keep} }

type only struct {
	Presenter
	keep func(timeline.Moment) bool
}

// Moment implements Presenter.
func (o only) Moment(m timeline.Moment) error {
	if !o.keep(m) {
		return nil
	}
	return o.Presenter.Moment(m)
}

// Shows implements Shower.
func (o only) Shows(m timeline.Moment) bool { return Shows(o.Presenter, m) }

// Tee gives every moment to several presenters.
func Tee(to ...Presenter) Presenter { return tee(to) }

type tee []Presenter

// Moment implements Presenter.
func (t tee) Moment(m timeline.Moment) error {
	for _, p := range t {
		if err := p.Moment(m); err != nil {
			return err
		}
	}
	return nil
}

// Section implements Presenter.
func (t tee) Section(title string) error {
	for _, p := range t {
		if err := p.Section(title); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Presenter; it closes all, and returns the first error.
func (t tee) Close() error {
	var first error
	for _, p := range t {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
