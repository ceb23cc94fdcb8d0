package wire

import (
	"container/heap"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
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

// cableEnd is where a host's cable comes in.
type cableEnd struct {
	host    *hosts.Host
	socket  int
	to      unix.SockaddrLinklayer
	witness *witness
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

func openEnd(host *hosts.Host) (*cableEnd, error) {
	const protocol = unix.ETH_P_IP<<8&0xff00 | unix.ETH_P_IP>>8 // in network order
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

// delivery is a packet on its way.
type delivery struct {
	record *Record
	at     time.Time
	order  int
}

// deliveries are in the order of their arrival, a heap.
type deliveries []*delivery

func (d deliveries) Len() int { return len(d) }
func (d deliveries) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].order < d[j].order
}
func (d deliveries) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *deliveries) Push(x any)   { *d = append(*d, x.(*delivery)) }
func (d *deliveries) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	return x
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

// untilDue is how long nothing has to be delivered; nil for ever.
func (c *Cable) untilDue() *unix.Timespec {
	if len(c.ways) == 0 {
		return nil
	}
	t := unix.NsecToTimespec(max(0, int64(time.Until(c.ways[0].at))))
	return &t
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
		r := &Record{From: from, Data: slices.Clone(c.room[:n]), Sent: now.UnixNano()}
		c.add(r)
		c.testify(r, from)
		c.judge(r, now)
	}
}

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

// judge holds a packet against the rules, and sends it on its way.
func (c *Cable) judge(r *Record, now time.Time) {
	if c.isCut {
		r.Fate, r.Why = Lost, "the cable is cut"
		return
	}
	segment := c.reader.read(r.Data)
	at := now.Add(c.config.Delay[r.From])
	c.spring(r, segment, now)
	var copied *time.Time
	for i := range c.config.Rules {
		rule := &c.config.Rules[i]
		if rule.over || !rule.matches(r.From, len(r.Data), segment) {
			continue
		}
		r.Why = rule.Text
		switch rule.action {
		case drop:
			r.Fate = Lost
			return
		case reply:
			r.Fate = Lost
			c.answer(r, rule, segment, now)
			return
		case cut:
			rule.over, c.isCut = true, true // behind this one
		case delay:
			at = at.Add(rule.by)
		case duplicate:
			again := at.Add(rule.by)
			copied = &again
		case reorder:
			c.held[r.From] = &delivery{record: r}
			return
		case corrupt:
			r.Became = corrupted(r.Landed())
		case mark:
			r.Became = congested(r.Landed())
		case rewrite:
			if changed := clamped(r.Landed(), rule.mss); changed != nil {
				r.Became = changed
			}
		}
	}
	c.send(r, at)
	if copied != nil {
		again := &Record{From: r.From, Forged: true, CopyOf: r.Number, Data: r.Data, Became: r.Became, Sent: copied.Add(-c.config.Delay[r.From]).UnixNano(), Why: r.Why}
		c.add(again)
		c.send(again, *copied)
	}
	if h := c.held[r.From]; h != nil {
		c.held[r.From] = nil
		c.send(h.record, at.Add(time.Millisecond))
	}
}

// send lets a packet arrive at a time.
func (c *Cable) send(r *Record, at time.Time) {
	c.order++
	heap.Push(&c.ways, &delivery{r, at, c.order})
}

// deliver hands over what is due.
func (c *Cable) deliver() {
	for len(c.ways) > 0 && !c.ways[0].at.After(time.Now()) {
		d := heap.Pop(&c.ways).(*delivery)
		r := d.record
		to := c.ends[r.To()]
		c.active = time.Now()
		r.Arrival = c.active.UnixNano()
		if err := unix.Sendto(to.socket, r.Landed(), 0, &to.to); err != nil {
			r.Fate, r.Why = Lost, "the cable could not hand it over: "+err.Error()
			continue
		}
		r.Fate = Arrived
		c.testify(r, r.To())
	}
}

