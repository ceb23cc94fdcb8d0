package present

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write golden files and docs/keys.md anew")

// golden compares with a file under testdata, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s, line %d:\ngot  %q\nwant %q", path, i+1, g[i], strings.Join(w[min(i, len(w)):min(i+1, len(w))], ""))
		}
	}
	t.Fatalf("%s: %d lines, want %d", path, len(g), len(w))
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file, view, format string
		o                  Options
		scene              func(testing.TB, Presenter)
	}{
		{"story-80.txt", "story", "text", Options{Width: 80}, one},
		{"story-120.txt", "story", "text", Options{Width: 120}, one},
		{"story-48.txt", "story", "text", Options{Width: 48}, one},
		{"story-ascii.txt", "story", "text", Options{Width: 80, ASCII: true}, one},
		{"story-three-clients.txt", "story", "text", Options{Width: 80}, three},
		{"story-trouble.txt", "story", "text", Options{Width: 80}, lost},
		{"story-endpoints-80.txt", "story", "text", Options{Width: 80, Endpoints: true}, one},
		{"story-endpoints-48.txt", "story", "text", Options{Width: 48, Endpoints: true}, one},
		{"story-again-80.txt", "story", "text", Options{Width: 80}, again},
		{"story-crossed-80.txt", "story", "text", Options{Width: 80}, crossed},
		{"story-refused-80.txt", "story", "text", Options{Width: 80}, refused},
		{"story-refused-48.txt", "story", "text", Options{Width: 48}, refused},
		{"story.md", "story", "markdown", Options{Width: 80}, one},
		{"story.ndjson", "story", "ndjson", Options{}, one},
		{"trouble.ndjson", "story", "ndjson", Options{}, lost},
		{"segments-80.txt", "segments", "text", Options{Width: 80}, one},
		{"segments-140.txt", "segments", "text", Options{Width: 140}, lost},
		{"segments.md", "segments", "markdown", Options{}, one},
		{"segments.csv", "segments", "csv", Options{}, one},
		{"segments.ndjson", "segments", "ndjson", Options{}, one},
		{"handshake-80.txt", "handshake", "text", Options{Width: 80}, three},
		{"handshake.md", "handshake", "markdown", Options{}, one},
		{"handshake-again-80.txt", "handshake", "text", Options{Width: 80}, again},
		{"handshake-again.md", "handshake", "markdown", Options{}, again},
		{"handshake-again.csv", "handshake", "csv", Options{}, again},
		{"handshake-crossed-80.txt", "handshake", "text", Options{Width: 80}, crossed},
		{"handshake.csv", "handshake", "csv", Options{}, lost},
		{"endpoints-80.txt", "endpoints", "text", Options{Width: 80}, one},
		{"endpoints-140.txt", "endpoints", "text", Options{Width: 140}, lost},
		{"endpoints.md", "endpoints", "markdown", Options{}, one},
		{"endpoints.csv", "endpoints", "csv", Options{}, lost},
		{"header-80.txt", "header", "text", Options{Width: 80}, one},
		{"header-120.txt", "header", "text", Options{Width: 120}, one},
		{"header-refused.csv", "header", "csv", Options{}, refused},
		{"header.csv", "header", "csv", Options{}, lost},
		{"conversations-80.txt", "conversations", "text", Options{Width: 80}, three},
		{"conversations-again-80.txt", "conversations", "text", Options{Width: 80}, again},
		{"conversations-crossed-80.txt", "conversations", "text", Options{Width: 80}, crossed},
		{"conversations.md", "conversations", "markdown", Options{}, three},
		{"conversations.csv", "conversations", "csv", Options{}, three},
		{"conversations.ndjson", "conversations", "ndjson", Options{}, lost},
		{"dialogue-80.txt", "dialogue", "text", Options{Width: 80}, one},
		{"dialogue.md", "dialogue", "markdown", Options{}, one},
		{"dialogue.csv", "dialogue", "csv", Options{}, one},
	} {
		t.Run(c.file, func(t *testing.T) {
			golden(t, filepath.Join("testdata", c.file), shown(t, c.view, c.format, c.o, c.scene))
		})
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestWidth: no line of text is longer than the width, colour changes nothing
// but colour, and ASCII is ASCII.
func TestWidth(t *testing.T) {
	for _, v := range Views {
		for name, scene := range map[string]func(testing.TB, Presenter){"one": one, "three": three, "lost": lost} {
			for _, width := range []int{24, 40, 60, 72, 80, 100, 119, 120, 140, 200} {
				endpoints := name == "three"
				plain := shown(t, v.Name, "text", Options{Width: width, Endpoints: endpoints}, scene)
				for i, line := range strings.Split(plain, "\n") {
					if w := cells.StringWidth(line); w > width {
						t.Errorf("%s of %s at %d, line %d has %d columns: %s", v.Name, name, width, i+1, w, line)
					}
					if line != strings.TrimRight(line, " ") {
						t.Errorf("%s of %s at %d, line %d ends with a blank", v.Name, name, width, i+1)
					}
				}
				colored := shown(t, v.Name, "text", Options{Width: width, Endpoints: endpoints, Color: true}, scene)
				if plain != "" && !strings.Contains(colored, "\x1b[") {
					t.Errorf("%s of %s at %d: no colour", v.Name, name, width)
				}
				if got := string(trimBlanks([]byte(escapes.ReplaceAllString(colored, "")))); got != plain {
					t.Errorf("%s of %s at %d: with colour the text is another one", v.Name, name, width)
				}
				for _, c := range shown(t, v.Name, "text", Options{Width: width, Endpoints: endpoints, ASCII: true}, scene) {
					if c >= utf8.RuneSelf || c < ' ' && c != '\n' {
						t.Errorf("%s of %s at %d in ASCII: %q", v.Name, name, width, c)
						break
					}
				}
			}
		}
	}
}
