package server

import (
	"sync"

	"golang.org/x/sys/windows"
)

// descriptor is what socket returns: Windows keeps sockets apart from files.
type descriptor = windows.Handle

// startUp must come before the first socket; it is counted, so that it goes
// with package net's own.
var startUp = sync.OnceValue(func() error {
	var data windows.WSAData
	return windows.WSAStartup(0x202, &data)
})

// streamSocket makes a plain TCP socket that no child inherits.
func streamSocket(family int) (descriptor, error) {
	if err := startUp(); err != nil {
		return windows.InvalidHandle, err
	}
	return windows.WSASocket(int32(family), windows.SOCK_STREAM, windows.IPPROTO_TCP, nil, 0,
		windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
}

func closeSocket(fd descriptor) { windows.Closesocket(fd) }

func listenOn(fd descriptor, backlog int) error { return windows.Listen(fd, backlog) }

// reuseAddress does nothing: Windows lets a port be bound while connections
// are in TIME-WAIT, and SO_REUSEADDR would let two servers have it at once.
func reuseAddress(descriptor) error { return nil }

func setV6Only(fd descriptor, only int) error {
	return windows.SetsockoptInt(fd, windows.IPPROTO_IPV6, windows.IPV6_V6ONLY, only)
}

func bind4(fd descriptor, addr [4]byte, port uint16) error {
	return windows.Bind(fd, &windows.SockaddrInet4{Port: int(port), Addr: addr})
}

func bind6(fd descriptor, addr [16]byte, scope uint32, port uint16) error {
	return windows.Bind(fd, &windows.SockaddrInet6{Port: int(port), ZoneId: scope, Addr: addr})
}

// portOf is the port that a socket is bound to; 0 where that cannot be told.
func portOf(fd descriptor) uint16 {
	sa, err := windows.Getsockname(fd)
	if err != nil {
		return 0
	}
	switch sa := sa.(type) {
	case *windows.SockaddrInet4:
		return uint16(sa.Port)
	case *windows.SockaddrInet6:
		return uint16(sa.Port)
	}
	return 0
}
