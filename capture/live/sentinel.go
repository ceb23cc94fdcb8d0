package live

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
)

const (
	cookieSize    = 15                           // bytes
	sentinelFrame = 20 + 20 + 8 + 1 + cookieSize // bytes at most: link header (SLL2), IPv4, UDP, what for, cookie
	sentinelLeast = sentinelFrame                // the snaplen below which a sentinel would be cut
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

// What a sentinel is sent for; it carries this byte before the cookie.
const (
	atBegin = 'b' // the ring is open and has room
	atEnd   = 'e' // everything before it has been read
)

func (s *sentinel) send(what byte) error {
	_, err := s.conn.WriteTo(append([]byte{what}, s.cookie[:]...), s.conn.LocalAddr())
	return err
}

// what tells what a frame was sent for; 0 where it is no sentinel. 120 random
// bits at the end of so short a frame are proof enough, whatever the link type.
func (s *sentinel) what(frame []byte) byte {
	if len(frame) > sentinelFrame || !bytes.HasSuffix(frame, s.cookie[:]) {
		return 0
	}
	return frame[len(frame)-cookieSize-1]
}

func (s *sentinel) close() { s.conn.Close() }
