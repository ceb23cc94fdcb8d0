package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// viewer is the person before the terminal: what is shown there, and the keys that
// are pressed.
type viewer struct {
	app     *app
	ctx     context.Context
	keys    *terminal.Keys   // nil where the terminal is left as it is
	screen  *stepper.Screen  // nil where what is shown goes elsewhere
	stepper *stepper.Stepper // nil where nothing is waited for
	out     *os.File         // that screen
	stops   bool             // a signal ends the showing where it is
	callOff func() bool
	quit    func()      // it has seen enough
	full    *fullScreen // nil where the story does not have the whole screen
}

// viewing is what a viewer looks at.
type viewing struct {
	pace   *paceFlags
	show   *showFlags
	out    *os.File // standard output, or what stands in for it
	moves  bool     // the showing has a pace of its own: --speed
	typed  bool     // the keys are the person's at the prompt
	normal bool     // Ctrl-C is the normal end, and what it leads to is shown
	quit   func()   // the viewer has seen enough
}

// openViewer prepares the terminal for the showing: it must be closed. Once ctx
// ends nothing more is drawn on a screen, unless that is the normal end.
func (a *app) openViewer(ctx context.Context, v viewing) (*viewer, error) {
	if err := v.pace.check(); err != nil {
		return nil, err
	}
	v.show.see(a.stdin, v.out) // before keys are read
	paced := v.pace.step || v.pace.every > 0 || v.moves
	w := &viewer{app: a, ctx: ctx, out: v.out, quit: v.quit, stops: paced || !v.normal}
	if v.show.toStdout() && terminal.Is(v.out) && !v.pace.full {
		w.screen = stepper.NewScreen(a.terminalOf(v.out, v.show, paced))
		a.screen = w.screen
	}
	if err := w.openKeys(&v, paced); err != nil {
		return nil, err
	}
	if paced {
		c := stepper.Config{Screen: w.screen, Step: v.pace.step, Every: v.pace.every, Quit: v.quit}
		if w.keys != nil {
			c.Keys = w.keys
		}
		w.stepper = stepper.New(ctx, c)
	}
	w.callOff = context.AfterFunc(ctx, func() { w.isLeft() })
	return w, nil
}

// openKeys takes the keys that are pressed, or hides them from what is drawn.
func (w *viewer) openKeys(v *viewing, paced bool) (err error) {
	mayRead := w.screen != nil && !v.typed && terminal.InForeground(w.app.stdin)
	switch {
	case v.pace.step:
		if w.keys, err = terminal.OpenKeys(w.app.stdin); err != nil {
			return fail(exitUse, err)
		}
		if w.screen == nil || !terminal.Obeys(v.out, os.Getenv) {
			w.app.say("space: the next moment; q: the end")
		}
	case mayRead && paced:
		w.keys, _ = terminal.OpenKeys(w.app.stdin) // without them it goes on by itself
	case mayRead:
		w.keys, _ = terminal.HideTyping(w.app.stdin)
	}
	if w.keys != nil && w.screen != nil {
		w.keys.Around(w.screen.Leave, w.screen.Return)
	}
	return nil
}

// terminalOf is a terminal as the stepper draws on it.
func (a *app) terminalOf(f *os.File, show *showFlags, paced bool) stepper.Terminal {
	t := stepper.Terminal{
		Writer:    f,
		Size:      func() (int, int) { return terminal.Size(f) },
		ASCII:     !terminal.UTF8(os.Getenv),
		Obeys:     terminal.Obeys(f, os.Getenv),
		Alternate: paced && terminal.HasAlternate(os.Getenv),
	}
	if show.color.For(f, os.Getenv) {
		t.Dim = palette.For(show.screen)[view.Quiet]
	}
	return t
}

// wait is what is called before each moment that is shown; nil where nothing is
// waited for.
func (w *viewer) wait() func() {
	if w.stepper == nil {
		return nil
	}
	return func() {
		defer terminal.RestoreOnPanic()
		w.stepper.Wait()
	}
}

// paced makes a presenter show silences as such, and wait for the viewer before
// each moment.
func (w *viewer) paced(p present.Presenter, pace *paceFlags) present.Presenter {
	p = w.fitted(p)
	if pace.idle > 0 {
		p = present.Silences(p, pace.idle)
	}
	if wait := w.wait(); wait != nil {
		p = present.Paced(p, wait)
	}
	return p
}

// fitted makes a presenter go on at the width that its terminal has.
func (w *viewer) fitted(p present.Presenter) present.Presenter {
	r, ok := p.(present.Resizer)
	if w.screen == nil || !ok {
		return p
	}
	f := &fitted{Presenter: p, resizer: r}
	terminal.FollowWidth(w.ctx, w.out, func(columns int) { f.width.Store(int64(columns)) })
	return f
}

// fitted is a presenter on a terminal whose width may change.
type fitted struct {
	present.Presenter
	resizer present.Resizer
	width   atomic.Int64 // the new one; 0 where it is as it was
}

// Moment implements Presenter.
func (f *fitted) Moment(m timeline.Moment) error {
	if f.width.Load() != 0 {
		f.resizer.Resize(int(f.width.Swap(0)))
	}
	return f.Presenter.Moment(m)
}

// Shows implements present.Shower.
func (f *fitted) Shows(m timeline.Moment) bool { return present.Shows(f.Presenter, m) }

// Wants implements timeline.Chooser.
func (f *fitted) Wants() timeline.Wants { return timeline.WantsOf(f.Presenter) }

// sleep waits as long as a viewer lets it.
func (w *viewer) sleep() func(time.Duration) time.Duration { return w.stepper.Sleep }

// lend leaves the terminal to a person who types at a prompt.
func (w *viewer) lend() (giveBack func()) {
	story := w.stepper.Lend()
	if w.keys == nil { // in the background
		return story
	}
	keys := w.keys.Lend()
	return func() {
		keys()
		story()
	}
}

// waitFor waits, where moments do, before what comes after the story.
func (w *viewer) waitFor(what string) {
	if w.stepper != nil {
		w.stepper.WaitFor(what)
	}
}

// isLeft reports whether the showing on a screen has been ended by the viewer, or
// by a signal: it stays as it is, and nothing more is drawn.
func (w *viewer) isLeft() bool {
	switch {
	case w.full != nil:
		return w.full.IsLeft()
	case w.screen == nil:
		return false
	case w.stepper != nil:
		return w.stepper.HasLeft()
	case w.ctx.Err() != nil && w.stops:
		w.screen.Stop()
		return true
	}
	return false
}

// close gives the terminal back. It may be called twice.
func (w *viewer) close() {
	w.callOff()
	if w.full != nil {
		w.full.leave()
	}
	if w.stepper != nil {
		w.stepper.Close()
	}
	if w.keys != nil {
		w.keys.Close()
	}
}

// message writes lines on standard error, above what stands at the bottom of the
// screen.
func (a *app) message(text string) {
	text = folded(a.stderr, text)
	if a.screen != nil && terminal.Is(a.stderr) {
		fmt.Fprint(a.screen.Aside(a.stderr), text)
		return
	}
	fmt.Fprint(a.stderr, text)
}
