package present

import "github.com/handshake-lab/handshake-lab/internal/timeline"

// Paced waits before each moment that is seen but the first: for a while, for
// a key. The capture is not slowed by it, only what is shown.
func Paced(p Presenter, wait func() error) Presenter { return &paced{Presenter: p, wait: wait} }

type paced struct {
	Presenter
	wait  func() error
	began bool
}

// Moment implements Presenter.
func (p *paced) Moment(m timeline.Moment) error {
	if v, ok := p.Presenter.(interface{ Shows(timeline.Moment) bool }); ok && !v.Shows(m) {
		return p.Presenter.Moment(m)
	}
	if p.began {
		if err := p.wait(); err != nil {
			return err
		}
	}
	p.began = true
	return p.Presenter.Moment(m)
}

// Wants implements timeline.Chooser: what nobody has a use for is not waited for.
func (p *paced) Wants() timeline.Wants { return timeline.WantsOf(p.Presenter) }

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
