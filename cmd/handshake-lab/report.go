package main

import (
	"io"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// report is what run writes: the story as it happens and the tables after it,
// or exactly the one view that was asked for.
type report struct {
	present.Presenter // gives each moment to all sections
	sections          []section
	to                *sink
}

// section is one view of a report. A table waits in its buffer for the end of
// the story, of a long run the begin and the end of it.
type section struct {
	present.Presenter
	written *recent // nil for what is written as it happens
}

// openReport opens the output of run and what is written to it. What is shown
// as it happens waits as wait says.
func (a *app) openReport(r *running, wait func() error) (*report, error) {
	to, err := openSink(a.stdout, r.show.out)
	if err != nil {
		return nil, err
	}
	rep := &report{to: to}
	var out io.Writer = to
	if r.interactive && !to.ours {
		out = a.screen(to)
	}
	options := r.show.options(to, true)
	var all []present.Presenter
	add := func(title, view string, keep func(timeline.Moment) bool) {
		var s section
		w := out
		if title != "" {
			s.written = new(recent)
			w = s.written
		}
		p, openErr := format.Open(view, r.show.format, w, options)
		if openErr == nil && title != "" {
			openErr = p.Section(title)
		}
		if openErr != nil {
			err = openErr
			return
		}
		if title == "" && wait != nil {
			p = present.Paced(p, wait)
		}
		if keep != nil {
			p = present.Only(p, keep)
		}
		s.Presenter = p
		rep.sections = append(rep.sections, s)
		all = append(all, p)
	}
	if r.show.chosen {
		add("", r.show.view, nil)
	} else {
		add("", "story", nil)
		options.Live = false
		add("The three steps", "handshake", nil)
		add("The header of each step", "header", firstHandshake())
		title := "The conversation"
		if r.clients*r.repeat > 1 || r.stay {
			title = "The conversations"
		}
		add(title, "conversations", nil)
	}
	if err != nil {
		to.Close()
		return nil, fail(exitUse, err)
	}
	rep.Presenter = present.Tee(all...)
	return rep, nil
}

// firstHandshake chooses the three steps of the first handshake that is seen.
func firstHandshake() func(timeline.Moment) bool {
	seen := [...]bool{conversation.StepSYN: false, conversation.StepSYNACK: false, conversation.StepACK: false}
	return func(m timeline.Moment) bool {
		if m.Kind != timeline.Segment || int(m.Event.Step) >= len(seen) || m.Event.Conversation.Stream != 0 {
			return false
		}
		first := m.Event.Step != conversation.StepOther && !seen[m.Event.Step]
		seen[m.Event.Step] = true
		return first
	}
}

// Close writes the tables, each under its title, and closes the output.
func (r *report) Close() (err error) {
	for _, s := range r.sections {
		if closed := s.Presenter.Close(); err == nil {
			err = closed
		}
		if s.written != nil && err == nil {
			_, err = s.written.WriteTo(r.to)
		}
	}
	if closed := r.to.Close(); err == nil {
		err = closed
	}
	return err
}
