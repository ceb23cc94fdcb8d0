//go:build unix || windows

package server

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// listen makes the listening socket call by call. net.Listen would do it in
// one go, always with the system's largest backlog, and as MPTCP.
func listen(c Config) (*net.TCPListener, error) {
	network := c.Network
	if network == "" {
		network = "tcp"
	}
	resolved, err := net.ResolveTCPAddr(network, c.Address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", c.Address, err)
	}
	s := socket{network: network, addr: resolved.AddrPort(), observer: c.Observer}
	if !s.addr.Addr().IsValid() {
		s.addr = netip.AddrPortFrom(wildcard(network), s.addr.Port())
	}
	s.addr = netip.AddrPortFrom(s.addr.Addr().Unmap(), s.addr.Port())

	for _, step := range [...]struct {
		name, args string
		do         func() error
	}{
		{"socket", s.family() + ", SOCK_STREAM", s.open},
		{"bind", s.addr.String(), s.bind},
		{"listen", strconv.Itoa(c.Backlog), func() error { return listenOn(s.fd, c.Backlog) }},
	} {
		if err := s.do(step.name, step.args, step.do); err != nil {
			if step.name != "socket" {
				closeSocket(s.fd)
			}
			return nil, fmt.Errorf("listen on %s: %w", s.addr, os.NewSyscallError(step.name, err))
		}
	}

	file := os.NewFile(uintptr(s.fd), "listener") // FileListener takes a copy of the descriptor
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.addr, err)
	}
	return listener.(*net.TCPListener), nil
}

// socket is a listening socket in the making.
type socket struct {
	network  string
	addr     netip.AddrPort
	observer Observer
	fd       descriptor
}

// do makes one call and reports it; the socket has its address from bind on.
func (s *socket) do(name, args string, f func() error) error {
	call := Call{Role: dialogue.Server, Name: name, Args: args}
	if name == "listen" {
		call.Local = s.addr
	}
	call = s.observer.Begin(call)
	err := f()
	if err == nil && name == "bind" {
		if port := portOf(s.fd); port != 0 {
			s.addr = netip.AddrPortFrom(s.addr.Addr(), port)
		}
		call.Local = s.addr
	}
	call.Err = err
	s.observer.End(call)
	return err
}

func (s *socket) family() string {
	if s.addr.Addr().Is4() {
		return "AF_INET"
	}
	return "AF_INET6"
}

func (s *socket) open() (err error) {
	family := syscall.AF_INET
	if s.addr.Addr().Is6() {
		family = syscall.AF_INET6
	}
	if s.fd, err = streamSocket(family); err != nil {
		return err
	}
	err = reuseAddress(s.fd)
	if err == nil && family == syscall.AF_INET6 {
		err = setV6Only(s.fd, s.v6only())
	}
	if err != nil {
		closeSocket(s.fd)
	}
	return err
}

// v6only is 0 only for the wildcard of both families: [::]:6000 then takes
// IPv4 clients too.
func (s *socket) v6only() int {
	if s.network == "tcp" && s.addr.Addr().IsUnspecified() {
		return 0
	}
	return 1
}

func (s *socket) bind() error {
	addr, port := s.addr.Addr(), s.addr.Port()
	if addr.Is4() {
		return bind4(s.fd, addr.As4(), port)
	}
	var scope uint32
	if zone := addr.Zone(); zone != "" {
		if iface, err := net.InterfaceByName(zone); err == nil {
			scope = uint32(iface.Index)
		} else if id, err := strconv.ParseUint(zone, 10, 32); err == nil {
			scope = uint32(id)
		} else {
			return syscall.ENODEV
		}
	}
	return bind6(s.fd, addr.As16(), scope, port)
}

// wildcard is the address for "any": of both families where the host has
// IPv6.
func wildcard(network string) netip.Addr {
	if network == "tcp4" {
		return netip.IPv4Unspecified()
	}
	if network == "tcp" {
		fd, err := streamSocket(syscall.AF_INET6)
		if err != nil {
			return netip.IPv4Unspecified()
		}
		closeSocket(fd)
	}
	return netip.IPv6Unspecified()
}
