package savefile

import (
	"io"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func TestDoesNotAllocate(t *testing.T) {
	for _, format := range formats {
		w := begin(t, io.Discard, format, capture.Interface{Link: capture.LinkSLL2})
		p := lab[0]
		p.Comment = "the first of three"
		if n := testing.AllocsPerRun(1000, func() { w.Write(&p) }); n != 0 {
			t.Errorf("%s: %v allocations a packet", format, n)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range formats {
		b.Run(string(format), func(b *testing.B) {
			w := begin(b, io.Discard, format, capture.Interface{Link: capture.LinkSLL2})
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if err := w.Write(&lab[0]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
