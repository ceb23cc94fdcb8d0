package stepper

import (
	"fmt"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// page shows what has been drawn, or a text, in the alternate screen until the
// viewer leaves it. It comes from the goroutine that reads keys.
func (s *Stepper) page(text []string) {
	if s.Screen == nil {
		return
	}
	s.setPaging(true)
	s.changed()
	defer s.setPaging(false)
	if !s.Screen.enterPager(text) {
		return
	}
	defer s.Screen.closePager()
	p := pager{screen: s.Screen, isHelp: text != nil, count: s.Screen.countPaged()}
	if !p.isHelp { // the page before the one that is seen
		p.top = p.end()
		p.move(-p.height())
	}
	for p.draw() {
		key, err := s.Keys.Within(s.reading, 200*time.Millisecond)
		if err != nil || !p.press(key) {
			return
		}
	}
}

func (s *Stepper) setPaging(paging bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paging = paging
}

// pager is where the viewer is in what was shown.
type pager struct {
	screen *Screen
	isHelp bool
	top    int // the first line that is seen
	count  int // lines
}

// height is how many lines are seen.
func (p *pager) height() int {
	_, rows := p.screen.to.Size()
	return max(rows-1, 1)
}

// end is the top of the last page.
func (p *pager) end() int { return max(p.count-p.height(), 0) }

func (p *pager) move(by int) { p.top = min(max(p.top+by, 0), p.end()) }

func (p *pager) draw() bool {
	p.move(0) // the size may be another one
	return p.screen.drawPage(p.top, func(last int) string {
		if p.isHelp {
			return p.screen.to.say(" any key: back to the story")
		}
		return p.screen.to.say(fmt.Sprintf(" lines %d to %d of %d · b back · f forward · ↑ ↓ Home End · q back to the story", p.top+1, last, p.count))
	})
}

// press does what a key says; false where it leaves the pager.
func (p *pager) press(key terminal.Key) (stays bool) {
	if p.isHelp {
		return key == terminal.None
	}
	switch key {
	case terminal.Quit, terminal.Escape:
		return false
	case terminal.Space, terminal.Forward:
		if p.top == p.end() {
			return false
		}
		p.move(p.height())
	case terminal.Next, terminal.Down:
		if p.top == p.end() && key == terminal.Next {
			return false
		}
		p.move(1)
	case terminal.Back:
		p.move(-p.height())
	case terminal.Up:
		p.move(-1)
	case terminal.First:
		p.top = 0
	case terminal.Last:
		p.top = p.end()
	}
	return true
}

func (s *Screen) closePager() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leavePager()
}

func (s *Screen) countPaged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.paged)
}
