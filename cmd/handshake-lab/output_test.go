package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// watched shows moments and looks after each what is in the file.
type watched struct {
	*shown
	t    *testing.T
	when func(before, after int64)
}

func (w watched) Moment(m timeline.Moment) error {
	before := sizeAt(w.t, w.to.name)
	err := w.shown.Moment(m)
	w.when(before, sizeAt(w.t, w.to.name))
	return err
}

func sizeAt(t *testing.T, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// slowly is a source that has to be waited for before each packet.
type slowly struct{ capture.Source }

func (slowly) AtHand() bool { return false }

// TestFlushing: what is shown goes out with each moment where there is a pause
// before the next; of what is live before the source has to be waited for; of a
// file at the end, or where there is enough for a write. The same for all formats
// that write row by row.
func TestFlushing(t *testing.T) {
	for _, c := range [...]struct{ view, format string }{{"story", "text"}, {"segments", "text"}, {"segments", "markdown"}, {"segments", "csv"}, {"segments", "ndjson"}} {
		show := func(flushed flushing, long bool, when func(to *shown, before, after int64), idle func(to *shown) error) (atEnd int64) {
			path := filepath.Join(t.TempDir(), "out")
			a := &app{stdout: os.Stdout}
			to, err := a.openView(&showFlags{view: c.view, format: c.format, out: path}, true, flushed)
			if err != nil {
				t.Fatal(err)
			}
			for rounds := 0; rounds == 0 || long && rounds < 100; rounds++ {
				file, err := capture.Open("../../testdata/greeting.pcapng", nil)
				if err != nil {
					t.Fatal(err)
				}
				flow := pipeline.Flow{Source: slowly{file}, Sink: watched{to, t, func(before, after int64) { when(to, before, after) }}}
				if idle != nil {
					flow.Idle = func() error { return idle(to) }
				}
				if _, err := flow.Run(context.Background()); err != nil {
					t.Fatal(err)
				}
				file.Close()
			}
			before := sizeAt(t, path)
			if err := to.Close(); err != nil {
				t.Fatal(err)
			}
			return sizeAt(t, path) - before
		}
		stays := func(_ *shown, before, after int64) {
			if after != before {
				t.Errorf("%s as %s: %d bytes written with a moment", c.view, c.format, after-before)
			}
		}

		written := 0
		show(eachMoment, false, func(to *shown, before, after int64) {
			if after > before {
				written++
			}
			if len(to.to.waiting) > 0 {
				t.Errorf("%s as %s: with a pause after a moment %d bytes of it wait", c.view, c.format, len(to.to.waiting))
			}
		}, nil)
		if written < 10 {
			t.Errorf("%s as %s: only %d moments were written at once", c.view, c.format, written)
		}

		idle := 0
		show(whenIdle, false, stays, func(to *shown) error {
			if len(to.to.waiting) > 0 {
				idle++
			}
			return to.to.Flush()
		})
		if idle < 10 {
			t.Errorf("%s as %s: something to write before %d waits for the source only", c.view, c.format, idle)
		}

		if show(whenFull, false, stays, nil) == 0 {
			t.Errorf("%s as %s: nothing is written at the end", c.view, c.format)
		}
		full := 0
		show(whenFull, true, func(_ *shown, before, after int64) {
			if after == before {
				return
			}
			if full++; after-before < enough {
				t.Errorf("%s as %s: a write of %d bytes before the end", c.view, c.format, after-before)
			}
		}, nil)
		if full == 0 {
			t.Errorf("%s as %s: all of a long capture waits for its end", c.view, c.format)
		}
	}
}
