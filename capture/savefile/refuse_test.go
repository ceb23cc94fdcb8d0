package savefile

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		format capture.Format
		ifaces []capture.Interface
		want   string
	}{
		{capture.PCAP, nil, "a capture file needs an interface"},
		{capture.PCAPNG, nil, "a capture file needs an interface"},
		{"snoop", []capture.Interface{{}}, `capture format "snoop" is unknown: want pcap or pcapng`},
		{capture.PCAP, []capture.Interface{{Link: 1}, {Link: 101}}, "interface 1: link type 101 after 1: " + ErrNotInPcap.Error()},
		{capture.PCAPNG, []capture.Interface{{Digits: 10}}, "interface 0: times of 10 digits; a packet's has 9 at most"},
		{capture.PCAP, []capture.Interface{{}, {Snaplen: math.MaxInt}}, "interface 1: a snaplen of 9223372036854775807; there are 32 bits for it"},
	} {
		if strconv.IntSize == 32 && strings.Contains(c.want, "snaplen") {
			continue
		}
		var out bytes.Buffer
		_, err := NewWriter(&out, c.format, capture.Section{}, c.ifaces)
		if err == nil || err.Error() != c.want || out.Len() > 0 {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestRefusedInterfaces(t *testing.T) {
	w := begin(t, &bytes.Buffer{}, capture.PCAP, capture.Interface{Link: 1, Digits: 6})
	for _, i := range []capture.Interface{{Link: 101, Digits: 6}, {Link: 1, Digits: 9}} {
		if err := w.AddInterface(i); !errors.Is(err, ErrNotInPcap) {
			t.Errorf("%+v: %v", i, err)
		}
	}
	if err := w.AddInterface(capture.Interface{Link: 1, Digits: 10}); err == nil {
		t.Error("times of 10 digits were taken")
	}
	var out bytes.Buffer
	w = begin(t, &out, capture.PCAPNG, capture.Interface{})
	for range capture.MaxInterfaces - 1 {
		if err := w.AddInterface(capture.Interface{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AddInterface(capture.Interface{}); err == nil {
		t.Error("more interfaces were taken than are read")
	}
	if err := w.Write(&capture.Packet{Interface: capture.MaxInterfaces - 1}); err != nil {
		t.Fatal(err)
	}
	if f, all := readAll(t, out.Bytes()); len(all) != 1 || len(f.Interfaces()) != capture.MaxInterfaces {
		t.Errorf("%d packets, %d interfaces", len(all), len(f.Interfaces()))
	}
}

// What is refused leaves no trace, and the next packet is written.
func TestRefusedPackets(t *testing.T) {
	huge := make([]byte, capture.MaxCaptured+1)
	long := math.MaxInt // on 32 bits it fits
	for _, c := range []struct {
		packet capture.Packet
		digits uint8
		in     string // the formats that refuse it; "" for both
		want   string
	}{
		{capture.Packet{Interface: 1}, 9, "", "it is of interface 1; the file has 1"},
		{capture.Packet{Interface: -1}, 9, "", "it is of interface -1; the file has 1"},
		{capture.Packet{Link: 101}, 9, "", "it has link type 101; its interface has 0"},
		{capture.Packet{Data: huge}, 9, "", "262145 captured bytes; nobody reads more than 262144"},
		{capture.Packet{Data: huge[:1601]}, 9, "", "1601 captured bytes; the snaplen of its interface is 1600"},
		{capture.Packet{Length: long}, 9, "", "a length of 9223372036854775807; nobody reads more than 2147483647"},
		{capture.Packet{Time: at(1<<32, 0)}, 9, "pcap", "a time of 4294967296 s since 1970: " + ErrNotInPcap.Error()},
		{capture.Packet{Time: at(1<<32-1, 1e9)}, 9, "pcap", "a time of 4294967296 s since 1970: " + ErrNotInPcap.Error()},
		{capture.Packet{Length: oddLength + 1}, 6, "pcap", "a length of 134217729: " + ErrNotInPcap.Error()},
		{capture.Packet{Time: at(-1, 999_999_999)}, 9, "", "a time of -1 s since 1970"},
		{capture.Packet{Time: at(0, -1)}, 9, "", "a time of -1 s since 1970"},
		{capture.Packet{Time: at(18_446_744_073, 709_551_616)}, 9, "", "a time of 18446744073 s since 1970"},
		{capture.Packet{Time: at(math.MaxInt64, 0)}, 9, "", "a time of 9223372036854775807 s since 1970"},
		{capture.Packet{Time: at(math.MinInt64, 0)}, 6, "", "a time of -9223372036854775808 s since 1970"},
		{capture.Packet{Time: at(18_446_744_073_709, 551_616_000)}, 6, "pcapng", "a time of 18446744073709 s since 1970 with 6 digits: pcapng cannot hold it"},
	} {
		if strconv.IntSize == 32 && c.packet.Length == long {
			continue
		}
		for _, format := range formats {
			if c.in != "" && c.in != string(format) {
				continue
			}
			var out bytes.Buffer
			i := capture.Interface{Digits: c.digits, Snaplen: 1600}
			if len(c.packet.Data) > capture.MaxCaptured {
				i.Snaplen = 0
			}
			w := begin(t, &out, format, i)
			c.packet.Number = 7
			if err := w.Write(&c.packet); err == nil || !strings.HasPrefix(err.Error(), "packet 7: "+c.want) {
				t.Errorf("%s: %v, want packet 7: %s", format, err, c.want)
			}
			if err := w.Write(&capture.Packet{Data: frame}); err != nil {
				t.Fatal(err)
			}
			if _, all := readAll(t, out.Bytes()); len(all) != 1 {
				t.Errorf("%s: %d packets after %s", format, len(all), c.want)
			}
		}
	}
}

// The outermost that is not refused.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		packet capture.Packet
		digits uint8
		in     capture.Format
	}{
		{capture.Packet{Time: at(1<<32-1, 999_999_999)}, 9, capture.PCAP},
		{capture.Packet{Time: at(0, 0), Length: math.MaxInt32}, 9, capture.PCAP},
		{capture.Packet{Time: at(18_446_744_073, 709_551_615)}, 9, capture.PCAPNG},
		{capture.Packet{Time: capture.Time{Sec: 18_446_744_073_709, Nsec: 551_615_000, Digits: 6, Known: true}}, 6, capture.PCAPNG},
		{capture.Packet{Time: at(0, 0), Data: make([]byte, capture.MaxCaptured), Length: math.MaxInt32}, 9, capture.PCAPNG},
	} {
		var out bytes.Buffer
		w := begin(t, &out, c.in, capture.Interface{Digits: c.digits})
		if err := w.Write(&c.packet); err != nil {
			t.Error(err)
		}
		want := c.packet
		want.Number, want.FCS, want.Length = 1, -1, max(want.Length, len(want.Data))
		_, all := readAll(t, out.Bytes())
		compare(t, all, []capture.Packet{want})
	}
}

// A damaged record's fraction of a second may be none.
func TestDamagedTimes(t *testing.T) {
	for in, want := range map[capture.Time]capture.Time{
		at(second, 2_000_000_005): at(second+2, 5),
		at(second, -5):            at(second-1, 999_999_995),
		at(second, math.MinInt32): at(second-3, 852_516_352),
		{Sec: 5, Nsec: 5}:         at(0, 0), // not known
	} {
		for _, format := range formats {
			var out bytes.Buffer
			if err := begin(t, &out, format, capture.Interface{}).Write(&capture.Packet{Time: in}); err != nil {
				t.Fatal(err)
			}
			if _, all := readAll(t, out.Bytes()); all[0].Time != want {
				t.Errorf("%s: %+v is written as %+v", format, in, all[0].Time)
			}
		}
	}
}

func TestClean(t *testing.T) {
	long := strings.Repeat("x", maxOption)
	for in, want := range map[string]string{
		"":                      "",
		"plain\nÄ \x1b[31m":     "plain\nÄ \x1b[31m", // escapes are for who shows them
		"a\x00b":                "a\ufffdb",
		"\xff\xfe":              "\ufffd\ufffd",
		"\xed\xa0\x80":          "\ufffd\ufffd\ufffd", // a surrogate
		long:                    long,
		long + "y":              long,
		long[1:] + "é":          long[1:], // not half of it
		long[2:] + "é":          long[2:] + "é",
		long[2:] + "\xff":       long[2:],
		"\xff" + long:           "\ufffd" + long[3:],
		strings.Repeat(long, 9): long,
	} {
		if got := clean(in); got != want {
			t.Errorf("%.40q (%d bytes): %.40q (%d bytes)", in, len(in), got, len(got))
		}
	}
}
