package wire

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"golang.org/x/sys/unix"
)

// Config says what a cable is like.
type Config struct {
	Delay [2]time.Duration // each way, by the end that sends
	Rules []Rule           // each packet is held against them in this order
	// NextMTU is what an ICMP 3/4 of the cable tells.
	NextMTU int
}

// Cable carries packets between the two hosts of a pair until it is closed. Its
// loop runs on one goroutine, so that there is one clock and one order.
type Cable struct {
	ends    [2]*cableEnd
	config  Config
	wake    int // an eventfd, for what is to be done besides
	reader  *reader
	room    []byte
	control [64]byte
	done    chan struct{}

	mu      sync.Mutex
	todo    []func() // for the loop
	closing bool
	records []*Record
	ways    deliveries
	order   int
	held    [2]*delivery // by reorder: waits until the next one has passed
	traps   []*Trap
	isCut   bool
	active  time.Time // when something was sent or arrived last
}

// Lay lays a cable between the hosts.
func Lay(pair *hosts.Pair, config Config) (c *Cable, err error) {
	c = &Cable{config: config, wake: -1, reader: newReader(), room: make([]byte, 64<<10), done: make(chan struct{}), active: time.Now()}
	c.config.Rules = slices.Clone(config.Rules)
	defer func() {
		if err != nil {
			c.release()
		}
	}()
	if c.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, fmt.Errorf("the cable: %w", err)
	}
	for i, host := range []*hosts.Host{pair.Client, pair.Server} {
		if c.ends[i], err = openEnd(host); err != nil {
			return nil, fmt.Errorf("the cable's end at the %s: %w", host.Name, err)
		}
	}
	go c.run()
	return c, nil
}

func (c *Cable) release() {
	for _, e := range c.ends {
		if e != nil {
			unix.Close(e.socket)
			e.witness.close()
		}
	}
	if c.wake >= 0 {
		unix.Close(c.wake)
	}
}

// run is the loop: it waits for packets, for those on their way to be due, and for
// what is asked of it.
func (c *Cable) run() {
	defer close(c.done)
	waiting := []unix.PollFd{{Fd: int32(c.ends[0].socket), Events: unix.POLLIN}, {Fd: int32(c.ends[1].socket), Events: unix.POLLIN},
		{Fd: int32(c.wake), Events: unix.POLLIN}}
	for {
		c.mu.Lock()
		c.deliver()
		if c.closing {
			c.mu.Unlock()
			return
		}
		timeout := c.untilDue()
		c.mu.Unlock()
		if _, err := unix.Ppoll(waiting, timeout, nil); err != nil && err != unix.EINTR {
			return
		}
		if waiting[2].Revents != 0 {
			_, _ = unix.Read(c.wake, make([]byte, 8))
		}
		c.mu.Lock()
		for _, f := range c.todo {
			f()
		}
		c.todo = c.todo[:0]
		for end := range c.ends {
			c.take(End(end))
		}
		c.mu.Unlock()
	}
}

// take takes what a host has sent.
func (c *Cable) take(from End) {
	for {
		n, control, _, _, err := unix.Recvmsg(c.ends[from].socket, c.room, c.control[:], 0)
		if err != nil {
			return
		}
		now := time.Now()
		if sent := stampOf(c.control[:control]); !sent.IsZero() && sent.Before(now) {
			now = sent
		}
		if isNeighbourTalk(c.room[:n]) {
			continue
		}
		r := &Record{From: from, Data: slices.Clone(c.room[:n]), Sent: now.UnixNano()}
		c.add(r)
		c.testify(r, from)
		c.judge(r, now)
	}
}

// add numbers a record.
func (c *Cable) add(r *Record) {
	r.Fate = OnItsWay
	r.Number = len(c.records) + 1
	c.records = append(c.records, r)
	c.active = time.Now()
}

// testify asks the kernel at an end about the packet's connection.
func (c *Cable) testify(r *Record, end End) {
	s := c.reader.read(r.Data)
	if s == nil {
		return
	}
	local, remote := netip.AddrPortFrom(s.Src, s.SrcPort), netip.AddrPortFrom(s.Dst, s.DstPort)
	if end != r.From {
		local, remote = remote, local
	}
	r.Kernel[end] = c.ends[end].witness.about(local, remote)
}

// do has the loop do something, and waits until it has.
func (c *Cable) do(f func()) {
	done := make(chan struct{})
	c.mu.Lock()
	c.todo = append(c.todo, func() { f(); close(done) })
	c.mu.Unlock()
	_, _ = unix.Write(c.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	select {
	case <-done:
	case <-c.done:
	}
}

// Cut cuts the cable: from now on nothing arrives.
func (c *Cable) Cut() { c.do(func() { c.isCut = true }) }

// Delay is how long a packet is on its way, from an end.
func (c *Cable) Delay(from End) time.Duration { return c.config.Delay[from] }

// Close takes the cable away and returns what it has carried, in the order of
// sending.
func (c *Cable) Close() []*Record {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	_, _ = unix.Write(c.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	<-c.done
	c.release()
	return InOrder(c.records)
}
