package pipeline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// counter counts moments by kind, and fails after so many.
type counter struct {
	kinds  map[timeline.Kind]int
	frames []int
	after  int
	err    error
}

func (c *counter) Moment(m timeline.Moment) error {
	if c.kinds == nil {
		c.kinds = make(map[timeline.Kind]int)
	}
	c.kinds[m.Kind]++
	if m.Kind == timeline.Segment {
		c.frames = append(c.frames, m.Event.Segment.Number)
		if len(c.frames) == c.after {
			return c.err
		}
	}
	return nil
}

func open(t testing.TB, name string) *capture.File {
	t.Helper()
	f, err := capture.Open("../../testdata/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFlow(t *testing.T) {
	for _, test := range []struct {
		name     string
		file     string
		filter   Filter
		segments int
		ended    int
	}{
		{"all", "greeting.pcapng", Filter{}, 21, 1},
		{"the port", "greeting.pcapng", Filter{Port: 6000}, 21, 1},
		{"another port", "greeting.pcapng", Filter{Port: 80}, 0, 0},
		{"no such stream", "greeting.pcapng", Filter{Streams: []int{1}}, 0, 0},
		{"one stream of three", "three-clients.pcapng", Filter{Streams: []int{1}}, 17, 1},
		{"packets that match", "greeting.pcapng", Filter{Matches: func(p *capture.Packet) bool { return p.Number <= 3 }}, 3, 1},
		{"no packet matches", "greeting.pcapng", Filter{Matches: func(*capture.Packet) bool { return false }}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sink counter
			file := open(t, test.file)
			f := Flow{Source: file, Sink: &sink, Filter: test.filter}
			if _, err := f.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := sink.kinds[timeline.Segment]; got != test.segments {
				t.Errorf("%d segments, want %d", got, test.segments)
			}
			if got := sink.kinds[timeline.Ended]; got != test.ended {
				t.Errorf("%d conversations, want %d", got, test.ended)
			}
		})
	}
}

// Frame numbers stay what they are in the file, whatever the filter.
func TestFilterKeepsNumbers(t *testing.T) {
	var sink counter
	f := Flow{Source: open(t, "greeting.pcapng"), Sink: &sink,
		Filter: Filter{Matches: func(p *capture.Packet) bool { return p.Number%10 == 0 }}}
	if _, err := f.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(sink.frames) != 2 || sink.frames[0] != 10 || sink.frames[1] != 20 {
		t.Errorf("frames %v, want 10 and 20", sink.frames)
	}
}

func TestFlowEndsWithItsSink(t *testing.T) {
	full := errors.New("full")
	sink := counter{after: 5, err: full}
	f := Flow{Source: open(t, "greeting.pcapng"), Sink: &sink}
	counts, err := f.Run(context.Background())
	if err != full || counts.Packets != 5 || sink.kinds[timeline.Ended] != 0 {
		t.Errorf("%d packets, %d ends, %v; want 5, none, full", counts.Packets, sink.kinds[timeline.Ended], err)
	}
}

// What breaks off is told after all that could be read, conversations included.
func TestFlowOfDamage(t *testing.T) {
	whole, err := os.ReadFile("../../testdata/greeting.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	file, err := capture.NewReader(bytes.NewReader(whole[:len(whole)/2]))
	if err != nil {
		t.Fatal(err)
	}
	var sink counter
	f := Flow{Source: file, Sink: &sink}
	counts, err := f.Run(context.Background())
	var damage *capture.Damage
	if !errors.As(err, &damage) || counts.Packets != damage.Frame-1 || sink.kinds[timeline.Ended] != 1 {
		t.Errorf("%d packets, %d ends, %v", counts.Packets, sink.kinds[timeline.Ended], err)
	}
}

func TestFlowEndsWithItsContext(t *testing.T) {
	for _, unfinished := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		var sink counter
		f := Flow{Source: open(t, "greeting.pcapng"), Sink: &sink, Unfinished: unfinished,
			Tap: func(p *capture.Packet) error {
				if p.Number == 4 {
					cancel()
				}
				return nil
			}}
		counts, err := f.Run(ctx)
		ends := 1
		if unfinished {
			ends = 0
		}
		if err != nil || counts.Packets != 4 || sink.kinds[timeline.Ended] != ends {
			t.Errorf("unfinished %t: %d packets, %d ends, %v", unfinished, counts.Packets, sink.kinds[timeline.Ended], err)
		}
	}
}

