package main

import (
	"bufio"
	"context"
	"os"
	"strings"
	"sync"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/tui"
)

// fullScreen is the story on a full screen, and what must wait until that is left.
type fullScreen struct {
	*tui.Screen
	app     *app
	stderr  *os.File // the real one
	held    *os.File // stands in for it
	said    sync.WaitGroup
	restore func()
	end     context.CancelFunc
	once    sync.Once
}

// checkFull refuses what makes no sense beside --tui.
func (p *paceFlags) checkFull(a *app, show *showFlags, speed bool) error {
	switch {
	case !p.full:
		return nil
	case p.step || p.every > 0 || speed:
		return useError("leave them out", "--tui goes at your own pace: --step, --pace and --speed do not go with it")
	case show.chosen || !show.toStdout() || show.stable:
		return useError("leave them out", "--tui is the story on the whole screen: --view, --format, -o and --stable do not go with it")
	case !terminal.Obeys(a.stdout, os.Getenv):
		return useError("without --tui the story goes anywhere", "--tui needs a terminal that obeys escape sequences as its standard output")
	}
	return nil
}

// openFull takes the terminal for the story. Messages wait until it is left.
func (a *app) openFull(r *reporting, options present.Options) (*fullScreen, error) {
	in := a.stdin
	if !terminal.Is(in) {
		tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
		if err != nil {
			return nil, fail(exitUse, terminal.ErrNoTerminal, "without --tui no key is needed")
		}
		in = tty
	}
	terminal.Settle()
	ctx, end := context.WithCancel(r.viewer.ctx)
	f := &fullScreen{app: a, stderr: a.stderr, restore: terminal.Hold(in), end: end}
	columns, lines := terminal.Size(a.stdout)
	f.Screen = tui.Open(ctx, tui.Config{Options: options, In: in, Out: a.stdout, Width: columns, Height: lines,
		Predict: r.pace.predict, Quit: r.viewer.quit})
	if terminal.Is(a.stderr) {
		f.hold()
	}
	a.full = f
	return f, nil
}

// hold keeps messages for later, and shows the latest.
func (f *fullScreen) hold() {
	read, write, err := os.Pipe()
	if err != nil {
		return
	}
	f.held, f.app.stderr = write, write
	f.said.Go(func() {
		const most = 64 << 10
		var kept []byte
		for lines := bufio.NewReader(read); ; {
			line, err := lines.ReadString('\n')
			if kept = append(kept, line...); len(kept) > most {
				kept = kept[len(kept)-most:]
			}
			if err != nil {
				break
			}
			f.Say(strings.TrimPrefix(strings.TrimSpace(line), program+": "))
		}
		read.Close()
		_, _ = f.stderr.Write(kept)
	})
}

// Close implements present.Presenter: it waits for the viewer, and says what there was to say
// meanwhile.
func (f *fullScreen) Close() error {
	err := f.Screen.Close()
	f.once.Do(func() {
		f.restore()
		if f.held != nil {
			f.app.stderr = f.stderr
			f.held.Close()
			f.said.Wait()
		}
	})
	return err
}

// leave gives the terminal back at once, where nobody has yet: there is nothing to show.
func (f *fullScreen) leave() {
	f.end()
	_ = f.Close() // what went wrong has been told
}

// isInterrupted reports whether Ctrl-C, which is a key there and no signal, was the end,
// and not the normal one.
func (f *fullScreen) isInterrupted() bool {
	return f != nil && f.Interrupted() && !f.app.endsByInterrupt
}
