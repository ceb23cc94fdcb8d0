package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// TestBundle: a greeting is written in every format there is, in a second of a
// processor's time altogether; ten with the race detector.
func TestBundle(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "notes")
	cmd := labCommand(context.Background(), "export", "../../testdata/greeting.pcapng", "--bundle", folder)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	took, most := cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), time.Second
	if isRace {
		most *= 10
	}
	if took > most {
		t.Errorf("it takes %v", took)
	}
	want := []string{"annotated.pcapng", "index.html"}
	for _, name := range page.IndexViews {
		for _, f := range format.Of(view.Named(name)) {
			want = append(want, name+format.Named(f).Extension)
		}
	}
	slices.Sort(want)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", e.Name(), err)
		}
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("there is %v, want %v", got, want)
	}
}
