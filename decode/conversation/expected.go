package conversation

import (
	"net/netip"
	"regexp"
	"strconv"
	"sync"

	"github.com/handshake-lab/handshake-lab/decode"
)

// An FTP control connection announces data connections (RFC 959 §4.1.2,
// RFC 2428 §3). Wireshark knows a connection from its announcement on, and
// then leaves the SYN out of its completeness, as that did not begin it.
var (
	announced = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(227|PORT ).*?(\d+),\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+)`)
	})
	extended = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^229.*\([^\d]{3}(\d+)[^\d]\)`)
	})
)

const (
	controlPort, dataPort = 21, 20
	maxExpected           = 1 << 12
)

// expectation is an announced connection: who will connect (port 0: any) to
// whom.
type expectation struct{ from, to Endpoint }

// listen looks for an announcement where there can be one.
func (t *Tracker) listen(s *decode.Segment, ev *Event) {
	if s.PayloadLen > 0 && (s.SrcPort == controlPort || s.DstPort == controlPort) {
		t.expect(s, ev)
	}
}

// expect takes up what the first line of a segment to or from a control port
// announces; text that was sent before announces nothing new.
func (t *Tracker) expect(s *decode.Segment, ev *Event) {
	if ev.Fresh == 0 || len(t.expected) >= maxExpected {
		return
	}
	var e expectation
	if m := extended().FindSubmatch(s.Payload); m != nil && s.SrcPort == controlPort {
		port, _ := strconv.ParseUint(string(m[1]), 10, 16)
		e = expectation{Endpoint{Addr: s.Dst}, Endpoint{s.Src, uint16(port)}}
	} else if m := announced().FindSubmatch(s.Payload); m != nil {
		var b [6]byte
		for i := range b {
			n, _ := strconv.ParseUint(string(m[2+i]), 10, 8)
			b[i] = byte(n)
		}
		e.to = Endpoint{netip.AddrFrom4([4]byte(b[:4])), uint16(b[4])<<8 | uint16(b[5])}
		switch reply := m[1][0] == '2'; {
		case reply && s.SrcPort == controlPort:
			e.from = Endpoint{Addr: s.Dst}
		case !reply && s.DstPort == controlPort:
			e.from = Endpoint{s.Dst, dataPort}
		}
	}
	if e.from.Addr.IsValid() {
		t.expected[e]++
	}
}

// awaited reports whether a conversation that begins was announced; each
// announcement is good for one.
func (t *Tracker) awaited(ends [2]Endpoint) bool {
	from, to := ends[Client], ends[Server]
	for _, e := range [...]expectation{{from, to}, {Endpoint{Addr: from.Addr}, to}} {
		switch n := t.expected[e]; {
		case n > 1:
			t.expected[e] = n - 1
			return true
		case n == 1:
			delete(t.expected, e)
			return true
		}
	}
	return false
}
