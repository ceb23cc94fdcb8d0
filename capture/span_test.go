package capture

import (
	"math"
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	for _, c := range []struct {
		from, to Time
		want     Span
	}{
		{Time{Sec: 1}, Time{Sec: 1}, Span{}},
		{Time{Sec: 1, Nsec: 9e8}, Time{Sec: 2, Nsec: 1e8}, Span{0, 2e8}},
		{Time{Sec: 2, Nsec: 1e8}, Time{Sec: 1, Nsec: 9e8}, Span{0, -2e8}},
		{Time{Sec: 1, Nsec: 1e8}, Time{Sec: 3, Nsec: 2e8}, Span{2, 1e8}},
		{Time{Sec: 3, Nsec: 2e8}, Time{Sec: 1, Nsec: 1e8}, Span{-2, -1e8}},
		{Time{Sec: 1, Nsec: 2e8}, Time{Sec: 1, Nsec: 1e8}, Span{0, -1e8}},
		{Time{Sec: -1, Nsec: 5e8}, Time{Sec: 1}, Span{1, 5e8}},
		{Time{}, Time{Sec: 10_000_000_000, Nsec: 2e7}, Span{10_000_000_000, 2e7}},
		// damaged: as Wireshark's nstime_delta, whose nanoseconds are 32 bits
		{Time{Sec: 1}, Time{Sec: 1, Nsec: 1_500_000_000}, Span{0, 1_500_000_000}},
		{Time{Sec: 1, Nsec: 1_500_000_000}, Time{Sec: 2}, Span{0, -500_000_000}},
		{Time{Sec: 1, Nsec: -1_500_000_000}, Time{Sec: 2, Nsec: 1_500_000_000}, Span{0, -294_967_296}},
	} {
		if got := c.to.Since(c.from); got != c.want {
			t.Errorf("%v since %v: %v, want %v", c.to, c.from, got, c.want)
		}
	}
}

func TestNanoseconds(t *testing.T) {
	const most = 1 << 31 * int64(1e9)
	for _, c := range []struct {
		span Span
		want int64
	}{
		{Span{}, 0},
		{Span{1, 5e8}, 15e8},
		{Span{-1, -5e8}, -15e8},
		{Span{0, 123_456_789}, 123_456_789},
		{Span{10_000_000_000, 0}, most},
		{Span{math.MinInt64, 0}, -most},
	} {
		if got := c.span.Nanoseconds(); got != c.want {
			t.Errorf("%v: %d ns, want %d", c.span, got, c.want)
		}
	}
	if longest := (Span{math.MaxInt64, 999_999_999}).Nanoseconds(); 2*longest+int64(time.Minute) < longest {
		t.Error("twice the longest is no longer")
	}
}

func TestBefore(t *testing.T) {
	early, late := Time{Sec: 1, Nsec: 5}, Time{Sec: 2, Nsec: 3}
	if !early.Before(late) || late.Before(early) || early.Before(early) || !(Time{Sec: 1, Nsec: 4}).Before(early) {
		t.Error("the order of times is wrong")
	}
	if at := At(1_700_000_000_123_456_789); at.UnixNano() != 1_700_000_000_123_456_789 || !at.Known || At(-1).UnixNano() != -1 || At(-1).Nsec < 0 {
		t.Error(at, At(-1))
	}
}
