package server

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// TestNagle: with Nagle's algorithm the question waits for the acknowledgment of the
// welcome; without, both are sent at once.
func TestNagle(t *testing.T) {
	for _, nagle := range []bool{false, true} {
		s, err := Listen(Config{Network: "tcp4", Address: "127.0.0.1:0", Backlog: 5, Nagle: nagle})
		if err != nil {
			t.Fatal(err)
		}
		go s.Serve()
		c, err := net.Dial("tcp4", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(5 * time.Second)
		var conn *net.TCPConn
		for conn == nil && time.Now().Before(deadline) {
			s.mu.Lock()
			for open := range s.open {
				conn = open
			}
			s.mu.Unlock()
		}
		raw, err := conn.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var noDelay int
		var failed error
		if err := raw.Control(func(fd uintptr) {
			noDelay, failed = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_NODELAY)
		}); err != nil || failed != nil {
			t.Fatal(err, failed)
		}
		if nagle != (noDelay == 0) {
			t.Errorf("Nagle %t: TCP_NODELAY is %d", nagle, noDelay)
		}
		c.Close()
		s.Shutdown(time.Second)
	}
}
