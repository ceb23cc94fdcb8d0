package present

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"testing"
)

func TestDecimal(t *testing.T) {
	numbers := []uint64{0, 1, math.MaxUint16, math.MaxUint32, math.MaxInt64, math.MaxUint64}
	for n := uint64(1); n < 1e19; n *= 10 {
		numbers = append(numbers, n-1, n, n+1, 2*n, 9*n)
	}
	for shift := range 64 {
		numbers = append(numbers, 1<<shift-1, 1<<shift, 1<<shift+1)
	}
	for _, n := range numbers {
		want := "x" + strconv.FormatUint(n, 10)
		if got := string(appendUint([]byte("x"), n)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		for _, n := range []int64{int64(n), -int64(n)} {
			want := strconv.FormatInt(n, 10)
			if got := string(appendInt(make([]byte, 0, 32), n)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

func TestSeconds(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0.000000000 0.000", 1: "0.000000001 0.000", -1: "-0.000000001 -0.000", 999_499: "0.000999499 0.999",
		999_500: "0.000999500 1.000", 1e9: "1.000000000 1000.000", -1_234_567_890: "-1.234567890 -1234.568",
		1_700_000_000_123_456_789: "1700000000.123456789 1700000000123.457",
	} {
		got := string(appendMs(append(appendSeconds(nil, ns), ' '), ns))
		if got != want {
			t.Errorf("%d ns: %s, want %s", ns, got, want)
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

func BenchmarkDecimal(b *testing.B) {
	buf := make([]byte, 0, 64)
	for _, n := range []uint64{7, 42, 6000, 1_080_000, 2_252_298_013} {
		b.Run(fmt.Sprint("ours/", n), func(b *testing.B) {
			for b.Loop() {
				buf = appendUint(buf[:0], n)
			}
		})
		b.Run(fmt.Sprint("strconv/", n), func(b *testing.B) {
			for b.Loop() {
				buf = strconv.AppendUint(buf[:0], n, 10)
			}
		})
	}
}