// TestSpeed: two moments 20 ms apart, at a tenth of the speed and at once; and
// further apart than 64 bits of nanoseconds hold.
func TestSpeed(t *testing.T) {
	for _, test := range []struct {
		factor   float64
		between  capture.Time // the second one; the first is at 1 s
		takes    time.Duration
		canceled bool
	}{
		{1, capture.At(1e9 + 20e6), 20 * time.Millisecond, false},
		{0.1, capture.At(1e9 + 20e6), 200 * time.Millisecond, false},
		{1000, capture.At(1e9 + 20e6), 20 * time.Microsecond, false},
		{0.001, capture.At(1e9 + 20e6), 0, true},
		{1e11, capture.Time{Sec: 10_000_000_001, Known: true}, 100 * time.Millisecond, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.canceled {
				cancel()
			}
			s := Speed{Context: ctx, Sink: &counter{}, Factor: test.factor}
			begin := time.Now()
			for _, at := range []capture.Time{capture.At(1e9), test.between} {
				if err := s.Moment(timeline.Moment{Kind: timeline.Note, At: at}); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(begin); (took - test.takes).Abs() > time.Microsecond {
				t.Errorf("factor %v took %v, want %v", test.factor, took, test.takes)
			}
		})
	}
}

// endless repeats a capture's packets n times, with no allocation of its own.
type endless struct {
	packets []capture.Packet
	n, next int
}

func (e *endless) Next(p *capture.Packet) error {
	if e.next == e.n {
		return io.EOF
	}
	*p = e.packets[e.next%len(e.packets)]
	e.next++
	p.Number = e.next
	return nil
}

type nothing struct{}

func (nothing) Moment(timeline.Moment) error { return nil }

// The way from a packet to its moment costs no allocation, once the
// conversations are known.
func TestFlowAllocatesNothingPerPacket(t *testing.T) {
	file := open(t, "three-clients.pcapng")
	var packets []capture.Packet
	for {
		var p capture.Packet
		err := file.Next(&p)
		if err != nil {
			break
		}
		p.Data = bytes.Clone(p.Data)
		packets = append(packets, p)
	}
	for _, w := range []way{{}, {bursts: true}, {bursts: true, behind: true}} {
		run := func(n int) float64 {
			return testing.AllocsPerRun(5, func() {
				f := w.flow(&endless{packets: packets, n: n}, nothing{})
				if _, err := f.Run(context.Background()); err != nil {
					t.Fatal(err)
				}
			})
		}
		few, many := run(1000), run(21000)
		if perPacket := (many - few) / 20000; perPacket > 0.01 {
			t.Errorf("%+v: %.3f allocations a packet, want none", w, perPacket)
		}
	}
}

// A conversation that is over leaves its memory to the next, on every way.
func TestFlowAllocatesNothingPerConversation(t *testing.T) {
	for _, w := range []way{{}, {bursts: true}, {bursts: true, behind: true}, {bursts: true, behind: true, conclude: true}} {
		run := func(times int) float64 {
			packets := greetings(t, times)
			return testing.AllocsPerRun(3, func() {
				f := w.wanting(&capture.Slice{Packets: packets}, nothing{}, timeline.These(timeline.Segment))
				if _, err := f.Run(context.Background()); err != nil {
					t.Fatal(err)
				}
			})
		}
		if few, many := run(50), run(2050); many > few+20 { // they come in slabs of hundreds; a busy machine's collector adds a few
			t.Errorf("%+v: %.0f allocations for 50 conversations, %.0f for 2050", w, few, many)
		}
	}
}
