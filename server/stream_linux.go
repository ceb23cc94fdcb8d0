package server

import "golang.org/x/sys/unix"

// streamSocket makes a plain TCP socket, closed on exec and non-blocking.
func streamSocket(family int) (int, error) {
	return unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.IPPROTO_TCP)
}
