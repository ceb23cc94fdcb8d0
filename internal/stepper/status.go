package stepper

import (
	"fmt"
	"strings"
)

// status sets the status line, which is drawn with what is drawn next.
func (s *Stepper) status() {
	if s.Screen == nil || s.Keys == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	text := ""
	if !s.lent {
		text = s.Screen.to.say(s.statusText())
	}
	s.Screen.Status(text)
}

// fit draws the status line at once, for the width that there is now.
func (s *Stepper) fit() {
	if s.Screen != nil {
		s.Screen.Fit()
	}
}

func (s *Stepper) columns() int {
	if s.Screen == nil {
		return 0
	}
	columns, _ := s.Screen.to.Size()
	return columns
}

// statusText is "space next · b back · ? keys · q end · 12 of 40".
func (s *Stepper) statusText() string {
	var parts []string
	switch {
	case s.Step && s.what != "":
		parts = append(parts, "space: "+s.what)
	case s.Step:
		parts = append(parts, "space next")
	case s.paused:
		parts = append(parts, "paused: space goes on", "n next")
	default:
		parts = append(parts, "space pauses")
	}
	if s.Screen.to.Alternate {
		parts = append(parts, "b back", "? keys")
	}
	parts = append(parts, "q end")
	switch {
	case s.what != "":
	case s.of >= s.at && s.at > 0:
		parts = append(parts, fmt.Sprintf("%d of %d", s.at, s.of))
	case s.at > 0:
		parts = append(parts, fmt.Sprint(s.at))
	}
	return " " + strings.Join(parts, " · ")
}

// help is the page of the keys.
func (s *Stepper) help() []string {
	lines := []string{"", "  The keys", ""}
	add := func(keys, what string) { lines = append(lines, fmt.Sprintf("  %-24s%s", keys, what)) }
	if s.Step {
		add("space, Enter, n", "the next moment")
	} else {
		add("space", "pause, and go on")
		add("Enter, n", "while it is paused: the next moment")
	}
	add("b, PageUp, left", "back through what was shown")
	add("f, PageDown, right", "there: on again; at its end, back to the story")
	add("up, down, Home, End", "there: a line, the begin, the end")
	add("q", "there: back to the story; else the end")
	add("Ctrl-C", "the end")
	add("Ctrl-Z", "stops; the shell's fg goes on")
	return append(lines, "", "  Presenters that send PageUp and PageDown work too.")
}
