// Package stepper shows a story on a terminal at its viewer's pace: keys, a status
// line below what is drawn, and a pager for what has gone by.
package stepper

import (
	"io"
	"strings"
	"sync"
	"time"
)

// The control functions that are used (ECMA-48 §8.3; xterm's private modes
// 1049, the alternate screen, and 25, the cursor).
const (
	clearBelow  = "\r\x1b[J" // from the begin of the line to the end of the screen
	clearToEnd  = "\x1b[K"
	home        = "\x1b[H"
	toAlternate = "\x1b[?1049h\x1b[?25l"
	toMain      = "\x1b[?25h\x1b[?1049l"
)

// A Screen is a terminal that is drawn on line by line. Below what is drawn may
// stand a status line that is no part of it: it is taken off before more is drawn.
// While the pager is open nothing is drawn, and what comes waits.
type Screen struct {
	to    Terminal
	mu    sync.Mutex
	below string // the status line; "" for none
	drawn bool   // it stands there
	shown history
	paged []string // what the pager shows; nil while it is closed
	held  []byte   // came meanwhile
	over  bool     // nothing more is drawn
	room  []byte
}

// Terminal is what a Screen draws on.
type Terminal struct {
	io.Writer
	Size      func() (columns, lines int)
	Dim       string // the style that the status line begins with; "" for none
	ASCII     bool   // it has no UTF-8
	Obeys     bool   // escape sequences; where it does not there is no status line
	Alternate bool   // it has a second screen, for the pager
}

// NewScreen begins to draw on a terminal.
func NewScreen(t Terminal) *Screen { return &Screen{to: t} }

// Write draws whole lines.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return len(p), nil
	}
	if s.to.Alternate { // else nobody can page back
		s.shown.add(p)
	}
	return len(p), s.draw(p)
}

// Aside is for what else is written to the same terminal, such as messages: it
// writes above the status line, and through to what comes after the story too.
func (s *Screen) Aside(w io.Writer) io.Writer { return aside{s, w} }

type aside struct {
	*Screen
	w io.Writer
}

func (a aside) Write(p []byte) (int, error) {
	s := a.Screen
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paged == nil && !s.drawn { // it may be another terminal, or a file
		return a.w.Write(p)
	}
	return len(p), s.draw(p)
}

// draw draws lines, with the status line below them, in one write. A write that
// is not whole leaves no more to be drawn: the error is told.
func (s *Screen) draw(p []byte) error {
	if s.paged != nil {
		s.held = append(s.held, p...)
		return nil
	}
	text := s.room[:0]
	if s.drawn {
		text = append(text, clearBelow...)
		s.drawn = false
	}
	text = s.appendStatus(append(text, p...))
	s.room = text[:0]
	_, err := s.to.Write(text)
	return err
}

// appendStatus appends the status line. The cursor goes back to its begin, so
// that it is found again wherever a new width takes it.
func (s *Screen) appendStatus(text []byte) []byte {
	if s.below == "" {
		return text
	}
	s.drawn = true
	columns, _ := s.to.Size()
	return append(s.to.appendStyled(text, cutLine(s.below, columns-1)), '\r')
}

func (t *Terminal) appendStyled(dst []byte, text string) []byte {
	if t.Dim == "" {
		return append(dst, text...)
	}
	return append(append(append(dst, t.Dim...), text...), "\x1b[0m"...)
}

// Status sets the status line, "" for none. It is drawn with what is drawn next.
func (s *Screen) Status(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to.Obeys && !s.over {
		s.below = text
	}
}

// Fit draws the status line as it is now.
func (s *Screen) Fit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over && (s.drawn || s.below != "") {
		_ = s.draw(nil)
	}
}

// Stop draws nothing more: the viewer has left. What a pager has kept from being
// drawn is what came before that.
func (s *Screen) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
	s.over = true
}

// Resume draws again, what is written from now on.
func (s *Screen) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = false
}

// stop takes the status line off, and the pager.
func (s *Screen) stop() {
	s.below = ""
	if s.paged != nil {
		s.leavePager()
	} else if s.drawn {
		_ = s.draw(nil)
	}
}

// lockTime is how long a lock is waited for where the program must end: who has
// it may wait for a terminal that takes nothing.
const lockTime = 100 * time.Millisecond

// Leave takes off what is no part of what is drawn, so that the terminal can be
// somebody else's; Return puts it back.
func (s *Screen) Leave() {
	for until := time.Now().Add(lockTime); !s.mu.TryLock(); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			return
		}
	}
	defer s.mu.Unlock()
	text := ""
	if s.paged != nil {
		text = toMain
	}
	if s.drawn {
		text += clearBelow
		s.drawn = false
	}
	_, _ = io.WriteString(s.to, text)
}

// Return is called where the terminal is ours again.
func (s *Screen) Return() {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.paged != nil:
		_, _ = io.WriteString(s.to, toAlternate) // the pager draws itself
	case s.below != "":
		_ = s.draw(nil)
	}
}

// enterPager opens the pager for what has been drawn, or for a text.
func (s *Screen) enterPager(text []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || !s.to.Obeys || !s.to.Alternate {
		return false
	}
	if text == nil {
		text = s.shown.all()
	}
	if len(text) == 0 {
		return false
	}
	s.paged = text
	_, err := io.WriteString(s.to, toAlternate)
	return err == nil
}

// leavePager closes the pager, and draws what has come meanwhile. mu is locked.
func (s *Screen) leavePager() {
	if s.paged == nil {
		return
	}
	s.paged = nil
	_, _ = io.WriteString(s.to, toMain)
	if held := s.held; len(held) > 0 || s.drawn || s.below != "" {
		s.held = nil
		_ = s.draw(held)
	}
}

// drawPage draws lines of the pager from one on, and a status line at the bottom.
// It reports whether the pager is open.
func (s *Screen) drawPage(top int, status func(last int) string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paged == nil {
		return false
	}
	columns, rows := s.to.Size()
	last := min(top+rows-1, len(s.paged))
	text := append(s.room[:0], home...)
	for _, line := range s.paged[top:last] {
		text = append(append(text, clearToEnd...), cutLine(line, columns)...)
		text = append(text, "\x1b[0m\r\n"...)
	}
	text = append(text, "\x1b[J"...)
	for range rows - 1 - (last - top) {
		text = append(text, "\r\n"...)
	}
	text = s.to.appendStyled(text, cutLine(status(last), columns-1))
	s.room = text[:0]
	_, err := s.to.Write(text)
	return err == nil
}

// say is text as the terminal can show it.
func (t *Terminal) say(text string) string {
	if t.ASCII {
		return strings.NewReplacer("·", "-", "…", "...", "↑", "up", "↓", "down").Replace(text)
	}
	return text
}
