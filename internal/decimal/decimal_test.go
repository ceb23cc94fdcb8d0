package decimal

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"
)

func TestAppend(t *testing.T) {
	numbers := []uint64{0, 1, math.MaxUint16, math.MaxUint32, math.MaxInt64, math.MaxUint64}
	for n := uint64(1); n < 1e19; n *= 10 {
		numbers = append(numbers, n-1, n, n+1, 2*n, 9*n)
	}
	for shift := range 64 {
		numbers = append(numbers, 1<<shift-1, 1<<shift, 1<<shift+1, rand.Uint64()>>shift)
	}
	for _, n := range numbers {
		want := "x" + strconv.FormatUint(n, 10)
		if got := string(Append([]byte("x"), n)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := Digits(n); got != len(want)-1 {
			t.Errorf("%d has %d digits, want %d", n, got, len(want)-1)
		}
		for _, n := range []int64{int64(n), -int64(n)} {
			want := strconv.FormatInt(n, 10)
			if got := string(AppendInt(make([]byte, 0, 32), n)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

func TestAppendBytes(t *testing.T) {
	for n, want := range []string{"sent 0 bytes", "sent 1 byte", "sent 2 bytes"} {
		if got := string(AppendBytes([]byte("sent "), uint64(n))); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// All that the inverses can be wrong about: each pair of four digits.
func TestEight(t *testing.T) {
	for n := range uint32(1e4) {
		for _, n := range []uint32{n, n * 1e4, n*1e4 + n, n*1e4 + 9999 - n} {
			if got, want := string(AppendNine(nil, n)), fmt.Sprintf("%09d", n); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
		}
	}
	if got := string(AppendNine([]byte("."), 999_999_999)); got != ".999999999" {
		t.Error(got)
	}
}

func TestAppendIPv4(t *testing.T) {
	for b := range 256 {
		for _, a := range [][4]byte{{byte(b), 0, 99, 255}, {0, byte(b), 10, 9}, {127, 0, byte(b), 100}, {192, 0, 2, byte(b)}} {
			if got, want := string(AppendIPv4([]byte("from "), a)), "from "+netip.AddrFrom4(a).String(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	buf := make([]byte, 0, 64)
	for _, n := range []uint64{7, 42, 6000, 1_080_000, 2_252_298_013} {
		b.Run(fmt.Sprint("ours/", n), func(b *testing.B) {
			for b.Loop() {
				buf = Append(buf[:0], n)
			}
		})
		b.Run(fmt.Sprint("strconv/", n), func(b *testing.B) {
			for b.Loop() {
				buf = strconv.AppendUint(buf[:0], n, 10)
			}
		})
	}
}
