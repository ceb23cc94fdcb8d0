//go:build cgo

package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/live/early"
)

// Handle is a running capture. It is a capture.Source: Next is for one
// goroutine; the other methods may be called from any.
type Handle struct {
	config   Config
	pcap     *pcap.Handle
	link     capture.LinkType
	queue    *queue
	sentinel *sentinel // nil where the capture does not see loopback
	device   *device   // nil where it cannot be watched
	number   int       // of the last packet handed out

	captured atomic.Int64 // packets taken from the ring
	hidden   atomic.Int64 // sentinels taken from the ring
	stopAt   atomic.Int64 // nanoseconds since 1970: packets after it are not handed out; 0: none
	draining atomic.Bool  // the next sentinel is the end
	done     chan struct{}
	closing  sync.Once
	ready    chan struct{} // closed when the first sentinel has been read
	begun    sync.Once
	counters counters
}

// Open starts a capture. Errors: ErrNoInterface, ErrPermission, ErrDown,
// ErrFilter.
func Open(config Config) (*Handle, error) {
	early.Layers()
	h := &Handle{config: config.defaults(), queue: newQueue(queueLimit), done: make(chan struct{}), ready: make(chan struct{})}
	loopback, err := findInterface(config.Interface)
	if err != nil {
		return nil, err
	}
	if h.pcap, err = activate(h.config); err != nil {
		return nil, err
	}
	twice := loopback && !ignoreOutgoing(config.Interface)
	h.link = linkOfDLT(int(h.pcap.LinkType()))
	any := config.Interface == AnyInterface
	if config.Sentinel && (loopback || any) && h.config.Snaplen >= sentinelLeast {
		h.sentinel, _ = newSentinel() // without one, Drain waits for silence
	}
	if err := h.setFilter(); err != nil {
		h.release()
		return nil, err
	}
	h.device = newDevice(config.Interface)
	h.counters.begin(h.pcap, twice, any)
	go h.read()
	h.begin()
	return h, nil
}

// begin waits until the capture works, for a quarter of a second at most: the
// ring is open before the kernel has the filter, and on a busy interface it may
// be full of what passed in between, with no room for the first SYN.
func (h *Handle) begin() {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for range 50 {
		if h.sentinel == nil || h.sentinel.send(atBegin) != nil {
			return
		}
		select {
		case <-h.ready:
			return
		case <-h.done:
			return
		case <-again.C:
		}
	}
}

// activate opens the ring with the settings that lose nothing.
func activate(c Config) (*pcap.Handle, error) {
	handle, err := tryActivate(c)
	if err != nil && c.Promiscuous && strings.Contains(err.Error(), "promisc") {
		c.Promiscuous = false // a warning of libpcap, as for "any", is an error of gopacket
		handle, err = tryActivate(c)
	}
	if err == nil {
		return handle, nil
	}
	switch text := err.Error(); {
	case text == "Permission Denied", strings.HasSuffix(text, "error: -11"): // -11: not even for promiscuous mode
		err = ErrPermission
	case text == "No Such Device":
		err = ErrNoInterface
	case text == "Interface Not Up":
		err = ErrDown
	default:
		err = fmt.Errorf("%w: %s", errNotActivated, strings.TrimPrefix(text, "Error: "))
	}
	return nil, fmt.Errorf("capture on %s: %w", c.Interface, err)
}

func tryActivate(c Config) (*pcap.Handle, error) {
	inactive, err := pcap.NewInactiveHandle(c.Interface)
	if err != nil {
		return nil, err
	}
	defer inactive.CleanUp()
	if err := errors.Join(
		inactive.SetSnapLen(c.Snaplen),
		inactive.SetBufferSize(c.Buffer),
		inactive.SetTimeout(c.Timeout), // never for ever: Close would wait as long
		inactive.SetPromisc(c.Promiscuous),
	); err != nil {
		return nil, err
	}
	return inactive.Activate() // asks for nanoseconds itself
}

// setFilter compiles the filter alone first, so that an error speaks of what
// the user wrote and nothing can break out of the parentheses around it.
func (h *Handle) setFilter() error {
	expr := h.config.Filter
	if expr == "" {
		return nil
	}
	if _, err := CompileFilter(h.link, h.config.Snaplen, expr); err != nil {
		if strings.ContainsRune(expr, 0) { // gopacket would compile what stands before it
			return err
		}
		if _, err := h.pcap.CompileBPFFilter(expr); err != nil { // some words exist only live
			return &FilterError{Expression: expr, Message: filterMessage(err.Error())}
		}
	}
	if h.sentinel != nil {
		expr = h.sentinel.filter(expr)
	}
	if err := h.pcap.SetBPFFilter(expr); err != nil {
		return &FilterError{Expression: h.config.Filter, Message: filterMessage(err.Error())}
	}
	return nil
}

// read moves packets from the ring into the queue until the capture ends.
func (h *Handle) read() {
	defer close(h.done)
	var quiet time.Time // since when nothing has come while draining
	looked := time.Now()
	for {
		data, info, err := h.pcap.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			quiet = time.Time{}
			if h.take(data, &info) {
				h.finish(io.EOF)
				return
			}
		case err == pcap.NextErrorTimeoutExpired:
			if h.stopAt.Load() != 0 {
				h.finish(io.EOF)
				return
			}
			now := time.Now()
			if now.Sub(looked) > lookAfter {
				looked = now
				if err := h.device.failed(); err != nil {
					h.finish(fmt.Errorf("capture on %s: %w", h.config.Interface, err))
					return
				}
			}
			if !h.draining.Load() {
				continue
			}
			if quiet.IsZero() {
				quiet = now
			} else if now.Sub(quiet) > silence { // the sentinel does not come
				h.finish(io.EOF)
				return
			}
		case err == io.EOF:
			h.finish(io.EOF)
			return
		default:
			h.finish(h.readError(err))
			return
		}
	}
}

