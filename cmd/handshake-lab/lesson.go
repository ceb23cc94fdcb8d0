package main

import (
	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/web"
)

// lesson stands below all that a scenario has shown: what happened, the rule, a
// question for the class.
type lesson struct {
	scenario *staged.Scenario
	style    explain.Style
	out      *recent
}

// Moment implements present.Presenter.
func (*lesson) Moment(timeline.Moment) error { return nil }

// Section implements present.Presenter.
func (*lesson) Section(string) error { return nil }

// Close implements present.Presenter.
func (l *lesson) Close() error {
	_, err := l.out.Write(lessonOf(l.scenario).Append([]byte{'\n'}, l.style))
	return err
}

// hasLesson reports whether a lesson is about what a scenario shows.
func hasLesson(s *staged.Scenario) bool { return s != nil && !s.Changed && s.Rule != "" }

// webLesson is the lesson for a page in a browser; nil where there is none.
func webLesson(s *staged.Scenario) *web.Lesson {
	if !hasLesson(s) {
		return nil
	}
	return &web.Lesson{Name: s.Name, Happened: s.Lesson, Rule: s.Rule, Question: s.Question}
}

func lessonOf(s *staged.Scenario) explain.Topic {
	return explain.Lesson("The lesson: "+s.Name, s.Lesson, s.Rule, s.Question)
}
