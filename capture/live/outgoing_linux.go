package live

import (
	"net"

	"golang.org/x/sys/unix"
)

// descriptors is up to which number libpcap's socket is looked for: a capture
// is opened before a program has many.
const descriptors = 1 << 10

// ignoreOutgoing has the kernel leave out what the interface sends. On loopback
// all of that arrives as well, and libpcap hands it on once: without this the
// kernel copies every packet into the ring twice, and those that are watched
// pay for it. libpcap keeps its socket to itself, so it is looked for. False:
// the kernel cannot (before Linux 4.20).
func ignoreOutgoing(name string) (ignored bool) {
	device, err := net.InterfaceByName(name)
	if err != nil {
		return false
	}
	for fd := range descriptors {
		if domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err != nil || domain != unix.AF_PACKET {
			continue
		}
		bound, err := unix.Getsockname(fd)
		if at, ok := bound.(*unix.SockaddrLinklayer); err != nil || !ok || at.Ifindex != device.Index {
			continue
		}
		ignored = unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1) == nil
	}
	return ignored
}
