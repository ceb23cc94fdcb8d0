//go:build unix

package server

import "golang.org/x/sys/unix"

// descriptor is what socket(2) returns.
type descriptor = int

func closeSocket(fd descriptor) { unix.Close(fd) }

func listenOn(fd descriptor, backlog int) error { return unix.Listen(fd, backlog) }

// reuseAddress is for a class that restarts its server while old connections
// are in TIME-WAIT (RFC 9293 §3.6.1); bind would else fail for a minute.
func reuseAddress(fd descriptor) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
}

func setV6Only(fd descriptor, only int) error {
	return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only)
}

func bind4(fd descriptor, addr [4]byte, port uint16) error {
	return unix.Bind(fd, &unix.SockaddrInet4{Port: int(port), Addr: addr})
}

func bind6(fd descriptor, addr [16]byte, scope uint32, port uint16) error {
	return unix.Bind(fd, &unix.SockaddrInet6{Port: int(port), ZoneId: scope, Addr: addr})
}

// portOf is the port that a socket is bound to; 0 where that cannot be told.
func portOf(fd descriptor) uint16 {
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return 0
	}
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return uint16(sa.Port)
	case *unix.SockaddrInet6:
		return uint16(sa.Port)
	}
	return 0
}
