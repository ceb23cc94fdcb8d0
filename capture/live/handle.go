//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/gopacket/pcap"

	"github.com/handshake-lab/handshake-lab/capture"
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
	consumer consumer

	ring   sync.Mutex // who holds it may look into the ring, and at these:
	over   error      // why the capture has ended; io.EOF at its proper end
	queued bool       // the drainer has put something into the queue
	quiet  time.Time  // since when nothing has come while draining
	looked time.Time  // when the device was last looked at

	wanted atomic.Bool   // the consumer waits for h.ring
	upTo   atomic.Int64  // nanoseconds since 1970: what was captured until then the consumer has had
	called chan struct{} // the drainer is to look at the ring now

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
// ErrFilter, ErrNoLibpcap.
func Open(config Config) (*Handle, error) {
	if err := missing(); err != nil {
		return nil, err
	}
	h := &Handle{config: config.defaults(), queue: newQueue(queueLimit), looked: time.Now(),
		called: make(chan struct{}, 1), done: make(chan struct{}), ready: make(chan struct{})}
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
	h.ring.Lock()
	go h.drainer()
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

// LinkType is what the frames begin with.
func (h *Handle) LinkType() capture.LinkType { return h.link }

// Interfaces describes the one interface of the capture, for a writer.
func (h *Handle) Interfaces() []capture.Interface {
	return []capture.Interface{{Name: h.config.Interface, Link: h.link, Snaplen: h.config.Snaplen, Digits: 9}}
}

// Stop ends the capture now: Next hands out what came before, then io.EOF. It
// does not wait.
func (h *Handle) Stop() {
	h.stopAt.CompareAndSwap(0, time.Now().UnixNano())
	h.wake()
}

// Drain ends the capture after everything sent before the call has been read,
// and waits for that. It sends the sentinel, again where the full ring dropped
// it; where there is none it stops as Stop does. Error: the context's, and the
// capture then goes on to its end by itself.
func (h *Handle) Drain(ctx context.Context) error {
	if h.sentinel == nil {
		h.Stop()
	} else {
		h.draining.Store(true)
		h.wake()
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

// Version is libpcap's, as it names itself; "" without it.
func Version() string {
	if missing() != nil {
		return ""
	}
	return pcap.Version()
}
