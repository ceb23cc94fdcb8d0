// Package server is the greeting server: it welcomes a client, asks for its
// name again and again, greets it, and says good bye on exit. It is an
// ordinary TCP server, made of the socket calls of the textbooks, each of
// which it can report to an observer.
//
// Listen does socket, bind and listen; Serve accepts until Shutdown.
package server

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// Call is one moment of one socket call, its begin or its end.
type Call = dialogue.Call

// Observer is told of every call's begin and end, from the goroutine that
// makes it; it must be quick and safe for use from several goroutines.
type Observer = dialogue.Observer

// The values of the greeting.
const (
	DefaultPort    = dialogue.Port
	DefaultBacklog = dialogue.Backlog
	Grace          = 2 * time.Second // how long Shutdown usually waits for open dialogues
)

// Config says where and how to listen.
type Config struct {
	Network  string            // "tcp4", "tcp6", or "" for what the address needs
	Address  string            // "127.0.0.1:6000", "[::1]:6000", ":6000"; port 0 takes a free one
	Nagle    bool              // small writes wait for the acknowledgment of the one before (RFC 9293 §3.7.4); Go switches that off where nobody asks
	Backlog  int               // handed to listen(2) as it is; the greeting's is DefaultBacklog
	Observer Observer          // told of the socket calls; may be nil
	Log      func(line string) // given each line to print, one at a time; may be nil
}

// Server is a listening socket and the dialogues it has accepted.
type Server struct {
	listener *net.TCPListener
	addr     netip.AddrPort
	observer Observer
	nagle    bool

	logging sync.Mutex
	log     func(line string)

	running sync.WaitGroup // Serve and the dialogues
	mu      sync.Mutex
	open    map[*net.TCPConn]struct{}
	closing bool
}

// Listen makes the socket, binds it and listens; connections are taken by the
// kernel from then on, up to the backlog, and wait for Serve.
//
// The error wraps the call's errno: syscall.EADDRINUSE where the port is
// taken, EACCES where it is privileged, EADDRNOTAVAIL where the address is not
// this host's.
func Listen(c Config) (*Server, error) {
	listener, err := listen(c)
	if err != nil {
		return nil, err
	}
	return &Server{
		listener: listener,
		addr:     addrPort(listener.Addr()),
		observer: c.Observer,
		nagle:    c.Nagle,
		log:      c.Log,
		open:     make(map[*net.TCPConn]struct{}),
	}, nil
}

// Addr is where the server listens, with the port that the kernel chose where
// port 0 was asked for.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// Shutdown closes the listening socket, gives open dialogues up to grace to
// end, and closes those that have not. It returns how many it had to close.
// Serve returns nil meanwhile, and nothing is printed or reported any more
// once Shutdown has returned.
func (s *Server) Shutdown(grace time.Duration) (cut int) {
	s.mu.Lock()
	first := !s.closing
	s.closing = true
	s.mu.Unlock()
	if first {
		s.closeListener()
	}

	ended := make(chan struct{})
	go func() {
		s.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return 0
	case <-time.After(grace):
	}
	// The dialogue's own goroutine closes its socket: a deadline in the past
	// makes its recv or send return at once.
	s.mu.Lock()
	cut = len(s.open)
	for conn := range s.open {
		conn.SetDeadline(time.Unix(1, 0))
	}
	s.mu.Unlock()
	<-ended
	return cut
}

func (s *Server) closeListener() {
	call := s.observer.Begin(Call{Role: dialogue.Server, Name: "close", Local: s.addr})
	call.Err = s.listener.Close()
	s.observer.End(call)
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// begin counts Serve as running unless the server is closing.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.running.Add(1)
	}
	return !s.closing
}

// enter counts conn among the open dialogues unless the server is closing.
func (s *Server) enter(conn *net.TCPConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.open[conn] = struct{}{}
	s.running.Add(1)
	return true
}

func (s *Server) leave(conn *net.TCPConn) {
	s.mu.Lock()
	delete(s.open, conn)
	s.mu.Unlock()
	s.running.Done()
}

func (s *Server) print(line string) {
	s.logging.Lock()
	defer s.logging.Unlock()
	s.log(line)
}

// addrPort is a's address as netip has it; an IPv4 client of a dual-stack
// socket is shown as IPv4.
func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// errShutdown is what a recv or send that Shutdown cut off is reported with.
var errShutdown = errors.New("cut off: the server is shutting down")
