package terminal

import (
	"os"

	"golang.org/x/term"
)

// Hold remembers how a terminal is, for somebody who changes it: Restore puts it back,
// and shows its main screen. forget is called once that has been done.
func Hold(f *os.File) (forget func()) {
	found, err := term.GetState(int(f.Fd()))
	if err != nil {
		return func() {}
	}
	open.Lock()
	defer open.Unlock()
	if open.held == nil {
		open.held = make(map[*os.File]*term.State)
	}
	open.held[f] = found
	return func() {
		open.Lock()
		defer open.Unlock()
		delete(open.held, f)
	}
}

// restoreHeld puts terminals back that somebody else has changed. open is locked.
func restoreHeld() {
	for f, found := range open.held {
		_ = term.Restore(int(f.Fd()), found)
		_, _ = f.WriteString("\x1b[?25h\x1b[?1049l") // last, as it may take nothing
	}
}
