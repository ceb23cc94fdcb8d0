package present

import (
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func TestSinceFits(t *testing.T) {
	start := capture.Time{Sec: 1_700_000_000, Known: true}
	for _, tt := range []struct {
		at    capture.Span
		width int
		want  string
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
		if got := string(appendSince(nil, at, start, tt.width)); got != tt.want {
			t.Errorf("%v in %d columns: %s, want %s", tt.at, tt.width, got, tt.want)
		}
	}
}
