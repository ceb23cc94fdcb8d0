//go:build unix && !linux

package server

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// streamSocket makes a plain TCP socket, closed on exec and non-blocking. Not
// every system takes the flags with socket(2); the lock keeps a fork from
// coming in between.
func streamSocket(family int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, unix.SOCK_STREAM, unix.IPPROTO_TCP)
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}
