package live

import (
	"net/netip"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Defaults of Config. The kernel hands packets on in blocks, each as soon as it
// is full or the timeout is over: being woken for every single packet, as in
// immediate mode, costs as much as all that is done with it, those that are
// watched pay for it, and each packet then takes a slot as large as the
// snaplen. libpcap's blocks have 256 KiB: where packets come all the time the
// buffer lasts for at least 128 ms in which the reader gets no processor. With
// these nothing was lost at 170,000 packets a second.
const (
	DefaultSnaplen = 1600     // bytes
	DefaultBuffer  = 32 << 20 // bytes
	DefaultTimeout = time.Millisecond
	maxTimeout     = 100 * time.Millisecond
)

const (
	silence   = 200 * time.Millisecond // so long nothing comes where all has been read
	askAgain  = 80 * time.Millisecond  // until another sentinel is sent
	lookAfter = 20 * time.Millisecond  // the interface, where nothing comes
)

// queueLimit bounds the memory between the ring and a consumer that is slow.
const queueLimit = 64 << 20

// AnyInterface is the name that captures on all interfaces at once (Linux).
const AnyInterface = "any"

// Config says what to capture.
type Config struct {
	Interface   string        // its name, or AnyInterface
	Filter      string        // a BPF expression as in pcap-filter(7); empty: everything
	Snaplen     int           // bytes kept of a packet; 0: DefaultSnaplen
	Buffer      int           // bytes of the kernel's ring; 0: DefaultBuffer
	Timeout     time.Duration // how late a packet may come, and how long the reader sleeps where none does; whole milliseconds, at most 100; 0: DefaultTimeout
	Promiscuous bool          // also what is not for this host
	Sentinel    bool          // let Drain use a datagram over loopback, where the interface sees that
}

// defaults fills in what is not set.
func (c Config) defaults() Config {
	if c.Snaplen <= 0 {
		c.Snaplen = DefaultSnaplen
	}
	if c.Buffer <= 0 {
		c.Buffer = DefaultBuffer
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	c.Timeout = min(c.Timeout, maxTimeout)
	return c
}

// Stats are the counters of a capture, in packets. The sentinel is not in them.
type Stats struct {
	Captured   int // taken from the ring
	Received   int // that passed the filter, whether taken or dropped
	Dropped    int // dropped by the kernel: the ring was full
	IfDropped  int // dropped by the interface or its driver
	Overflowed int // dropped by handshake-lab: the consumer was 64 MiB behind
}

// Lost is the packets that passed the filter and were not handed out.
func (s Stats) Lost() int { return s.Dropped + s.IfDropped + s.Overflowed }

// InterfaceInfo describes an interface that can be captured on.
type InterfaceInfo struct {
	Name        string
	Description string
	Addresses   []netip.Prefix
	Up          bool
	Loopback    bool
	Link        capture.LinkType // what its frames begin with
	LinkKnown   bool             // false where only opening it would tell
}
