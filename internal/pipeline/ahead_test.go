package pipeline

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// way is how a flow goes: in step, ahead, or in bursts; with its sink behind; and
// with conversations concluded.
type way struct{ ahead, bursts, behind, conclude bool }

// flow goes that way from a source to a sink.
func (w way) flow(source capture.Source, sink timeline.Sink) Flow {
	return w.wanting(source, sink, timeline.AllKinds)
}

func (w way) wanting(source capture.Source, sink timeline.Sink, kinds timeline.Kinds) Flow {
	f := Flow{Source: source, Sink: wanting{sink, timeline.Wants{Kinds: kinds, Behind: w.behind}}, Ahead: w.ahead, Conclude: w.conclude}
	if w.bursts {
		f.Source, f.Idle = &stock{Source: source, every: 150}, func() error { return nil }
	}
	return f
}

// wanting is a sink with other wants.
type wanting struct {
	timeline.Sink
	wants timeline.Wants
}

func (w wanting) Wants() timeline.Wants { return w.wants }

// mayBeBehind is a sink that wants all.
func mayBeBehind(s timeline.Sink) timeline.Sink {
	return wanting{s, timeline.Wants{Kinds: timeline.AllKinds, Behind: true}}
}

// written is what a flow over a source writes in a view and a format.
func written(t *testing.T, source capture.Source, shown, as string, w way) string {
	t.Helper()
	var all bytes.Buffer
	p, err := format.Open(shown, as, &all, present.Options{Width: 100})
	if err != nil {
		t.Fatal(err)
	}
	f := w.flow(source, p)
	if w.behind {
		f.Sink = p // as it wants it itself
	}
	counts, err := f.Run(context.Background())
	if counts.Packets == 0 {
		t.Fatal("no packets")
	}
	if err := errors.Join(err, p.Close()); err != nil {
		if tooMuch := new(present.TooMuch); !errors.As(err, &tooMuch) { // a bound is the same on every way
			t.Fatalf("%d packets, %v", counts.Packets, err)
		}
		return err.Error()
	}
	return all.String()
}

// same holds what a view shows on every way that it may go against the plain one.
func same(t *testing.T, name string, source func() capture.Source) {
	t.Helper()
	sameAs(t, name, source, func(v *view.View) (names []string) { // for readers and for programs
		for _, name := range format.Of(v) {
			if name == "text" || name == "ndjson" {
				names = append(names, name)
			}
		}
		return names
	})
}

// sameAs does so in some formats.
func sameAs(t *testing.T, name string, source func() capture.Source, formats func(*view.View) []string) {
	t.Helper()
	for _, v := range view.Views {
		ways := []way{{ahead: true}, {bursts: true}}
		if v.Wants.Behind {
			ways = append(ways, way{ahead: true, behind: true}, way{bursts: true, behind: true})
		}
		for _, name := range formats(&v) {
			for _, conclude := range []bool{false, true} {
				want := written(t, source(), v.Name, name, way{conclude: conclude})
				for _, w := range ways {
					w.conclude = conclude
					if written(t, source(), v.Name, name, w) != want {
						t.Errorf("%s: %s as %s shows something else with %+v", name, v.Name, name, w)
					}
				}
			}
		}
	}
}

func TestEveryWayShowsTheSame(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	if len(files) < 5 {
		t.Fatalf("%d recordings", len(files))
	}
	for _, path := range files {
		source := func() capture.Source {
			file, err := capture.Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { file.Close() })
			return file
		}
		if filepath.Base(path) == "greeting.pcapng" {
			sameAs(t, path, source, format.Of)
		} else {
			same(t, path, source)
		}
	}
}

// TestConcluded: what comes after the end of a conversation does not change what
// was said of it.
func TestConcluded(t *testing.T) {
	packets := greetings(t, 1)
	for _, late := range packets[len(packets)-3:] {
		late.Number = len(packets) + 1
		packets = append(packets, late)
	}
	same(t, "a greeting with late segments", func() capture.Source { return &capture.Slice{Packets: packets} })
}

