//go:build unix

package terminal

import (
	"context"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// FollowWidth calls changed, from a goroutine of its own, with each new width
// of the terminal until ctx ends.
func FollowWidth(ctx context.Context, f *os.File, changed func(columns int)) {
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, unix.SIGWINCH)
	last := Width(f)
	go func() {
		defer signal.Stop(resized)
		for {
			select {
			case <-ctx.Done():
				return
			case <-resized:
				if width := Width(f); width != last {
					last = width
					changed(width)
				}
			}
		}
	}()
}
