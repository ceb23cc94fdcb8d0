//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"runtime"
	"sync"

	"github.com/google/gopacket/pcap"
)

// counters reads libpcap's and takes out what they count too much.
type counters struct {
	mu      sync.Mutex
	handle  *pcap.Handle // nil once the capture has ended
	twice   bool         // Linux loopback: each packet is counted leaving and arriving, and handed out once
	mixed   bool         // Linux "any": so are those of loopback among others
	before  pcap.Stats   // counted before the filter was in place
	current pcap.Stats
	err     error
}

func (c *counters) begin(handle *pcap.Handle, twice, any bool) {
	linux := runtime.GOOS == "linux"
	c.handle, c.twice, c.mixed = handle, linux && twice, linux && any
	if s, err := handle.Stats(); err == nil {
		c.before = *s
	}
}

func (c *counters) update() {
	if c.handle == nil {
		return
	}
	s, err := c.handle.Stats()
	if c.err = err; err == nil {
		c.current = *s
	}
}

func (c *counters) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.update()
	c.handle = nil
}

// read gives the counters without those of the sentinels seen.
func (c *counters) read(hidden int) (Stats, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.update()
	s := Stats{
		Received:  c.current.PacketsReceived - c.before.PacketsReceived,
		Dropped:   c.current.PacketsDropped - c.before.PacketsDropped,
		IfDropped: c.current.PacketsIfDropped - c.before.PacketsIfDropped,
	}
	if c.twice { // rounded up: a loss must not round to none
		s.Received, s.Dropped = (s.Received+1)/2, (s.Dropped+1)/2
	}
	s.Received -= hidden
	return s, c.err
}
