package staged

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"golang.org/x/sys/unix"
)

// Socket is a socket of an actor's. Its calls wait, as those of the textbooks do,
// and each is told as it is made.
type Socket struct {
	actor *Actor
	fd    int
	call  dialogue.Call // what all its calls have in common
}

// Option is a socket option with its name.
type Option struct {
	Name               string
	level, name, value int
}

// The options that scripts set.
var (
	ReuseAddress = Option{"SO_REUSEADDR, 1", unix.SOL_SOCKET, unix.SO_REUSEADDR, 1}
	NoDelay      = Option{"TCP_NODELAY, 1", unix.IPPROTO_TCP, unix.TCP_NODELAY, 1}
	KeepAlive    = Option{"SO_KEEPALIVE, 1", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1}
	IdleSecond   = Option{"TCP_KEEPIDLE, 1", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 1}
	EverySecond  = Option{"TCP_KEEPINTVL, 1", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 1}
	TwoProbes    = Option{"TCP_KEEPCNT, 2", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 2}
	OneSYNAgain  = Option{"TCP_SYNCNT, 1", unix.IPPROTO_TCP, unix.TCP_SYNCNT, 1}
	TwoSYNsAgain = Option{"TCP_SYNCNT, 2", unix.IPPROTO_TCP, unix.TCP_SYNCNT, 2}
	SmallBuffer  = Option{"SO_RCVBUF, 4096", unix.SOL_SOCKET, unix.SO_RCVBUF, 4096}
	FastOpen     = Option{"TCP_FASTOPEN, 5", unix.IPPROTO_TCP, unix.TCP_FASTOPEN, 5}
	FastConnect  = Option{"TCP_FASTOPEN_CONNECT, 1", unix.IPPROTO_TCP, unix.TCP_FASTOPEN_CONNECT, 1}
	DelayedACKs  = Option{"TCP_QUICKACK, 0", unix.IPPROTO_TCP, unix.TCP_QUICKACK, 0}
)

const multipath = 262 // IPPROTO_MPTCP

// Socket makes a socket with some options.
func (a *Actor) Socket(number int, options ...Option) *Socket {
	return a.socket(number, unix.IPPROTO_TCP, options)
}

// MultipathSocket is one that offers Multipath TCP.
func (a *Actor) MultipathSocket(number int) *Socket { return a.socket(number, multipath, nil) }

func (a *Actor) socket(number, protocol int, options []Option) *Socket {
	s := &Socket{actor: a, fd: -1, call: dialogue.Call{Role: a.role, Number: number}}
	family, args := unix.AF_INET, "AF_INET, SOCK_STREAM"
	if a.host.Addr.Is6() {
		family, args = unix.AF_INET6, "AF_INET6, SOCK_STREAM"
	}
	if protocol == multipath {
		args += ", IPPROTO_MPTCP"
	}
	_ = s.make("socket", args, func() error {
		return a.Do(func() (err error) {
			s.fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, protocol)
			return err
		})
	})
	a.keep(s)
	for _, o := range options {
		s.Set(o)
	}
	return s
}

func (a *Actor) keep(s *Socket) {
	a.stage.mu.Lock()
	defer a.stage.mu.Unlock()
	a.stage.sockets = append(a.stage.sockets, s)
}

// make makes one call and tells of it.
func (s *Socket) make(name, args string, f func() error) error {
	call := s.call
	call.Name, call.Args = name, args
	call = s.actor.stage.Observer().Begin(call)
	call.Err = f()
	call.Local, call.Remote = s.call.Local, s.call.Remote
	s.actor.stage.Observer().End(call)
	return call.Err
}

// Set sets an option.
func (s *Socket) Set(o Option) {
	if err := s.make("setsockopt", o.Name, func() error { return unix.SetsockoptInt(s.fd, o.level, o.name, o.value) }); err != nil {
		s.actor.stage.fail("setsockopt(%s): %w", o.Name, err)
	}
}

// Bind gives the socket an address of its host's.
func (s *Socket) Bind(port uint16) error {
	local := netip.AddrPortFrom(s.actor.host.Addr, port)
	return s.make("bind", local.String(), func() error {
		err := unix.Bind(s.fd, sockaddr(local))
		if err == nil {
			s.learn()
		}
		return err
	})
}

// Listen makes a socket that listens on the greeting's port.
func (a *Actor) Listen(backlog int, options ...Option) *Socket {
	return a.listen(a.Socket(0, append([]Option{ReuseAddress}, options...)...), backlog)
}

// MultipathListen is the same for Multipath TCP.
func (a *Actor) MultipathListen(backlog int) *Socket { return a.listen(a.MultipathSocket(0), backlog) }

func (a *Actor) listen(s *Socket, backlog int) *Socket {
	if err := s.Bind(dialogue.Port); err != nil {
		a.stage.fail("bind: %w", err)
	}
	if err := s.make("listen", strconv.Itoa(backlog), func() error { return unix.Listen(s.fd, backlog) }); err != nil {
		a.stage.fail("listen: %w", err)
	}
	return s
}

