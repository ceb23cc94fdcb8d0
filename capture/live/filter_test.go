//go:build cgo && !windows

package live

import (
	"errors"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// synIP is an IPv4 SYN from 10.0.0.1:1234 to 10.0.0.2:80.
var synIP = []byte{
	0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0, 80, 0, 0, 3, 0xe8, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0,
}

// under puts the packet behind a link header.
func under(header ...byte) []byte { return append(header, synIP...) }

func TestFilter(t *testing.T) {
	ethernet := under(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0)
	sll2 := under(8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0)
	sll := under(0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0)
	for _, c := range []struct {
		link capture.LinkType
		data []byte
		wire int
		expr string
		want bool
	}{
		{capture.LinkEthernet, ethernet, 54, "tcp port 80", true},
		{capture.LinkEthernet, ethernet, 54, "tcp port 81", false},
		{capture.LinkEthernet, ethernet, 54, "", true},
		{capture.LinkEthernet, ethernet, 54, "tcp[tcpflags] & tcp-syn != 0 and host 10.0.0.2", true},
		{capture.LinkEthernet, ethernet, 2000, "greater 1000", true}, // by the length on the wire
		{capture.LinkEthernet, ethernet, 54, "greater 1000", false},
		{capture.LinkEthernet, ethernet[:20], 54, "tcp port 80", false}, // cut short
		{capture.LinkEthernet, nil, 0, "tcp", false},
		{capture.LinkSLL, sll, 56, "tcp dst port 80", true},
		{capture.LinkSLL2, sll2, 60, "tcp dst port 80", true}, // a link type of 16 bits
		{capture.LinkSLL2, sll2, 60, "udp", false},
		{capture.LinkRaw, synIP, 40, "tcp dst port 80", true}, // 101 in files, 12 in libpcap
		{capture.LinkIPv4, synIP, 40, "tcp dst port 80", true},
		{capture.LinkRawBSD, synIP, 40, "tcp src port 80", false},
		{capture.LinkNull, under(2, 0, 0, 0), 44, "tcp port 80", true},
	} {
		f, err := CompileFilter(c.link, 262144, c.expr)
		if err != nil {
			t.Errorf("%q on link type %d: %v", c.expr, c.link, err)
		} else if got := f.Match(c.data, c.wire); got != c.want {
			t.Errorf("%q on link type %d: %t", c.expr, c.link, got)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	for expr, message := range map[string]string{
		"tcp prt 80": "syntax error",
		"port 70000": "illegal port number 70000 > 65535",
		"tcp and":    "syntax error",
	} {
		_, err := CompileFilter(capture.LinkEthernet, 1600, expr)
		var filter *FilterError
		if !errors.Is(err, ErrFilter) || !errors.As(err, &filter) || filter.Expression != expr {
			t.Errorf("%q: %v", expr, err)
		} else if filter.Message != message {
			t.Logf("%q: %v", expr, err) // the words are libpcap's
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	f, err := CompileFilter(capture.LinkRaw, 1600, "tcp port 80")
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { f.Match(synIP, 40) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	f, err := CompileFilter(capture.LinkRaw, 1600, "tcp port 80")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.Match(synIP, 40)
	}
}
