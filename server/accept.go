package server

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/errno"
)

// Serve accepts clients and talks to each in a goroutine of its own until
// Shutdown, and then returns nil. What accept(2) reports of one connection, or
// of a momentary lack of descriptors or memory, is waited out.
func (s *Server) Serve() error {
	if !s.begin() {
		return nil
	}
	defer s.running.Done()
	if s.log != nil {
		s.print(dialogue.Waiting)
	}
	for number, failures := 1, 0; ; {
		conn, err := s.accept(number)
		if err == nil && s.nagle {
			_ = conn.SetNoDelay(false) // if not, the client has gone, which the greeting will find out
		}
		switch {
		case err == nil:
			failures = 0
			s.greet(number, conn)
			number++
		case s.isClosing():
			return nil
		case passing(err):
			if failures == 0 && s.log != nil {
				s.print(fmt.Sprintf("accept: %v; trying again", cause(err)))
			}
			failures++
			time.Sleep(pause(failures))
		default:
			return fmt.Errorf("serve on %s: %w", s.addr, err)
		}
	}
}

// accept waits for the next client and reports the call.
func (s *Server) accept(number int) (*net.TCPConn, error) {
	if s.observer == nil {
		return s.listener.AcceptTCP()
	}
	call := s.observer.Begin(Call{Role: dialogue.Server, Name: "accept", Local: s.addr})
	conn, err := s.listener.AcceptTCP()
	if err != nil {
		call.Err = shown(err)
	} else {
		call.Number = number
		call.Local, call.Remote = addrPort(conn.LocalAddr()), addrPort(conn.RemoteAddr())
	}
	s.observer.End(call)
	return conn, err
}

// greet starts the dialogue with a new client.
func (s *Server) greet(number int, conn *net.TCPConn) {
	// Go turns keep-alive on; its probes after 15 quiet seconds would be
	// segments that no call here explains.
	conn.SetKeepAlive(false)
	g := &greeter{server: s, conn: conn, number: number}
	if !s.enter(conn) {
		g.close()
		return
	}
	if s.log != nil {
		s.print(dialogue.Accepted(addrPort(conn.RemoteAddr()).String()))
	}
	go g.run()
}

// passing reports whether accept may well succeed later: accept(2) hands on
// errors of the connection at hand, and a lack of descriptors, memory or
// permission can end.
func passing(err error) bool {
	for _, number := range [...]syscall.Errno{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EPERM,
		syscall.ECONNABORTED, syscall.EINTR, syscall.EPROTO, syscall.ENETDOWN, syscall.ENETUNREACH,
		syscall.ENOPROTOOPT, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.EOPNOTSUPP,
	} {
		if errno.Is(err, number) {
			return true
		}
	}
	return false
}

// pause is how long to wait after so many failures in a row: 5 ms, doubled up
// to a second.
func pause(failures int) time.Duration {
	return min(5*time.Millisecond<<min(failures-1, 10), time.Second)
}

// cause is the errno alone, where there is one: "too many open files".
func cause(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	return err
}