// Accept takes the next connection; nil where the run ends before there is one.
func (s *Socket) Accept() *Socket {
	accepted := &Socket{actor: s.actor, fd: -1, call: dialogue.Call{Role: s.actor.role}}
	call := s.call
	call.Name = "accept"
	call = s.actor.stage.Observer().Begin(call)
	err := s.wait(unix.POLLIN, func() (err error) {
		var from unix.Sockaddr
		accepted.fd, from, err = unix.Accept4(s.fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err == nil {
			accepted.call.Local, accepted.call.Remote = s.call.Local, addrPort(from)
		}
		return err
	})
	call.Local, call.Remote, call.Err = accepted.call.Local, accepted.call.Remote, err
	s.actor.stage.Observer().End(call)
	if err != nil {
		return nil
	}
	s.actor.keep(accepted)
	return accepted
}

// Connect connects to an address, and returns what the kernel makes of it.
func (s *Socket) Connect(to netip.AddrPort) error {
	s.call.Remote = to
	return s.make("connect", to.String(), func() error {
		err := s.actor.Do(func() error { return unix.Connect(s.fd, sockaddr(to)) }) // which routes it
		s.learn()
		if !errors.Is(err, unix.EINPROGRESS) {
			return err
		}
		err = s.wait(unix.POLLOUT, func() error {
			code, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
			if err == nil && code != 0 {
				err = unix.Errno(code)
			}
			return err
		})
		return err
	})
}

// Send sends text.
func (s *Socket) Send(text string) error {
	call := s.call
	call.Name, call.Args, call.Data = "send", strconv.Itoa(len(text)), []byte(text)
	call = s.actor.stage.Observer().Begin(call)
	data := []byte(text)
	var err error
	for len(data) > 0 && err == nil {
		err = s.wait(unix.POLLOUT, func() error {
			n, err := unix.SendmsgN(s.fd, data, nil, nil, unix.MSG_NOSIGNAL)
			data = data[max(n, 0):]
			return err
		})
	}
	call.N, call.Err = len(text)-len(data), err
	s.actor.stage.Observer().End(call)
	return err
}

// Receive reads once, at most so many bytes. The error is io.EOF behind the
// peer's FIN.
func (s *Socket) Receive(most int) (string, error) {
	call := s.call
	call.Name, call.Args = "recv", strconv.Itoa(most)
	call = s.actor.stage.Observer().Begin(call)
	data := make([]byte, most)
	n := 0
	err := s.wait(unix.POLLIN, func() (err error) {
		n, err = unix.Read(s.fd, data)
		return err
	})
	if n = max(n, 0); n == 0 && err == nil {
		err = io.EOF
	}
	call.N, call.Data, call.Err = n, data[:n], err
	s.actor.stage.Observer().End(call)
	return string(data[:n]), err
}

// TryReceive reads what is there, without waiting for more.
func (s *Socket) TryReceive() (string, error) {
	call := s.call
	call.Name, call.Args = "recv", "1024, MSG_DONTWAIT"
	call = s.actor.stage.Observer().Begin(call)
	data := make([]byte, 1024)
	n, err := unix.Read(s.fd, data)
	call.N, call.Data, call.Err = max(n, 0), data[:max(n, 0)], err
	s.actor.stage.Observer().End(call)
	return string(call.Data), err
}

// ReceiveAll reads until so many bytes have come, or no more can.
func (s *Socket) ReceiveAll(bytes int) {
	for got := 0; got < bytes; {
		text, err := s.Receive(max(bytes-got, 1))
		if err != nil {
			return
		}
		got += len(text)
	}
}

// Shutdown closes the direction away from here: a FIN, and what comes can still be
// read.
func (s *Socket) Shutdown() error {
	return s.make("shutdown", "SHUT_WR", func() error { return unix.Shutdown(s.fd, unix.SHUT_WR) })
}

// Close closes the socket.
func (s *Socket) Close() { s.closeWith("") }

// Abort closes it with SO_LINGER at 0 seconds: an RST.
func (s *Socket) Abort() {
	_ = unix.SetsockoptLinger(s.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	s.closeWith("SO_LINGER 0")
}

func (s *Socket) closeWith(args string) {
	_ = s.make("close", args, func() error {
		fd := s.fd
		s.fd = -1
		return unix.Close(fd)
	})
}

// Crash lets the host forget the connection, as where it lost its power: the
// socket is gone, and nothing is sent (TCP_REPAIR).
func (s *Socket) Crash() {
	if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_REPAIR, 1); err != nil {
		s.actor.stage.fail("TCP_REPAIR: %w", err)
	}
	unix.Close(s.fd)
	s.fd = -1
}

// release closes what a script has left open, without a word.
func (s *Socket) release() {
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
	}
}

// wait repeats f until it need not wait any more.
func (s *Socket) wait(events int16, f func() error) error {
	if events == unix.POLLOUT { // of connect: the outcome is there only then
		if err := s.ready(events); err != nil {
			return err
		}
	}
	for {
		err := f()
		if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
			return err
		}
		if err := s.ready(events); err != nil {
			return err
		}
	}
}

func (s *Socket) ready(events int16) error {
	for s.actor.stage.Context.Err() == nil {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: events}}, int(20*time.Millisecond/time.Millisecond))
		if err != nil && err != unix.EINTR {
			return fmt.Errorf("poll: %w", err)
		}
		if n > 0 {
			return nil
		}
	}
	return unix.EINTR
}

// learn takes the address that the kernel has given the socket.
func (s *Socket) learn() {
	if name, err := unix.Getsockname(s.fd); err == nil {
		s.call.Local = addrPort(name)
	}
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is6() {
		return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
	}
	return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
}

func addrPort(s unix.Sockaddr) netip.AddrPort {
	switch a := s.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
	}
	return netip.AddrPort{}
}
