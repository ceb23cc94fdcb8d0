package rows

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// Rows are the same whether the encoder has met what they are made of before or
// not: with streams that share a slot, several addresses in one stream (a
// routing header does that), ends too long to be remembered, and every single
// thing changed that the columns depend on.
func TestCache(t *testing.T) {
	pairs := [...][2]string{
		{"192.0.2.1", "192.0.2.2"}, {"192.0.2.1", "192.0.2.3"}, {"192.0.2.4", "192.0.2.2"},
		{"2001:db8::1", "2001:db8::2"}, {"2001:db8:1:2:3:4:5:6%0123456789abcdef0123456789abcdef0123456789abcdef", "2001:db8::2"},
	}
	changes := [...]func(e *conversation.Event){
		func(*conversation.Event) {},
		func(e *conversation.Event) { e.Segment.Flags ^= decode.PSH },
		func(e *conversation.Event) { e.Segment.Flags ^= decode.AE },
		func(e *conversation.Event) { e.Segment.Window ^= 1 << 15 },
		func(e *conversation.Event) { e.WindowSize ^= 1 << 31 },
		func(e *conversation.Event) { e.WindowScale = conversation.ScaleUnused },
		func(e *conversation.Event) { e.WindowScale = 1 << 14 },
		func(e *conversation.Event) { e.Segment.HeaderLen = 60 },
		func(e *conversation.Event) { e.Segment.HeaderLen = 16 }, // stunted
		func(e *conversation.Event) { e.Conversation = nil },
		func(e *conversation.Event) { e.Step = conversation.StepOther },
		func(e *conversation.Event) { e.After[conversation.Client] = conversation.TimeWait },
		func(e *conversation.Event) { e.After[conversation.Server] = conversation.TimeWait },
		func(e *conversation.Event) { e.After[conversation.Server] = conversation.Unknown },
		func(e *conversation.Event) { e.Proved[conversation.Client] = !e.Proved[conversation.Client] },
		func(e *conversation.Event) { e.Proved[conversation.Server] = !e.Proved[conversation.Server] },
		func(e *conversation.Event) { e.Segment.Header = e.Segment.Header[:16] },
		func(e *conversation.Event) { e.Segment.DstPort++ },
		func(e *conversation.Event) { e.Segment.SrcPort++ },
	}
	var moments []timeline.Moment
	for _, m := range scene.Recorded(t) {
		if m.Kind != timeline.Segment {
			continue
		}
		for _, stream := range []int{0, 1, fewEnds / 2, mostEnds + 1} {
			for _, pair := range pairs {
				again := scene.Another(m, stream)
				segment := again.Event.Segment
				segment.Src, segment.Dst = netip.MustParseAddr(pair[0]), netip.MustParseAddr(pair[1])
				if segment.IPVersion = 4; segment.Src.Is6() {
					segment.IPVersion = 6
				}
				moments = append(moments, again, again)
			}
		}
		for _, change := range changes {
			again := scene.Another(m, 0)
			change(again.Event)
			moments = append(moments, again)
		}
	}
	rows := bytes.Split(segmentsOf(t, moments...), []byte{'\n'})
	if len(rows) != len(moments)+1 {
		t.Fatalf("%d rows of %d segments", len(rows)-1, len(moments))
	}
	for i, m := range moments {
		if alone := bytes.TrimSuffix(segmentsOf(t, m), []byte{'\n'}); !bytes.Equal(rows[i], alone) {
			t.Fatalf("row %d is\n%s, alone\n%s", i, rows[i], alone)
		}
	}
}

func openSegments(out *bytes.Buffer) present.Presenter {
	return NDJSON(view.Named("segments"), out, present.Options{})
}

func segmentsOf(t *testing.T, moments ...timeline.Moment) []byte {
	t.Helper()
	var out bytes.Buffer
	p := openSegments(&out)
	for _, m := range moments {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// As many ends are remembered as are open at a time, up to a limit.
func TestEndsCached(t *testing.T) {
	first := scene.Recorded(t)[0]
	for _, c := range []struct{ atOnce, rows, want int }{
		{fewEnds, 10, fewEnds}, {fewEnds, 1, mostEnds}, {3 * fewEnds, 10, 4 * fewEnds}, {2 * mostEnds, 10, mostEnds},
	} {
		p := openSegments(new(bytes.Buffer))
		for stream := 0; stream < 8*mostEnds; stream += c.atOnce {
			for range c.rows {
				for i := range c.atOnce {
					m := scene.Another(first, stream+i)
					m.Event.From = conversation.Side(i & 1)
					m.Event.Conversation.Stream >>= 1
					if err := p.Moment(m); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if got := len(p.(*ndjson).cache.ends); got != c.want {
			t.Errorf("%d ends at once, %d rows each: %d are remembered, want %d", c.atOnce, c.rows, got, c.want)
		}
	}
}
