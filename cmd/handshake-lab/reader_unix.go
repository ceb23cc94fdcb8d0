//go:build unix

package main

import (
	"context"
	"io/fs"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// readerEvery is how often it is seen whether the reader has gone.
const readerEvery = 300 * time.Millisecond

// quitWithReader quits where standard output is a pipe and its reader has gone,
// without waiting for something to write: head may have seen enough long before
// the next client comes. The function returned calls it off.
func (a *app) quitWithReader(ctx context.Context, quit context.CancelCauseFunc) (callOff func()) {
	info, err := a.stdout.Stat()
	if err != nil || info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	// Poll only asks; a wait in it would keep a thread.
	pipe := []unix.PollFd{{Fd: int32(a.stdout.Fd())}}
	go func() {
		look := time.NewTicker(readerEvery)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
			if n, err := unix.Poll(pipe, 0); err == nil && n > 0 && pipe[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
				quit(outputError(syscall.EPIPE))
				return
			}
		}
	}()
	return cancel
}
