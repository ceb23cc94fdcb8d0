package live

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
)

const (
	cookieSize    = 16                       // bytes
	sentinelFrame = 20 + 20 + 8 + cookieSize // bytes at most: link header (SLL2), IPv4, UDP, cookie
	sentinelLeast = sentinelFrame            // the snaplen below which a sentinel would be cut
)

// sentinel is a UDP datagram from a socket to itself over loopback. It takes
// the same way through the kernel's ring as every packet: once it is read,
// everything sent before it has been.
type sentinel struct {
	conn   *net.UDPConn
	cookie [cookieSize]byte
}

func newSentinel() (*sentinel, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &sentinel{conn: conn}
	rand.Read(s.cookie[:])
	return s, nil
}

// filter widens expr by the sentinel alone. It comes first: a primitive such as
// vlan changes what stands behind it.
func (s *sentinel) filter(expr string) string {
	if expr == "" {
		return ""
	}
	port := s.conn.LocalAddr().(*net.UDPAddr).Port
	return fmt.Sprintf("(ip src host 127.0.0.1 and udp src port %d and udp dst port %d) or (%s)", port, port, expr)
}

func (s *sentinel) send() error {
	_, err := s.conn.WriteTo(s.cookie[:], s.conn.LocalAddr())
	return err
}

// is reports whether a frame is the sentinel. 128 random bits at the end of so
// short a frame are proof enough, whatever the link type.
func (s *sentinel) is(frame []byte) bool {
	return len(frame) <= sentinelFrame && bytes.HasSuffix(frame, s.cookie[:])
}

func (s *sentinel) close() { s.conn.Close() }
