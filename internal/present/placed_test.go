package present

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Rows are the same whether the encoder has met their ends before or not: with
// streams that share a slot, several addresses in one stream (a routing header
// does that), and ends too long to be remembered.
func TestPlacesAreRemembered(t *testing.T) {
	ends := [...][2]string{
		{"192.0.2.1", "192.0.2.2"}, {"192.0.2.1", "192.0.2.3"}, {"192.0.2.4", "192.0.2.2"},
		{"2001:db8::1", "2001:db8::2"}, {"2001:db8:1:2:3:4:5:6%0123456789abcdef0123456789abcdef0123456789abcdef", "2001:db8::2"},
	}
	var moments []timeline.Moment
	for _, m := range recorded(t) {
		if m.Kind != timeline.Segment {
			continue
		}
		for _, stream := range []int{0, 1, 1 << (placeBits - 1), 1<<placeBits + 1} {
			for i, e := range ends {
				event, segment, c := *m.Event, *m.Event.Segment, *m.Event.Conversation
				event.Segment, event.Conversation = &segment, &c
				c.Stream = stream
				segment.Src, segment.Dst = netip.MustParseAddr(e[0]), netip.MustParseAddr(e[1])
				if segment.IPVersion = 4; segment.Src.Is6() {
					segment.IPVersion = 6
				}
				segment.DstPort += uint16(i / 2)
				again := m
				again.Event = &event
				moments = append(moments, again, again)
			}
		}
	}
	show := func(moments ...timeline.Moment) []byte {
		var out bytes.Buffer
		p, err := Open("segments", "ndjson", &out, Options{})
		if err != nil {
			t.Fatal(err)
		}
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
	rows := bytes.Split(show(moments...), []byte{'\n'})
	if len(rows) != len(moments)+1 {
		t.Fatalf("%d rows of %d segments", len(rows)-1, len(moments))
	}
	for i, m := range moments {
		if alone := bytes.TrimSuffix(show(m), []byte{'\n'}); !bytes.Equal(rows[i], alone) {
			t.Fatalf("row %d is\n%s, alone\n%s", i, rows[i], alone)
		}
	}
}

// What is held back is written by Flush, and by nothing else before there is
// enough for a write.
func TestHeld(t *testing.T) {
	for _, format := range []string{"ndjson", "csv"} {
		var out bytes.Buffer
		p, err := Open("segments", format, &out, Options{Live: true, Held: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range recorded(t) {
			if err := p.Moment(m); err != nil {
				t.Fatal(err)
			}
		}
		if out.Len() != 0 {
			t.Errorf("%s: %d bytes before Flush", format, out.Len())
		}
		if err := p.(Flusher).Flush(); err != nil {
			t.Fatal(err)
		}
		flushed := out.Len()
		if err := p.Close(); err != nil || flushed == 0 || out.Len() != flushed {
			t.Errorf("%s: %d bytes by Flush, %d after Close, %v", format, flushed, out.Len(), err)
		}
	}
}
