//go:build unix

package client

import (
	"cmp"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// beginConnect calls connect(2) for a socket that does not block, so that it comes
// back at once, with the SYN on its way, and reports which address the socket has
// now. The connect(2) of net, which follows, goes on with the same attempt and waits
// for its end.
func (c *Client) beginConnect(raw syscall.RawConn, to netip.AddrPort) (err error) {
	address := sockaddr(to)
	if address == nil {
		return nil // net's alone
	}
	if failed := raw.Control(func(fd uintptr) { err = unix.Connect(int(fd), address) }); failed != nil {
		return failed
	}
	if err != nil && err != unix.EINPROGRESS && err != unix.EINTR {
		return err
	}
	call := c.begin("getsockname", "", nil)
	call.Local, err = ownAddress(raw)
	c.end(call, 0, nil, err)
	return nil
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	switch {
	case a.Addr().Is4():
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	case a.Addr().Zone() == "":
		return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
	}
	return nil
}

// ownAddress is the address of a socket.
func ownAddress(raw syscall.RawConn) (own netip.AddrPort, err error) {
	failed := raw.Control(func(fd uintptr) {
		var address unix.Sockaddr
		address, err = unix.Getsockname(int(fd))
		switch a := address.(type) {
		case *unix.SockaddrInet4:
			own = netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
		case *unix.SockaddrInet6:
			own = netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
		}
	})
	return own, cmp.Or(failed, err)
}
