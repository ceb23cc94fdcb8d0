package terminal

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// unnamedIsUTF8: a console takes every character, whatever its code page, as Go
// writes UTF-16 to it.
const unnamedIsUTF8 = true

// takesEscapes reports whether the console obeys escape sequences, which it has
// to be told once: before Windows 10 none does.
func takesEscapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	const obey = windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	return mode&obey == obey || windows.SetConsoleMode(console, mode|obey) == nil
}

// lookEvery is how often the width is looked at: no signal tells of a new one.
const lookEvery = 250 * time.Millisecond

// FollowWidth calls changed, from a goroutine of its own, with each new width
// of the terminal until ctx ends.
func FollowWidth(ctx context.Context, f *os.File, changed func(columns int)) {
	last := Width(f)
	go func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				if width := Width(f); width != last {
					last = width
					changed(width)
				}
			}
		}
	}()
}
