package stepper

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/terminal/terminaltest"
)

// story shows lines as a stepper lets it, and says how many it has shown.
type story struct {
	*Stepper
	screen *Screen
	page   *terminaltest.Page
	keys   keyboard
	shown  atomic.Int64
	quits  int
}

func newStory(ctx context.Context, c Config, moments int) *story {
	s := &story{keys: make(keyboard)}
	s.screen, s.page = newScreen(60, 8)
	c.Keys, c.Screen, c.Quit = s.keys, s.screen, func() { s.quits++ }
	s.Stepper = New(ctx, c)
	go func() {
		for i := 1; i <= moments; i++ {
			s.Wait()
			fmt.Fprint(s.screen, lines(i, i))
			s.shown.Add(1)
		}
	}()
	return s
}

func (s *story) press(keys ...terminal.Key) {
	for _, key := range keys {
		s.keys <- key
	}
	synctest.Wait()
}

func (s *story) want(t *testing.T, shown int, status string) {
	t.Helper()
	synctest.Wait()
	if n := int(s.shown.Load()); n != shown {
		t.Errorf("%d shown, want %d", n, shown)
	}
	s.screen.mu.Lock()
	got := s.page.Seen()
	s.screen.mu.Unlock()
	if got = got[strings.LastIndexByte(got, '\n')+1:]; got != status {
		t.Errorf("status line %q, want %q", got, status)
	}
}

func TestStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t.Context(), Config{Step: true}, 5)
		defer s.Close()
		synctest.Wait()
		s.Expect(5)
		const keys = " space next · b back · ? keys · q end · "
		s.want(t, 1, keys+"1")
		s.press(terminal.Space)
		s.want(t, 2, keys+"2 of 5")
		s.press(terminal.Up, terminal.None, terminal.Escape)
		s.want(t, 2, keys+"2 of 5")
		s.press(terminal.Next, terminal.Forward)
		s.want(t, 4, keys+"4 of 5")
		s.press(terminal.Quit)
		s.want(t, 5, "line 4") // the fifth is not drawn
		if s.quits != 1 || !s.HasLeft() {
			t.Errorf("quit %d times", s.quits)
		}
	})
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t.Context(), Config{Every: time.Second}, 100)
		defer s.Close()
		const runs, rests = " space pauses · b back · ? keys · q end · ", " paused: space goes on · n next · b back · ? keys · q end · "
		s.want(t, 1, runs+"1")
		time.Sleep(2500 * time.Millisecond)
		s.want(t, 3, runs+"3")
		s.press(terminal.Space)
		time.Sleep(time.Hour)
		s.want(t, 3, cutLine(rests, 59))
		s.press(terminal.Next, terminal.Next)
		s.want(t, 5, cutLine(rests, 59))
		s.press(terminal.Space)
		time.Sleep(1100 * time.Millisecond)
		s.want(t, 6, runs+"6")
		s.press(terminal.Back)
		time.Sleep(time.Hour)
		s.press(terminal.Escape)
		s.want(t, 6, runs+"6")
	})
}

// Once its context has ended nothing is waited for, and nothing drawn.
func TestEnd(t *testing.T) {
	for _, c := range []Config{{Step: true}, {Every: time.Hour}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := newStory(ctx, c, 7)
			s.press(terminal.Back)
			cancel()
			synctest.Wait()
			s.Close()
			if s.shown.Load() != 7 || s.page.All() != "line 1" {
				t.Errorf("%d shown, drawn %q", s.shown.Load(), s.page.All())
			}
		})
	}
}

// A viewer who makes a story stand does not make it hurry afterwards.
func TestSleepTellsPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t.Context(), Config{}, 0)
		defer s.Close()
		stood := make(chan time.Duration)
		began := time.Now()
		go func() { stood <- s.Sleep(3 * time.Second) }()
		time.Sleep(time.Second)
		s.press(terminal.Space)
		time.Sleep(10 * time.Second)
		s.press(terminal.Space)
		if got := <-stood; got != 10*time.Second || time.Since(began) != 13*time.Second {
			t.Errorf("stood %v of %v", got, time.Since(began))
		}
	})
}

// Before each table a key is waited for too.
func TestWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t.Context(), Config{Step: true}, 1)
		defer s.Close()
		synctest.Wait()
		var done atomic.Bool
		go func() { s.WaitFor("the tables"); done.Store(true) }()
		s.want(t, 1, " space: the tables · b back · ? keys · q end")
		s.press(terminal.Space)
		if !done.Load() {
			t.Error("it still waits")
		}
	})
}