// greetings is a recording again and again, so long apart that each
// conversation is given up, and what held it used for the next.
func greetings(t *testing.T, times int) []capture.Packet {
	t.Helper()
	var all []capture.Packet
	for i := range times {
		file := open(t, "greeting.pcapng")
		for p := (capture.Packet{}); file.Next(&p) == nil; {
			p.Number, p.Data = len(all)+1, bytes.Clone(p.Data)
			p.Time.Sec += int64(i) * 200
			all = append(all, p)
		}
	}
	return all
}

func TestEveryWayReusesConversations(t *testing.T) {
	packets := greetings(t, 40)
	same(t, "greetings", func() capture.Source { return &capture.Slice{Packets: packets} })
}

// TestEveryWayEnds: an error of the source comes after all packets before it,
// one of the sink ends everything, and a cancelled context too.
func TestEveryWayEnds(t *testing.T) {
	packets, broken := greetings(t, 500), errors.New("broken off")
	for _, w := range []way{{}, {ahead: true}, {ahead: true, behind: true}, {bursts: true}, {bursts: true, behind: true}} {
		var sink counter
		f := w.flow(&capture.Slice{Packets: packets, Err: broken}, &sink)
		counts, err := f.Run(context.Background())
		if err != broken || counts.Packets != len(packets) || len(sink.frames) != counts.Segments || sink.kinds[timeline.Ended] != counts.Streams {
			t.Errorf("%+v: %+v, %d segments shown, %d ends, error %v", w, counts, len(sink.frames), sink.kinds[timeline.Ended], err)
		}
		full := counter{after: 310, err: errors.New("no space left")} // in the middle of a burst
		f = w.flow(&capture.Slice{Packets: packets}, &full)
		if _, err := f.Run(context.Background()); err != full.err {
			t.Errorf("%+v: error %v, want the sink's", w, err)
		}
		if len(full.frames) != 310 || full.kinds[timeline.Ended] > 310 {
			t.Errorf("%+v: %d segments, %d ends, want none after the error", w, len(full.frames), full.kinds[timeline.Ended])
		}
		var ends counter
		f = w.wanting(&capture.Slice{Packets: packets}, &ends, timeline.These(timeline.Ended))
		if _, err := f.Run(context.Background()); err != nil || len(ends.frames) != 0 || ends.kinds[timeline.Ended] != counts.Streams {
			t.Errorf("%+v: error %v, %d segments, %d ends; all ends are wanted, and only these", w, err, len(ends.frames), ends.kinds[timeline.Ended])
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		f = w.flow(&capture.Slice{Packets: packets}, &sink)
		if _, err := f.Run(ctx); err != nil {
			t.Errorf("%+v, cancelled: %v", w, err)
		}
	}
}

// faulty is a source with a fault of its own.
type faulty struct{}

func (faulty) Next(*capture.Packet) error { panic("a fault") }
func (faulty) ReadInto(func(int) []byte)  {}

// faultySink has one too.
type faultySink struct{}

func (faultySink) Moment(timeline.Moment) error { panic("a fault") }

func TestAheadPassesAFaultOn(t *testing.T) {
	many, few := greetings(t, 100), greetings(t, 1)
	for name, f := range map[string]*Flow{
		"source":            {Source: faulty{}, Sink: &counter{}, Ahead: true},
		"source, with sink": {Source: faulty{}, Sink: mayBeBehind(&counter{}), Ahead: true},
		"sink":              {Source: &capture.Slice{Packets: many}, Sink: mayBeBehind(faultySink{}), Ahead: true},
		"sink, at the end":  {Source: &capture.Slice{Packets: few}, Sink: wanting{faultySink{}, timeline.Wants{Kinds: timeline.These(timeline.Ended), Behind: true}}, Ahead: true},
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.HasPrefix(text, "a fault") {
					t.Errorf("%s: recovered %q", name, text)
				}
			}()
			f.Run(context.Background())
			t.Errorf("%s: the fault was lost", name)
		}()
	}
}
