package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestRecent: what fits is kept as it is; of more the begin and the end are, in
// whole lines, and nothing is lost uncounted.
func TestRecent(t *testing.T) {
	for _, n := range []int{10, 10_000, 100_000, 1_000_000} {
		var r recent
		for i := range n {
			fmt.Fprintf(&r, "row %d\n", i)
			if r.Len() > recentFirst+3*recentLast {
				t.Fatalf("%d bytes kept", r.Len())
			}
		}
		var out bytes.Buffer
		if _, err := r.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		rows := 0
		for _, line := range lines {
			var i int
			if _, err := fmt.Sscanf(line, "row %d", &i); err == nil {
				rows++
			} else if line != "" && !strings.Contains(line, "left out") {
				t.Errorf("of %d: %q", n, line)
			}
		}
		if rows+r.left != n || lines[0] != "row 0" || lines[len(lines)-1] != fmt.Sprint("row ", n-1) {
			t.Errorf("of %d rows: %d kept, %d left out, from %q to %q", n, rows, r.left, lines[0], lines[len(lines)-1])
		}
	}
}
