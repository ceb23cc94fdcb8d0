package format

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// writes counts calls of Write.
type writes struct {
	bytes.Buffer
	n    int
	fail error
}

func (w *writes) Write(p []byte) (int, error) {
	if w.fail != nil {
		return 0, w.fail
	}
	w.n++
	return w.Buffer.Write(p)
}

// TestOneWrite: each moment is one Write at most, of every view and format, and
// each of the story one; so whoever owns the writer knows when what is shown goes
// out.
func TestOneWrite(t *testing.T) {
	for _, v := range view.Views {
		for _, format := range Of(&v) {
			var w writes
			p, err := Open(v.Name, format, &w, present.Options{Live: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range scene.Recorded(t) {
				before := w.n
				if err := p.Moment(m); err != nil {
					t.Fatal(err)
				}
				if n := w.n - before; n > 1 || n == 0 && v.IsStory() && format == "text" {
					t.Errorf("%s %s: %d writes for a moment", v.Name, format, n)
				}
			}
		}
	}
}

// TestBrokenPipe: an output that fails is reported by every view and format,
// at the latest by Close.
func TestBrokenPipe(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, v := range view.Views {
		for _, format := range Of(&v) {
			p, err := Open(v.Name, format, &writes{fail: broken}, present.Options{Live: true})
			if err != nil {
				t.Fatal(err)
			}
			var failed error
			keep := func(err error) {
				if err != nil && failed == nil {
					failed = err
				}
			}
			moments := scene.Recorded(t)
			for _, m := range moments {
				keep(p.Moment(m))
			}
			keep(p.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: moments[0].Event.Conversation}))
			keep(p.Close())
			if !errors.Is(failed, broken) && !v.Both {
				t.Errorf("%s %s: %v, want %v", v.Name, format, failed, broken)
			}
		}
	}
}

// TestAllocations: no row and no step of the story allocates, in those formats that
// are for long captures.
func TestAllocations(t *testing.T) {
	for _, v := range view.Views {
		for _, format := range Of(&v) {
			switch {
			case !slices.Contains([]string{"text", "markdown", "csv", "ndjson"}, format):
				continue
			case v.Name == "conversations" && testing.AllocsPerRun(10, func() { _ = conversation.Completeness(31).Text() }) > 0:
				continue // its text allocates
			case v.Name == "handshake", v.Name == "header":
				continue // rows are kept until the third; the header before
			}
			moments := scene.Recorded(t)
			p, err := Open(v.Name, format, io.Discard, present.Options{Width: 140})
			if err != nil {
				t.Fatal(err)
			}
			feed := func() {
				for _, m := range moments {
					if err := p.Moment(m); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range 100 { // the first rows wait for each other
				feed()
			}
			if n := testing.AllocsPerRun(100, feed); n > 0 {
				t.Errorf("%s %s: %v allocations for %d moments", v.Name, format, n, len(moments))
			}
		}
	}
}

func BenchmarkSegments(b *testing.B) {
	for _, format := range []string{"ndjson", "csv"} {
		b.Run(format, func(b *testing.B) {
			benchRows(b, format, present.Options{})
		})
	}
}

func benchRows(b *testing.B, format string, o present.Options) {
	moments := scene.Recorded(b)
	p, err := Open("segments", format, io.Discard, o)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := range b.N {
		if err := p.Moment(moments[i%len(moments)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStory: without the sentence beside the ladder, and with it.
func BenchmarkStory(b *testing.B) {
	for _, columns := range []int{80, 140} {
		b.Run(strconv.Itoa(columns), func(b *testing.B) {
			moments := scene.Recorded(b)
			var out bytes.Buffer
			p, _ := Open("story", "text", &out, present.Options{Width: columns})
			b.ReportAllocs()
			for i := range b.N {
				out.Reset()
				if err := p.Moment(moments[i%len(moments)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTable: a table on a screen has to keep up with the wire.
func BenchmarkTable(b *testing.B) { benchRows(b, "text", present.Options{Width: 120, Live: true}) }
