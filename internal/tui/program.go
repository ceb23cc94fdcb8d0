package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Config is what a Screen works with.
type Config struct {
	Options present.Options
	In      io.Reader // a terminal
	Out     *os.File  // a terminal
	Width   int
	Height  int
	Predict bool   // everything is hidden until it was told
	Quit    func() // the viewer has left; may be nil
}

// A Screen shows a story on a terminal while it comes, until its viewer leaves. It is a
// present.Presenter: Close waits for the viewer.
type Screen struct {
	book        *book
	done        chan struct{}
	err         error
	interrupted bool
}

// Open takes the terminal. Once ctx ends the terminal is given back.
func Open(ctx context.Context, c Config) *Screen {
	s := &Screen{book: newBook(), done: make(chan struct{})}
	model := New(c.Options, c.Width, c.Height)
	if c.Predict {
		model.PredictAll()
	}
	shown := &shown{Model: model, book: s.book}
	p := tea.NewProgram(shown, tea.WithContext(ctx), tea.WithInput(c.In), tea.WithOutput(c.Out), tea.WithoutSignalHandler(),
		tea.WithColorProfile(profileOf(c.Options)), tea.WithEnvironment(quiet(os.Environ())), tea.WithFPS(30))
	go func() {
		defer close(s.done)
		_, err := p.Run()
		if errors.Is(err, tea.ErrProgramPanic) || err != nil && !errors.Is(err, tea.ErrProgramKilled) {
			s.err = err
		}
		s.interrupted = model.interrupts
		if c.Quit != nil {
			c.Quit()
		}
	}()
	return s
}

// profileOf lets the colours through as they are: those of the palette.
func profileOf(o present.Options) colorprofile.Profile {
	if !o.Color {
		return colorprofile.NoTTY
	}
	return colorprofile.ANSI256
}

// quiet is the environment of a terminal that is asked nothing: an answer that comes
// late would be left to the shell.
func quiet(environment []string) []string {
	of := slices.DeleteFunc(slices.Clone(environment), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == "WT_SESSION" || name == "TERM_PROGRAM"
	})
	return append(of, "SSH_TTY=/dev/tty")
}

// Moment implements present.Presenter.
func (s *Screen) Moment(m timeline.Moment) error {
	s.book.add(&m)
	return nil
}

// Section implements present.Presenter.
func (s *Screen) Section(string) error { return nil }

// Shows implements present.Shower.
func (s *Screen) Shows(m timeline.Moment) bool { return view.Tells(&m) }

// Close implements present.Presenter: it waits until the viewer leaves.
func (s *Screen) Close() error {
	s.book.finish()
	<-s.done
	return s.err
}

// Say shows a message, until the next key.
func (s *Screen) Say(text string) {
	s.book.mu.Lock()
	s.book.said = text
	s.book.mu.Unlock()
	s.book.tell()
}

// IsLeft reports whether the viewer has left.
func (s *Screen) IsLeft() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Interrupted reports whether Ctrl-C was how.
func (s *Screen) Interrupted() bool {
	<-s.done
	return s.interrupted
}

// shown is a Model on bubbletea.
type shown struct {
	*Model
	book *book
}

// more is that something has come.
type more struct{}

func (s *shown) wait() tea.Msg {
	<-s.book.changed
	return more{}
}

// Init implements tea.Model.
func (s *shown) Init() tea.Cmd { return s.wait }

// Update implements tea.Model.
func (s *shown) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case more:
		s.Take(s.book.news(s.taken))
		if said := s.book.message(); said != "" {
			s.tell(said)
		}
		return s, s.wait
	case tea.WindowSizeMsg:
		s.Resize(msg.Width, msg.Height)
	case tea.PasteMsg:
		s.Paste(msg.Content)
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+z" {
			return s, tea.Suspend
		}
		s.Press(msg.String(), msg.Key().Text)
	}
	if s.quits {
		return s, tea.Quit
	}
	return s, nil
}

// View implements tea.Model.
func (s *shown) View() tea.View {
	v := tea.NewView(s.Model.View())
	v.AltScreen = true
	return v
}
