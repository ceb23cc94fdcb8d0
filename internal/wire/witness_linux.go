package wire

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"golang.org/x/sys/unix"
)

// witness asks a host's kernel about its connections, by inet_diag (sock_diag(7)), and
// along with them for what TCP_INFO says of each (tcp(7)).
type witness struct {
	fd      int
	request []byte
	room    []byte
	entries []entry
}

// entry is one socket as the kernel tells it.
type entry struct {
	local, remote netip.AddrPort
	Testimony
}

const (
	diagByFamily = 20 // SOCK_DIAG_BY_FAMILY
	diagRequest  = 56 // struct inet_diag_req_v2
	diagMessage  = 72 // struct inet_diag_msg
	diagInfo     = 2  // INET_DIAG_INFO: struct tcp_info
	allStates    = 1<<13 - 1
	netlinkHead  = 16
)

var native = binary.NativeEndian

// newWitness opens the line to a host's kernel.
func newWitness(h *hosts.Host) (*witness, error) {
	w := &witness{fd: -1, room: make([]byte, 64<<10)}
	err := h.Do(func() (err error) {
		w.fd, err = unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
		return err
	})
	if err != nil {
		return nil, err
	}
	_ = unix.SetsockoptTimeval(w.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 200_000})
	w.request = make([]byte, netlinkHead+diagRequest)
	native.PutUint32(w.request, uint32(len(w.request)))
	native.PutUint16(w.request[4:], diagByFamily)
	native.PutUint16(w.request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	body := w.request[netlinkHead:]
	body[0], body[1] = unix.AF_INET, unix.IPPROTO_TCP
	if h.Addr.Is6() {
		body[0] = unix.AF_INET6
	}
	body[2] = 1 << (diagInfo - 1)
	native.PutUint32(body[4:], allStates)
	return w, nil
}

func (w *witness) close() { unix.Close(w.fd) }

// ask takes down all that the kernel says now; false where it says nothing.
func (w *witness) ask() bool {
	w.entries = w.entries[:0]
	if unix.Sendto(w.fd, w.request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) != nil {
		return false
	}
	for {
		n, _, err := unix.Recvfrom(w.fd, w.room, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return false
		}
		for data := w.room[:n]; len(data) >= netlinkHead; {
			size, kind := int(native.Uint32(data)), native.Uint16(data[4:])
			if size < netlinkHead || size > len(data) {
				return false
			}
			switch kind {
			case unix.NLMSG_DONE:
				return true
			case unix.NLMSG_ERROR:
				return false
			case diagByFamily:
				if size >= netlinkHead+diagMessage {
					w.entries = append(w.entries, readEntry(data[netlinkHead:size]))
				}
			}
			data = data[min((size+3)&^3, len(data)):]
		}
	}
}

// kernelStates are the states by the numbers of the kernel (net/tcp_states.h).
var kernelStates = [...]conversation.State{1: conversation.Established, 2: conversation.SynSent, 3: conversation.SynReceived,
	4: conversation.FinWait1, 5: conversation.FinWait2, 6: conversation.TimeWait, 7: conversation.Closed, 8: conversation.CloseWait,
	9: conversation.LastAck, 10: conversation.Listen, 11: conversation.Closing, 12: conversation.SynReceived}

// kernelTimers are the timers by their numbers (sock_diag(7), idiag_timer).
var kernelTimers = [...]string{"", "retransmission", "keep-alive", "TIME-WAIT", "window probe"}

// readEntry reads a struct inet_diag_msg.
func readEntry(m []byte) (e entry) {
	at := func(port, addr int) netip.AddrPort {
		of := netip.AddrFrom16([16]byte(m[addr : addr+16]))
		if m[0] == unix.AF_INET {
			of = netip.AddrFrom4([4]byte(m[addr : addr+4]))
		}
		return netip.AddrPortFrom(of, be.Uint16(m[port:]))
	}
	e.local, e.remote = at(4, 8), at(6, 24)
	e.Known = true
	if int(m[1]) < len(kernelStates) {
		e.State = kernelStates[m[1]]
	}
	if int(m[2]) < len(kernelTimers) {
		e.Timer = kernelTimers[m[2]]
	}
	e.Retries = int(m[3])
	e.Expires = time.Duration(native.Uint32(m[52:])) * time.Millisecond
	readInfo(&e.Testimony, m[diagMessage:])
	if e.State != conversation.Listen { // of which these are the accept queue
		e.Unread, e.Unacked = int(native.Uint32(m[56:])), int(native.Uint32(m[60:]))
	}
	return e
}

// Offsets in a struct tcp_info (linux/tcp.h), in bytes.
const (
	infoRTO      = 8
	infoSendMSS  = 16
	infoRTT      = 68
	infoWindow   = 80
	infoReceived = 128
	infoSize     = 136
)

// readInfo finds what TCP_INFO says among the attributes of a socket: of one that is no
// more, or not yet, than an entry there is nothing.
func readInfo(t *Testimony, attributes []byte) {
	for len(attributes) >= 4 {
		size, kind := int(native.Uint16(attributes)), native.Uint16(attributes[2:])
		if size < 4 || size > len(attributes) {
			return
		}
		if m := attributes[4:size]; kind == diagInfo && len(m) >= infoSize && t.State != conversation.Listen && t.State != conversation.SynReceived {
			t.RTO = time.Duration(native.Uint32(m[infoRTO:])) * time.Microsecond
			t.RTT = time.Duration(native.Uint32(m[infoRTT:])) * time.Microsecond
			t.MSS, t.Congestion = int(native.Uint32(m[infoSendMSS:])), int(native.Uint32(m[infoWindow:]))
			t.Received = int(native.Uint64(m[infoReceived:]))
		}
		attributes = attributes[min((size+3)&^3, len(attributes)):]
	}
}

// about is what the kernel says now of the connection between two sockets, the
// first of them the host's own.
func (w *witness) about(local, remote netip.AddrPort) Testimony {
	if !w.ask() {
		return Testimony{}
	}
	found := Testimony{Known: true, State: conversation.Closed}
	for i := range w.entries {
		e := &w.entries[i]
		switch {
		case e.local == local && e.remote == remote:
			return e.Testimony
		case e.State == conversation.Listen && e.local.Port() == local.Port():
			found = e.Testimony
		}
	}
	return found
}