// Router is who complains about packets on the way: another address that is set
// apart for documentation (RFC 5737).
var Router = netip.AddrFrom4([4]byte{203, 0, 113, 1})

// answer answers a packet in the place of the other host, or of a router.
func (c *Cable) answer(r *Record, rule *Rule, segment *decode.Segment, now time.Time) {
	var data []byte
	switch {
	case rule.answer.reset && segment != nil:
		data = reset(segment)
	case !rule.answer.reset:
		mtu := 0
		if rule.answer.kind == 3 && rule.answer.code == 4 {
			if mtu = c.config.NextMTU; mtu == 0 {
				mtu = rule.which.larger
			}
		}
		data = icmpError(Router, rule.answer.kind, rule.answer.code, uint16(mtu), r.Data)
	default:
		return
	}
	answer := &Record{From: r.To(), Forged: true, Data: data, Sent: now.UnixNano(), Why: rule.Text}
	c.add(answer)
	c.send(answer, now.Add(c.config.Delay[r.To()]))
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

// Forge puts a packet on the cable that no host has sent. It pretends to be from
// an end; why says who made it.
func (c *Cable) Forge(from End, data []byte, why string) {
	c.do(func() {
		now := time.Now()
		r := &Record{From: from, Forged: true, Data: data, Sent: now.UnixNano(), Why: why}
		c.add(r)
		c.send(r, now.Add(c.config.Delay[from]))
	})
}

// Trap waits on the cable for the next segment that it is set for.
func (c *Cable) Trap(t Trap) { c.do(func() { c.traps = append(c.traps, &t) }) }

// spring forges what the traps say that a packet sets off, each once.
func (c *Cable) spring(r *Record, segment *decode.Segment, now time.Time) {
	for _, t := range c.traps {
		if t.sprung || segment == nil || t.From != r.From || !t.Is(segment) {
			continue
		}
		t.sprung = true
		made, at := t.Make(segment), now.Add(t.After)
		forged := &Record{From: t.As, Forged: true, Data: made.Packet(), Sent: at.UnixNano(), Why: t.Why}
		c.add(forged)
		c.send(forged, at.Add(c.config.Delay[t.As]))
	}
}

// Cut cuts the cable: from now on nothing arrives.
func (c *Cable) Cut() { c.do(func() { c.isCut = true }) }

// Delay is how long a packet is on its way, from an end.
func (c *Cable) Delay(from End) time.Duration { return c.config.Delay[from] }

// Quiet waits until nothing is on its way and nothing has been sent for a while.
func (c *Cable) Quiet(ctx context.Context, d time.Duration) {
	for ctx.Err() == nil {
		c.do(func() {})
		c.do(func() {}) // what had been sent before the first has been taken by now
		c.mu.Lock()
		rest := d - time.Since(c.active)
		if len(c.ways) > 0 {
			rest = max(time.Until(c.ways[0].at), time.Millisecond)
		}
		c.mu.Unlock()
		if rest <= 0 {
			return
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
		}
	}
}

// Latest is the last segment from an end for which is reports true; nil where
// there is none. Its bytes are the record's own.
func (c *Cable) Latest(from End, is func(*decode.Segment) bool) (found *decode.Segment) {
	c.do(func() {
		for _, r := range slices.Backward(c.records) {
			if r.From != from || r.Forged {
				continue
			}
			if s := c.reader.read(r.Data); s != nil && is(s) {
				copied := *s
				found = &copied
				return
			}
		}
	})
	return found
}

// Count is how many segments an end has sent for which is reports true.
func (c *Cable) Count(from End, is func(*decode.Segment) bool) (n int) {
	c.do(func() {
		for _, r := range c.records {
			if s := c.reader.read(r.Data); r.From == from && !r.Forged && s != nil && is(s) {
				n++
			}
		}
	})
	return n
}

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
