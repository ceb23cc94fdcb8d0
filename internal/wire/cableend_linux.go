package wire

import (
	"time"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"golang.org/x/sys/unix"
)

// cableEnd is where a host's cable comes in.
type cableEnd struct {
	host    *hosts.Host
	socket  int
	to      unix.SockaddrLinklayer
	witness *witness
}

func openEnd(host *hosts.Host) (*cableEnd, error) {
	protocol := networkOrder(unix.ETH_P_IP)
	if host.Addr.Is6() {
		protocol = networkOrder(unix.ETH_P_IPV6)
	}
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	e := &cableEnd{host: host, socket: socket}
	e.to = unix.SockaddrLinklayer{Protocol: protocol, Ifindex: host.Port.Index, Halen: 6}
	copy(e.to.Addr[:], host.Port.Toward[:])
	const ignoreOutgoing = 23 // PACKET_IGNORE_OUTGOING
	_ = unix.SetsockoptInt(socket, unix.SOL_PACKET, ignoreOutgoing, 1)
	_ = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<20)
	_ = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) // when it was sent, however late it is taken
	err = unix.Bind(socket, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: host.Port.Index})
	if err == nil {
		e.witness, err = newWitness(host)
	}
	if err != nil {
		unix.Close(socket)
		return nil, err
	}
	return e, nil
}

func networkOrder(n uint16) uint16 { return n<<8 | n>>8 }

// stampOf is the time with which the kernel has received a packet (socket(7),
// SO_TIMESTAMPNS); the zero time where it says none.
func stampOf(control []byte) time.Time {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return time.Time{}
	}
	for _, m := range messages {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= 16 {
			return time.Unix(int64(native.Uint64(m.Data)), int64(native.Uint64(m.Data[8:])))
		}
	}
	return time.Time{}
}
