package view

import (
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func TestSeconds(t *testing.T) {
	for span, want := range map[capture.Span]string{
		{}: "0.000000000 0.000", {Nsec: 1}: "0.000000001 0.000", {Nsec: -1}: "-0.000000001 -0.000", {Nsec: 999_499}: "0.000999499 0.999",
		{Nsec: 999_500}: "0.000999500 1.000", {Sec: 1}: "1.000000000 1000.000", {Sec: -1, Nsec: -234_567_890}: "-1.234567890 -1234.568",
		{Sec: 1_700_000_000, Nsec: 123_456_789}:  "1700000000.123456789 1700000000123.457",
		{Sec: 10_000_000_000, Nsec: 999_999_999}: "10000000000.999999999 10000000001000.000", // more than 64 bits of nanoseconds hold
		{Sec: 5, Nsec: 1_500_000_000}:            "5.1500000000 6500.000",                    // of a damaged record, as Wireshark has it
	} {
		got := string(appendMs(append(appendSeconds(nil, span), ' '), span))
		if got != want {
			t.Errorf("%v: %s, want %s", span, got, want)
		}
	}
}

// Parts of a time add up to the whole, as they are written.
func TestRoundedParts(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	microseconds := func(s capture.Span) int64 {
		text := strings.Replace(string(appendMs(nil, s)), ".", "", 1)
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 1000 {
		var at capture.Span
		var sum int64
		for range 2 + random.IntN(3) {
			after := capture.Span{Sec: at.Sec + random.Int64N(2), Nsec: at.Nsec + random.Int32N(40_000)}
			sum += microseconds(roundedPart(at, after))
			at = after
		}
		if whole := microseconds(at); sum != whole {
			t.Errorf("the parts of %v are %d µs, want %d", at, sum, whole)
		}
	}
}

func TestAddr(t *testing.T) {
	for _, text := range []string{"0.0.0.0", "127.0.0.1", "192.0.2.99", "255.255.255.255", "10.9.100.200", "::1", "2001:db8::a", "fe80::1%eth0", "::ffff:192.0.2.1"} {
		if got := string(appendAddr([]byte("from "), netip.MustParseAddr(text))); got != "from "+text {
			t.Errorf("%s, want %s", got, text)
		}
	}
}

func TestSinceFits(t *testing.T) {
	start := capture.Time{Sec: 1_700_000_000, Known: true}
	for _, tt := range []struct {
		at   capture.Span
		room int
		want string
	}{
		{capture.Span{Nsec: 1_500_000}, 9, "1.500"},
		{capture.Span{Sec: 99_999, Nsec: 1_000_000}, 9, "99999.00s"},
		{capture.Span{Sec: 12_345_678}, 9, "12345678s"},
		{capture.Span{Sec: 123_456_789}, 9, "1428.898d"},
		{capture.Span{Sec: 10_000_000_000, Nsec: 40_000_000}, 9, "115740.7d"},
		{capture.Span{Sec: 10_000_000_000, Nsec: 40_000_000}, 7, "115741d"},
		{capture.Span{Sec: 1 << 40}, 7, "34841y"},
		{capture.Span{Sec: -10_000_000_000}, 7, "-316.9y"},
		{capture.Span{Sec: 1 << 62}, 7, "146135511523y"}, // of a damaged record
	} {
		at := capture.Time{Sec: start.Sec + tt.at.Sec, Nsec: tt.at.Nsec, Known: true}
		if got := string(AppendSince(nil, at.Since(start), tt.room)); got != tt.want {
			t.Errorf("%v in %d characters: %s, want %s", tt.at, tt.room, got, tt.want)
		}
	}
}

func TestAppendPause(t *testing.T) {
	for ms, want := range map[float64]string{206: "206 ms pass", 1030: "1.03 s pass", 599_990: "599.99 s pass", 600_000: "10 min pass",
		7_200_000: "2 h pass", 90_000_000: "25 h pass", 270_000_000: "3 days pass"} {
		if got := string(AppendPause(nil, ms)); got != want {
			t.Errorf("%v ms: %s, want %s", ms, got, want)
		}
	}
}
