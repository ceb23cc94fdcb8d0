package stepper

import (
	"context"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// Config is what a Stepper works with.
type Config struct {
	Keys   Keys          // nil where nobody can press any
	Screen *Screen       // nil where what is shown goes elsewhere: the keys stay
	Step   bool          // a moment a key
	Every  time.Duration // else a moment every so often; 0 where the caller sleeps by itself
	Quit   func()        // the viewer has seen enough
}

// Keys are where keys come from: terminal.Keys.
type Keys interface {
	Within(ctx context.Context, wait time.Duration) (terminal.Key, error)
}

// A Stepper makes the showing wait for its viewer. Its Wait is called before each
// moment that is shown, from one goroutine; keys are read on another, so that they
// work at any time.
type Stepper struct {
	Config
	ctx     context.Context
	wake    chan struct{} // something below has changed
	reading context.Context
	close   context.CancelFunc
	done    sync.WaitGroup

	mu     sync.Mutex
	at     int    // moments shown
	of     int    // moments that will be shown; 0 where that is not known
	what   string // is waited for; "" for a moment
	next   int    // moments that may be shown without a wait
	paused bool   // until space
	paging bool
	lent   bool // the terminal, to a person at a prompt
	left   bool // by the viewer: nothing is waited for any more
}

// New begins to read keys, until Close or the end of ctx. With that end nothing
// more is drawn on the screen.
func New(ctx context.Context, c Config) *Stepper {
	s := &Stepper{Config: c, ctx: ctx, wake: make(chan struct{}, 1)}
	s.reading, s.close = context.WithCancel(ctx)
	if c.Keys != nil {
		s.status()
		s.fit()
		s.done.Go(s.follow)
	}
	return s
}

// Close takes the status line off and reads no more keys. It may be called twice.
func (s *Stepper) Close() {
	s.close()
	s.done.Wait()
	if s.Screen != nil {
		s.Screen.Status("")
		s.Screen.Fit()
	}
}

// Expect tells how many moments will be shown.
func (s *Stepper) Expect(moments int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of = moments
}

// Wait waits until the next moment may be shown, unless it is the first: for a
// key, or a while.
func (s *Stepper) Wait() {
	s.mu.Lock()
	first := s.at == 0
	s.mu.Unlock()
	switch {
	case first:
	case s.Step:
		s.forKey()
	case s.Every > 0:
		s.Sleep(s.Every)
	}
	s.mu.Lock()
	s.at++
	s.mu.Unlock()
	if !s.isLeft() {
		s.status()
	}
}

// WaitFor waits for a key, where moments do, before what comes after the story;
// the status line says what that is.
func (s *Stepper) WaitFor(what string) {
	if !s.Step || s.isLeft() {
		return
	}
	s.mu.Lock()
	s.what, s.next = what, 0 // what was pressed too often is not for this
	s.mu.Unlock()
	s.status()
	s.fit()
	s.forKey()
}

// Lend takes the status line off, and makes moments wait, until the terminal is given
// back: a person types at a prompt.
func (s *Stepper) Lend() (giveBack func()) {
	s.setLent(true)
	return func() {
		s.setLent(false)
		s.changed()
	}
}

func (s *Stepper) setLent(lent bool) {
	s.mu.Lock()
	s.lent, s.next = lent, 0 // what was pressed too often is not for what comes later
	s.mu.Unlock()
	s.status()
	s.fit()
}

// forKey waits for a key.
func (s *Stepper) forKey() {
	for !s.isLeft() {
		if s.takeStep() {
			return
		}
		select {
		case <-s.wake:
		case <-s.ctx.Done():
		}
	}
}

// Sleep waits for d, or until nothing is waited for any more, and returns for how
// long a viewer has made it stand besides.
func (s *Stepper) Sleep(d time.Duration) (stood time.Duration) {
	for !s.isLeft() {
		began := time.Now()
		if s.stands() {
			if s.takeStep() {
				return stood
			}
			select {
			case <-s.wake:
			case <-s.ctx.Done():
			}
			stood += time.Since(began)
			continue
		}
		if d <= 0 {
			return stood
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
		case <-s.wake:
		case <-s.ctx.Done():
		}
		timer.Stop()
		d -= time.Since(began)
	}
	return stood
}

func (s *Stepper) stands() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused || s.paging || s.lent
}

// takeStep reports whether a moment may be shown now.
func (s *Stepper) takeStep() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paging || s.lent || s.next == 0 {
		return false
	}
	s.next--
	return true
}

// isLeft reports whether nothing is waited for any more. By then the screen is
// left as it is.
func (s *Stepper) isLeft() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.left && s.ctx.Err() != nil {
		s.leave()
	}
	return s.left
}

// leave stops the screen. mu is locked.
func (s *Stepper) leave() {
	s.left = true
	if s.Screen != nil {
		s.Screen.Stop()
	}
}

// HasLeft reports whether the viewer, or a signal, has ended the showing.
func (s *Stepper) HasLeft() bool { return s.isLeft() }

// follow does what keys say.
func (s *Stepper) follow() {
	defer terminal.RestoreOnPanic()
	const look = 200 * time.Millisecond // for a new size
	columns := s.columns()
	for {
		key, err := s.Keys.Within(s.reading, look)
		if s.reading.Err() != nil {
			return
		}
		if err != nil {
			key = terminal.Quit
		}
		if now := s.columns(); now != columns {
			columns = now
			s.fit()
		}
		if !s.press(key) {
			return
		}
	}
}

// press does what a key says; false where it ends the showing.
func (s *Stepper) press(key terminal.Key) (goesOn bool) {
	switch key {
	case terminal.None, terminal.Up, terminal.First, terminal.Last, terminal.Escape:
		return true
	case terminal.Quit:
		s.mu.Lock()
		s.leave()
		s.mu.Unlock()
		s.Quit()
		s.changed()
		return false
	case terminal.Back:
		s.page(nil)
	case terminal.Help:
		s.page(s.help())
	case terminal.Space:
		s.mu.Lock()
		if s.Step {
			s.next++
		} else {
			s.paused, s.next = !s.paused, 0
		}
		s.mu.Unlock()
	default:
		s.mu.Lock()
		if s.Step || s.paused {
			s.next++
		}
		s.mu.Unlock()
	}
	s.status()
	s.fit()
	s.changed()
	return true
}

// changed wakes who waits.
func (s *Stepper) changed() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
