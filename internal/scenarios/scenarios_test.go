package scenarios

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/nearby"
	"github.com/handshake-lab/handshake-lab/testdata"
)

// fixed are the names that lab sheets rely on.
const fixed = `normal refused filtered syn-lost syn-ack-lost ack-lost-client ack-lost-server duplicate-syn
	old-duplicate-syn simultaneous-open half-open reconnect-after-crash accept-queue-full overflow-abort syn-flood
	syn-cookies simultaneous-close half-close abort port-reuse zero-window keep-alive path-mtu ecn fast-open mptcp
	data-lost fast-retransmit reorder blind-reset blind-reset-survived`

func TestNames(t *testing.T) {
	for _, name := range strings.Fields(fixed) {
		for _, written := range []string{name, Prefix + name} {
			if s, err := Find(written); err != nil || s.Name != name {
				t.Errorf("Find(%q) is %q, %v", written, s.Name, err)
			}
		}
	}
	for asked, near := range map[string]string{"refusd": "refused", "Refused": "refused", "syn": "syn-lost", "halfopen": "half-open",
		"syn-ack": "syn-ack-lost", "zero": "zero-window"} {
		if _, err := Find(Prefix + asked); err == nil || !strings.Contains(err.Error(), near) {
			t.Errorf("Find(%q): %v; want %s to be named", asked, err, near)
		}
	}
	for _, asked := range []string{"", "quetzalcoatl"} {
		if _, err := Find(Prefix + asked); err == nil || strings.Contains(err.Error(), "mean") {
			t.Errorf("Find(%q): %v; want no guess", asked, err)
		}
	}
}

// Every row is sound, every recording has a row, and none has two.
func TestTable(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	names, files := map[string]bool{}, map[string]bool{}
	for _, s := range All() {
		if !shape.MatchString(s.Name) || names[s.Name] || s.file != "" && files[s.file] {
			t.Errorf("%s (%s) stands twice, or is no name", s.Name, s.file)
		}
		names[s.Name], files[s.file], files[s.both] = true, true, true
		if !strings.HasSuffix(s.Sentence, ".") || len(s.Sentence) > 110 {
			t.Errorf("%s: %q", s.Name, s.Sentence)
		}
		if len(s.Capture()) == 0 {
			t.Errorf("%s is empty", s.Name)
		}
	}
	for _, dir := range []string{".", "trouble", folder} {
		entries, err := testdata.Recordings.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if file := path.Join(dir, e.Name()); !e.IsDir() && !files[file] {
				t.Errorf("testdata/%s has no name", file)
			}
		}
	}
}

func TestNearby(t *testing.T) {
	names := []string{"connect", "calls", "header"}
	for asked, want := range map[string]string{"conect": "connect", "haeder": "header", "acll": "", "head": "header", "bpf": "", "udp": "", "x": ""} {
		if got := strings.Join(nearby.Names(asked, names), " "); got != want {
			t.Errorf("near %q: %q, want %q", asked, got, want)
		}
	}
}
