package explain

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/decode"
)

// The display filters find as many segments as the words say, in recordings and
// among all values of the flags.
func TestDisplayFilters(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("needs tshark")
	}
	var filters []string
	var takes []func(*decode.Segment) bool
	add := func(filter string, f func(*decode.Segment) bool) {
		filters, takes = append(filters, filter), append(takes, f)
	}
	for _, f := range findings {
		add(f.display, means[f.finds])
	}
	for flag := decode.FIN; flag <= decode.AE; flag <<= 1 {
		add(row(t, oneFlagRows(flag), "display"), func(s *decode.Segment) bool { return s.Flags&flag != 0 })
	}
	for _, flags := range []decode.Flags{0, decode.SYN, decode.SYN | decode.ACK, 0x112, allFlags} {
		add(row(t, byteRows(flags), "display"), func(s *decode.Segment) bool { return s.Flags == flags })
	}
	files := map[string][]found{}
	for _, f := range population(t) {
		path, _, _ := strings.Cut(f.where, " #")
		switch {
		case path == "made", strings.HasSuffix(path, "greeting.pcapng"), strings.HasSuffix(path, "ipv6.pcapng"), strings.HasSuffix(path, "zero-window-probe.pcapng"):
			files[path] = append(files[path], f)
		}
	}
	for path, packets := range files {
		if path == "made" {
			path = writeRaw(t, packets)
		}
		got := countShown(t.Context(), t, path, filters)
		for i, filter := range filters {
			want := 0
			for _, f := range packets {
				if f.segment != nil && takes[i](f.segment) {
					want++
				}
			}
			if got[i] != want {
				t.Errorf("%s: %s shows %d, want %d", filepath.Base(path), filter, got[i], want)
			}
		}
	}
}

func writeRaw(t *testing.T, packets []found) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.pcapng")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := savefile.NewWriter(file, capture.PCAPNG, capture.Section{}, []capture.Interface{{Link: capture.LinkRaw}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		if err := w.Write(&packets[i].packet); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// countShown asks tshark how many frames of a file each display filter shows.
func countShown(ctx context.Context, t *testing.T, path string, filters []string) (counts []int) {
	t.Helper()
	out, err := exec.CommandContext(ctx, "tshark", "-r", path, "-q", "-z", "io,stat,0,"+strings.Join(filters, ",")).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	line := regexp.MustCompile(`(?m)^\| *[0-9.]+ <> .*$`).FindString(string(out))
	cells := strings.Split(line, "|")
	for i := 2; i+1 < len(cells); i += 2 { // frames and bytes of each
		n, err := strconv.Atoi(strings.TrimSpace(cells[i]))
		if err != nil {
			t.Fatalf("tshark says\n%s", out)
		}
		counts = append(counts, n)
	}
	if len(counts) != len(filters) {
		t.Fatalf("tshark counts %d of %d filters:\n%s", len(counts), len(filters), out)
	}
	return counts
}
