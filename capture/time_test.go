package capture

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestAppendEpoch(t *testing.T) {
	seconds := []int64{0, 1, 9, 999_999_999, 1_000_000_000, 1_700_000_000, 1_000_000_001, 9_999_999_999, 10_000_000_000, -1, 1 << 40}
	for range 1000 {
		seconds = append(seconds, rand.Int64N(1<<34))
	}
	for _, sec := range seconds {
		nsec := rand.Int32N(1e9) >> rand.IntN(30)
		for digits := range uint8(10) {
			want := fmt.Sprint(sec)
			if digits > 0 {
				want += "." + fmt.Sprintf("%09d", nsec)[:digits]
			}
			if got := string(Time{Sec: sec, Nsec: nsec, Digits: digits}.AppendEpoch(nil)); got != want {
				t.Fatalf("%d s, %d ns, %d digits: %s, want %s", sec, nsec, digits, got, want)
			}
		}
	}
	damaged := Time{Sec: 7, Nsec: 1_500_000_000, Digits: 9}
	if got := string(damaged.AppendEpoch(nil)); got != "7.1500000000" {
		t.Error(got)
	}
	if got := string(Time{Sec: 7, Nsec: -5, Digits: 9}.AppendEpoch(nil)); got != "-7.000000005" {
		t.Error(got)
	}
}

func BenchmarkAppendEpoch(b *testing.B) {
	var dst []byte
	for b.Loop() {
		dst = Time{Sec: 1_795_365_000, Nsec: 123_456_789, Digits: 9}.AppendEpoch(dst[:0])
	}
}