// take queues one packet; it reports whether the capture ends here.
func (h *Handle) take(data []byte, info *gopacket.CaptureInfo) bool {
	if h.sentinel != nil {
		switch h.sentinel.what(data) {
		case atBegin:
			h.hidden.Add(1)
			h.begun.Do(func() { close(h.ready) })
			return false
		case atEnd:
			h.hidden.Add(1)
			return h.draining.Load()
		}
	}
	if stop := h.stopAt.Load(); stop != 0 && info.Timestamp.UnixNano() > stop {
		return true
	}
	h.captured.Add(1)
	h.queue.put(info.Timestamp.Unix(), int32(info.Timestamp.Nanosecond()), info.Length, data)
	return false
}

// finish takes the last counters, then ends the queue. After this the ring
// fills up unread, and what the kernel counts no longer means anything.
func (h *Handle) finish(err error) {
	h.counters.end()
	h.queue.finish(err)
}

// readError tells why libpcap stopped.
func (h *Handle) readError(err error) error {
	text := err.Error()
	if detail := h.pcap.Error(); detail != nil && detail.Error() != "" {
		text = detail.Error()
	}
	cause := ErrReadPackets
	if lower := strings.ToLower(text); strings.Contains(lower, "went down") || strings.Contains(lower, "network is down") {
		cause = ErrDown
	} else if strings.Contains(lower, "disappeared") || strings.Contains(lower, "no such device") {
		cause = ErrNoInterface
	}
	return fmt.Errorf("capture on %s: %w (%s)", h.config.Interface, cause, strings.ToLower(text))
}

// Next waits for the next packet and fills p with it. It returns io.EOF after Stop, Drain or Close
// once what was captured before has been handed out, and another error where
// the interface fails.
func (h *Handle) Next(p *capture.Packet) error {
	r, data, err := h.queue.get()
	if err != nil {
		return err
	}
	h.number++
	*p = capture.Packet{
		Number: h.number,
		Time:   capture.Time{Sec: r.sec, Nsec: r.nsec, Digits: 9, Known: true},
		Link:   h.link,
		FCS:    -1,
		Length: int(r.length),
		Data:   data,
	}
	return nil
}

// AtHand tells that the next call of Next will not wait. It belongs to the
// goroutine that calls Next.
func (h *Handle) AtHand() bool { return h.queue.atHand() }

// LinkType is what the frames begin with.
func (h *Handle) LinkType() capture.LinkType { return h.link }

// Interfaces describes the one interface of the capture, for a writer.
func (h *Handle) Interfaces() []capture.Interface {
	return []capture.Interface{{Name: h.config.Interface, Link: h.link, Snaplen: h.config.Snaplen}}
}

// Stop ends the capture now: Next hands out what came before, then io.EOF. It
// does not wait.
func (h *Handle) Stop() { h.stopAt.CompareAndSwap(0, time.Now().UnixNano()) }

// Drain ends the capture after everything sent before the call has been read,
// and waits for that. It sends the sentinel, again where the full ring dropped
// it; where there is none it stops as Stop does. Error: the context's, and the
// capture then goes on to its end by itself.
func (h *Handle) Drain(ctx context.Context) error {
	if h.sentinel == nil {
		h.Stop()
	} else {
		h.draining.Store(true)
	}
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		if h.sentinel != nil && h.sentinel.send(atEnd) != nil {
			h.Stop()
		}
		select {
		case <-h.done:
			return nil
		case <-ctx.Done():
			h.Stop()
			return ctx.Err()
		case <-again.C:
		}
	}
}

// Stats are the counters so far; once the capture has ended, the last ones.
func (h *Handle) Stats() (Stats, error) {
	s, err := h.counters.read(int(h.hidden.Load()))
	s.Captured = int(h.captured.Load())
	s.Overflowed = h.queue.overflowed()
	s.Received = max(s.Received, s.Captured)
	if h.counters.mixed {
		s.Received = s.Captured + s.Dropped
	}
	return s, err
}

// Close ends the capture and frees it; a waiting Next returns io.EOF.
func (h *Handle) Close() error {
	h.closing.Do(func() {
		h.Stop()
		<-h.done
		h.release()
	})
	return nil
}

func (h *Handle) release() {
	h.pcap.Close()
	h.device.close()
	if h.sentinel != nil {
		h.sentinel.close()
	}
}

// findInterface checks that an interface exists, before rights are asked for.
func findInterface(name string) (loopback bool, err error) {
	if iface, err := net.InterfaceByName(name); err == nil {
		return iface.Flags&net.FlagLoopback != 0, nil
	}
	list, err := Interfaces()
	if err != nil {
		return false, err
	}
	var names []string
	for _, i := range list {
		if i.Name == name {
			return i.Loopback, nil
		}
		names = append(names, i.Name)
	}
	return false, fmt.Errorf("interface %q: %w; there are: %s", name, ErrNoInterface, strings.Join(names, ", "))
}

// Version is libpcap's, as it names itself.
func Version() string { return pcap.Version() }
