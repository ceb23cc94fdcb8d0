package report

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRow(t *testing.T) {
	for _, test := range []struct {
		row  Row
		want string
	}{
		{AtMost("read", "1 s", "2 s", 0.5, 2, " ×"), "| read | 1 s | 2 s | 0.50 × | ≤ 2 × | ok |"},
		{AtMost("read", "5 s", "2 s", 2.5, 2, " ×"), "| read | 5 s | 2 s | 2.50 × | ≤ 2 × | **missed** |"},
		{AtLeast("serve", "", "", 39.94, 40, " ×"), "| serve |  |  | 39.9 × | ≥ 40 × | **missed** |"},
		{AtLeast("serve", "", "", 123.4, 40, " ×"), "| serve |  |  | 123 × | ≥ 40 × | ok |"},
		{Told("watch", "", "9/s", 0.85, " ×"), "| watch |  | 9/s | 0.85 × |  |  |"},
		{Skip("watch", "≤ 5 ms", "needs root"), "| watch |  |  | needs root | ≤ 5 ms | skipped |"},
	} {
		if got := test.row.String(); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

func TestMedian(t *testing.T) {
	if got := Median([]time.Duration{9, 1, 5}); got != 5 {
		t.Errorf("%d, want 5", got)
	}
	if got := Median([]float64{4, 1, 2, 3}); got != 2 {
		t.Errorf("%v, want 2", got)
	}
}

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	os.WriteFile(path, []byte("a\n<!-- x begins -->\nold\n<!-- x ends -->\nb\n"), 0o644)
	if err := Update(path, "x", "new\n"); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if want := "a\n<!-- x begins -->\nnew\n<!-- x ends -->\nb\n"; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if err := Update(path, "y", ""); err == nil {
		t.Error("a section that is not there is written")
	}
}
