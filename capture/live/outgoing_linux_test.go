//go:build cgo

package live

import (
	"fmt"
	"testing"
)

func TestLoopbackIsCopiedOnce(t *testing.T) {
	to := listen(t)
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port), Sentinel: true})
	for range 20 {
		talk(t, to)
	}
	drain(t, h)
	s, err := h.Stats()
	if err != nil {
		t.Fatal(err)
	}
	counted := h.counters.current.PacketsReceived - h.counters.before.PacketsReceived - int(h.hidden.Load())
	if counted != s.Captured || s.Received != s.Captured {
		t.Errorf("the kernel counted %d packets, %d received, for %d captured", counted, s.Received, s.Captured)
	}
}
