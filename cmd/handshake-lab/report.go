package main

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/spf13/cobra"
)

// report is what run and replay write: the story as it happens and the tables after
// it, or exactly the one view that was asked for.
type report struct {
	present.Presenter // gives each moment to all sections
	sections          []section
	to                *sink
	viewer            *viewer
	until             *untilThen // nil where all is shown
	asked             bool       // for the tables, however the showing ends
}

// section is one view of a report. A table waits in its buffer for the end of
// the story, of a long run the begin and the end of it.
type section struct {
	present.Presenter
	title   string
	written *recent // nil for what is written as it happens
}

// reporting is what a report is made of.
type reporting struct {
	show    *showFlags
	pace    *paceFlags
	viewer  *viewer
	tables  tables
	several bool             // conversations, as far as is known
	typed   bool             // a person types at the story
	live    bool             // what is told happens now
	staged  *staged.Scenario // what was staged on a cable; nil for no cable
	titled  string           // above all, in a format that has titles; "" for none
	flushed flushing
	enough  func() // what --until waits for has come
}

// openReport opens the output and what is written to it. What is shown as it
// happens waits for the viewer.
func (a *app) openReport(r reporting) (*report, error) {
	to, err := a.openShown(r.show, r.flushed)
	if err != nil {
		return nil, err
	}
	rep := &report{to: to, viewer: r.viewer, asked: r.tables.asked()}
	var out io.Writer = to
	if r.typed && !to.ours {
		out = a.prompted(to)
	}
	options := r.show.options(to, r.live)
	var all []present.Presenter
	add := func(title, view string, keep func(timeline.Moment) bool) {
		s := section{title: title}
		w := out
		if title != "" {
			s.written = new(recent)
			w = s.written
		}
		if title == "" && r.pace.full {
			r.viewer.full, err = a.openFull(&r, options)
			if err == nil {
				rep.sections, all = append(rep.sections, section{Presenter: r.viewer.full}), append(all, present.Presenter(r.viewer.full))
			}
			return
		}
		p, openErr := format.Open(view, r.show.format, w, options)
		if openErr == nil && title != "" {
			openErr = p.Section(title)
		} else if openErr == nil && r.titled != "" {
			openErr = p.Section(r.titled)
		}
		if openErr != nil {
			err = openErr
			return
		}
		if title == "" {
			p = a.predicted(r.viewer.paced(p, r.pace), &r, to)
		}
		if keep != nil {
			p = present.Only(p, keep)
		}
		s.Presenter = p
		rep.sections = append(rep.sections, s)
		all = append(all, p)
	}
	add("", r.show.view, nil)
	if r.tables.wanted() && !r.show.chosen && !(r.pace.full && !r.tables.asked()) {
		options.Live, options.Sorted = false, true
		add("The three steps", "handshake", nil)
		if r.staged == nil {
			add("The header of each step", "header", firstHandshake())
		} else {
			add("The cable, and what both kernels say", "wire", nil)
		}
		title := "The conversation"
		if r.several {
			title = "The conversations"
		}
		add(title, "conversations", nil)
		if s := r.staged; hasLesson(s) {
			l := &lesson{scenario: s, style: explain.Style{Width: options.Width, Color: options.Color, ASCII: options.ASCII, Screen: options.Screen}, out: new(recent)}
			rep.sections = append(rep.sections, section{l, "The lesson", l.out})
		}
	}
	if err != nil {
		to.Close()
		var failed *failure
		if errors.As(err, &failed) {
			return nil, err
		}
		return nil, fail(exitUse, err)
	}
	rep.Presenter = present.Tee(all...)
	if len(all) == 1 {
		rep.Presenter = all[0]
	}
	if r.pace.until.text != "" {
		rep.until = &untilThen{Presenter: rep.Presenter, until: r.pace.until, enough: r.enough}
		rep.Presenter = rep.until
	}
	return rep, nil
}

// firstHandshake chooses the three steps of the first handshake that is seen.
func firstHandshake() func(timeline.Moment) bool {
	var client int // whose it is
	seen := [...]bool{conversation.StepSYN: false, conversation.StepSYNACK: false, conversation.StepACK: false}
	return func(m timeline.Moment) bool {
		if m.Kind != timeline.Segment || int(m.Event.Step) >= len(seen) || m.Event.Step == conversation.StepOther {
			return false
		}
		if client == 0 {
			client = m.Client
		}
		if m.Client != client {
			return false
		}
		first := !seen[m.Event.Step]
		seen[m.Event.Step] = true
		return first
	}
}

// Moment implements Presenter.
func (r *report) Moment(m timeline.Moment) error {
	if r.viewer.keys != nil {
		defer terminal.RestoreOnPanic()
	}
	if err := r.Presenter.Moment(m); err != nil {
		return momentError(err)
	}
	return nil
}

// Close writes the tables, each under its title, and closes the output. Tables
// that nobody has asked for come at the natural end only: not where the viewer has
// left, nor where the showing was to end earlier.
func (r *report) Close() (err error) {
	left := r.viewer.isLeft()
	tables := r.asked || !left && !r.isCut()
	if left && r.asked && r.viewer.screen != nil {
		r.viewer.screen.Resume()
	}
	for _, s := range r.sections {
		if closed := s.Presenter.Close(); err == nil {
			err = closed
		}
		if s.written != nil && err == nil && tables {
			if r.viewer.waitFor(s.title); !r.asked && r.viewer.isLeft() {
				tables = false
				continue
			}
			_, err = s.written.WriteTo(r.to)
		}
	}
	if closed := r.to.Close(); err == nil {
		err = closed
	}
	r.viewer.close()
	return err
}

// leaveOutLesson is for a scenario that was ended before it had come to its end: what
// the lesson tells has not happened.
func (r *report) leaveOutLesson() {
	r.sections = slices.DeleteFunc(r.sections, func(s section) bool {
		_, is := s.Presenter.(*lesson)
		return is
	})
}

// isCut reports whether --until has ended the showing.
func (r *report) isCut() bool { return r.until != nil && r.until.came }

// tellUntil says that what was waited for has not come.
func (a *app) tellUntil(r *report) {
	if r.until != nil && !r.until.came && !r.viewer.isLeft() {
		a.say("--until %s: that has not come, so all was shown", r.until.text)
	}
}

// discard closes the output without a word of the presenter's.
func (r *report) discard() { r.to.Close() }

// tables is --tables: whether the tables follow the story. It is a flag value;
// where it is not given, they do at the natural end, if they do by default.
type tables struct{ byDefault, given, value bool }

func (t *tables) wanted() bool { return t.given && t.value || !t.given && t.byDefault }
func (t *tables) asked() bool  { return t.given && t.value }

// String is the flag as it was given.
func (t *tables) String() string { return strconv.FormatBool(t.wanted()) }

// Type is what help shows for the value.
func (t *tables) Type() string { return "bool" }

// IsBoolFlag reports that --tables alone says true.
func (t *tables) IsBoolFlag() bool { return true }

// Set takes true or false.
func (t *tables) Set(text string) (err error) {
	t.given = true
	t.value, err = strconv.ParseBool(text)
	return err
}

func (t *tables) flag(c *cobra.Command, help string) {
	c.Flags().VarPF(t, "tables", "", help).NoOptDefVal = "true"
}
