package pipeline

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// stock is a source that has to be waited for before every so many packets. It
// reads each into the memory of the one before.
type stock struct {
	capture.Source
	every int
	taken int
	own   []byte
}

func (s *stock) Next(p *capture.Packet) error {
	if err := s.Source.Next(p); err != nil {
		return err
	}
	s.taken++
	s.own = append(s.own[:0], p.Data...)
	p.Data = s.own
	return nil
}

func (s *stock) AtHand() bool { return s.taken%s.every != 0 }

// TestIdle: all that has been read is handed on before each wait, and nothing is
// written between packets that are at hand, however many these are.
func TestIdle(t *testing.T) {
	packets := greetings(t, 20)
	for _, behind := range []bool{false, true} {
		for _, every := range []int{1, 3, burstSize.packets, 100} {
			var sink counter
			var shown []int
			f := Flow{Source: &stock{Source: &capture.Slice{Packets: packets}, every: every}, Sink: wanting{&sink, timeline.Wants{Kinds: timeline.AllKinds, Behind: behind}}, Idle: func() error {
				shown = append(shown, len(sink.frames))
				return nil
			}}
			if _, err := f.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			for i, n := range shown {
				if n != every*i {
					t.Fatalf("idle after %v segments, want every %d", shown, every)
				}
			}
			if len(shown) != 1+len(packets)/every {
				t.Errorf("idle %d times for %d packets", len(shown), len(packets))
			}
			for i, n := range sink.frames {
				if n != i+1 {
					t.Fatalf("frame %d comes as number %d", n, i+1)
				}
			}
		}
	}
	full := errors.New("no space left")
	f := Flow{Source: &stock{Source: &capture.Slice{Packets: packets}, every: 3}, Sink: new(counter), Idle: func() error { return full }}
	if counts, err := f.Run(context.Background()); err != full || counts.Packets != 0 {
		t.Errorf("%d packets, error %v, want that of the write", counts.Packets, err)
	}
}

// TestBurstRoom: so many packets go together, again and again.
func TestBurstRoom(t *testing.T) {
	data := greetings(t, 1)[0].Data
	f := Flow{Sink: new(counter), Idle: func() error { return nil }}
	r := &run{Flow: &f, tracker: conversation.NewTracker(conversation.Config{})}
	b, decoder := &r.newBatches(1, burstSize)[0], decode.New()
	for _, c := range []struct{ bytes, packets int }{{60, burstSize.packets}, {burstSize.bytes / 4, 4}, {burstSize.bytes, 1}, {burstSize.bytes + 1, 1}} {
		for range 3 {
			n := 1
			for !b.add(&capture.Packet{Data: append(bytes.Clone(data), make([]byte, c.bytes)...)[:c.bytes]}, decoder, &f.Filter) {
				n++
			}
			if n != c.packets {
				t.Errorf("%d packets of %d bytes, want %d", n, c.bytes, c.packets)
			}
			r.deliver(b, burstSize)
		}
	}
}

// TestBurstsAreRead: packets at hand are read before the first is handed on, and
// with a sink that may be behind they are followed too.
func TestBurstsAreRead(t *testing.T) {
	for _, behind := range []bool{false, true} {
		source := &stock{Source: &capture.Slice{Packets: greetings(t, 3)}, every: 20}
		var sink events
		sink.source = source
		f := Flow{Source: source, Sink: wanting{&sink, timeline.Wants{Kinds: timeline.AllKinds, Behind: behind}}, Idle: func() error { return nil }}
		if _, err := f.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(sink.taken) < 20 || sink.taken[0] != 20 || sink.taken[19] != 20 {
			t.Errorf("behind: %t: so many packets were read when each came to the sink: %v", behind, sink.taken)
		}
		if own := sink.at[0] != sink.at[1]; own != behind {
			t.Errorf("behind: %t: a segment has its own event: %t", behind, own)
		}
	}
}

// events keeps how many packets of a stock had been taken for each segment, and
// where its event is.
type events struct {
	source *stock
	taken  []int
	at     []*conversation.Event
}

func (e *events) Moment(m timeline.Moment) error {
	if m.Kind == timeline.Segment {
		e.taken, e.at = append(e.taken, e.source.taken), append(e.at, m.Event)
	}
	return nil
}

// TestBurstEndsInItsMiddle: what was read before the tap fails or the context
// is cancelled is shown, and nothing after it, as without bursts.
func TestBurstEndsInItsMiddle(t *testing.T) {
	packets, full := greetings(t, 3), errors.New("no space left")
	for _, last := range []int{1, 4, burstSize.packets, burstSize.packets + 1} {
		for _, fails := range []bool{false, true} {
			ended := -1
			for _, w := range []way{{}, {bursts: true}, {bursts: true, behind: true}} {
				ctx, cancel := context.WithCancel(context.Background())
				var sink counter
				f := w.flow(&capture.Slice{Packets: packets}, &sink)
				f.Tap = func(p *capture.Packet) error {
					switch {
					case fails && p.Number > last:
						return full
					case !fails && p.Number == last:
						cancel()
					}
					return nil
				}
				counts, err := f.Run(ctx)
				cancel()
				if counts.Packets != last || len(sink.frames) != last || fails != (err == full) {
					t.Errorf("%+v: %d packets, %d segments shown, error %v; want %d", w, counts.Packets, len(sink.frames), err, last)
				}
				if n := sink.kinds[timeline.Ended]; ended < 0 {
					ended = n
				} else if n != ended {
					t.Errorf("%+v: %d conversations ended, want %d", w, n, ended)
				}
			}
		}
	}
}

// TestBurstOfLargePackets: a packet that has no room beside the others of its
// burst ends it, and what is shown and tapped is each packet's own.
func TestBurstOfLargePackets(t *testing.T) {
	var packets []capture.Packet
	for i, p := range greetings(t, 4) {
		p.Data = append(p.Data, bytes.Repeat([]byte{byte(i)}, []int{0, 10, burstSize.bytes / 3, burstSize.bytes, 4 * burstSize.bytes}[i%5])...) // behind IP's length
		packets = append(packets, p)
	}
	for _, behind := range []bool{false, true} {
		var tapped [][]byte
		var raw, want sequences
		f := way{bursts: true, behind: behind}.flow(&capture.Slice{Packets: packets}, &raw)
		f.Tap = func(p *capture.Packet) error {
			tapped = append(tapped, bytes.Clone(p.Data))
			return nil
		}
		if _, err := f.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		f = way{}.flow(&capture.Slice{Packets: packets}, &want)
		if _, err := f.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if len(want) != len(packets) || !slices.Equal(raw, want) {
			t.Errorf("behind: %t: sequence numbers %x, want %x", behind, raw, want)
		}
		for i, data := range tapped {
			if !bytes.Equal(data, packets[i].Data) {
				t.Fatalf("packet %d was tapped as another", i+1)
			}
		}
	}
}

// sequences are the sequence numbers as they stand in the headers' bytes.
type sequences []uint32

func (s *sequences) Moment(m timeline.Moment) error {
	if m.Kind == timeline.Segment {
		h := m.Event.Segment.Header
		*s = append(*s, uint32(h[4])<<24|uint32(h[5])<<16|uint32(h[6])<<8|uint32(h[7]))
	}
	return nil
}
