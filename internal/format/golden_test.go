package format

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/mattn/go-runewidth"
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
		o                  present.Options
		scene              func(testing.TB, present.Presenter)
	}{
		{"story-80.txt", "story", "text", present.Options{Width: 80}, scene.One},
		{"story-120.txt", "story", "text", present.Options{Width: 120}, scene.One},
		{"story-48.txt", "story", "text", present.Options{Width: 48}, scene.One},
		{"story-ascii.txt", "story", "text", present.Options{Width: 80, ASCII: true}, scene.One},
		{"story-three-clients.txt", "story", "text", present.Options{Width: 80, Clients: three}, scene.Three},
		{"story-joined.txt", "story", "text", present.Options{Width: 80}, scene.Three},
		{"story-trouble.txt", "story", "text", present.Options{Width: 80}, scene.Lost},
		{"story-endpoints-80.txt", "story", "text", present.Options{Width: 80, Endpoints: true}, scene.One},
		{"story-endpoints-48.txt", "story", "text", present.Options{Width: 48, Endpoints: true}, scene.One},
		{"story-again-80.txt", "story", "text", present.Options{Width: 80}, scene.Again},
		{"story-crossed-80.txt", "story", "text", present.Options{Width: 80}, scene.Crossed},
		{"story-refused-80.txt", "story", "text", present.Options{Width: 80}, scene.Refused},
		{"story-refused-48.txt", "story", "text", present.Options{Width: 48}, scene.Refused},
		{"story.md", "story", "markdown", present.Options{Width: 80}, scene.One},
		{"story.svg", "story", "svg", present.Options{Source: "greeting.pcapng"}, scene.One},
		{"story.html", "story", "html", present.Options{Source: "greeting.pcapng"}, scene.One},
		{"story-again.html", "story", "html", present.Options{}, scene.Again},
		{"conversations.html", "conversations", "html", present.Options{}, scene.Three},
		{"handshake.svg", "handshake", "svg", present.Options{}, scene.One},
		{"header.svg", "header", "svg", present.Options{}, scene.Refused},
		{"story-again.svg", "story", "svg", present.Options{}, scene.Again},
		{"story.ndjson", "story", "ndjson", present.Options{}, scene.One},
		{"trouble.ndjson", "story", "ndjson", present.Options{}, scene.Lost},
		{"segments-80.txt", "segments", "text", present.Options{Width: 80}, scene.One},
		{"segments-140.txt", "segments", "text", present.Options{Width: 140}, scene.Lost},
		{"segments.md", "segments", "markdown", present.Options{}, scene.One},
		{"segments.csv", "segments", "csv", present.Options{}, scene.One},
		{"segments.ndjson", "segments", "ndjson", present.Options{}, scene.One},
		{"handshake-80.txt", "handshake", "text", present.Options{Width: 80}, scene.Three},
		{"handshake.md", "handshake", "markdown", present.Options{}, scene.One},
		{"handshake-again-80.txt", "handshake", "text", present.Options{Width: 80}, scene.Again},
		{"handshake-again.md", "handshake", "markdown", present.Options{}, scene.Again},
		{"handshake-again.csv", "handshake", "csv", present.Options{}, scene.Again},
		{"handshake-crossed-80.txt", "handshake", "text", present.Options{Width: 80}, scene.Crossed},
		{"handshake.csv", "handshake", "csv", present.Options{}, scene.Lost},
		{"endpoints-80.txt", "endpoints", "text", present.Options{Width: 80}, scene.One},
		{"endpoints-140.txt", "endpoints", "text", present.Options{Width: 140}, scene.Lost},
		{"endpoints.md", "endpoints", "markdown", present.Options{}, scene.One},
		{"endpoints.csv", "endpoints", "csv", present.Options{}, scene.Lost},
		{"header-80.txt", "header", "text", present.Options{Width: 80}, scene.One},
		{"header-120.txt", "header", "text", present.Options{Width: 120}, scene.One},
		{"header-refused.csv", "header", "csv", present.Options{}, scene.Refused},
		{"header.csv", "header", "csv", present.Options{}, scene.Lost},
		{"conversations-80.txt", "conversations", "text", present.Options{Width: 80}, scene.Three},
		{"conversations-again-80.txt", "conversations", "text", present.Options{Width: 80}, scene.Again},
		{"conversations-crossed-80.txt", "conversations", "text", present.Options{Width: 80}, scene.Crossed},
		{"conversations.md", "conversations", "markdown", present.Options{}, scene.Three},
		{"conversations.csv", "conversations", "csv", present.Options{}, scene.Three},
		{"conversations.ndjson", "conversations", "ndjson", present.Options{}, scene.Lost},
		{"dialogue-80.txt", "dialogue", "text", present.Options{Width: 80}, scene.One},
		{"dialogue.md", "dialogue", "markdown", present.Options{}, scene.One},
		{"dialogue.csv", "dialogue", "csv", present.Options{}, scene.One},
		{"story.mmd", "story", "mermaid", present.Options{}, scene.One},
		{"story-trouble.mmd", "story", "mermaid", present.Options{}, scene.Lost},
		{"handshake.mmd", "handshake", "mermaid", present.Options{}, scene.Three},
		{"header.mmd", "header", "mermaid", present.Options{}, scene.One},
		{"story.tex", "story", "latex", present.Options{}, scene.One},
		{"handshake.tex", "handshake", "latex", present.Options{}, scene.One},
		{"header.tex", "header", "latex", present.Options{}, scene.Refused},
		{"conversations.tex", "conversations", "latex", present.Options{}, scene.Lost},
		{"conversations.json", "conversations", "json", present.Options{}, scene.Three},
	} {
		t.Run(c.file, func(t *testing.T) {
			golden(t, filepath.Join("testdata", c.file), shown(t, c.view, c.format, c.o, c.scene))
		})
	}
}

func three() int { return 3 }

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

var blanksAtEnd = regexp.MustCompile(`(?m) +$`)

// columns measures text as a terminal shows it.
var columns = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// TestWidth: no line of text is longer than the width, colour changes nothing
// but colour, and ASCII is ASCII.
func TestWidth(t *testing.T) {
	for _, v := range view.Views {
		for name, scene := range map[string]func(testing.TB, present.Presenter){"one": scene.One, "three": scene.Three, "lost": scene.Lost} {
			for _, width := range []int{24, 40, 60, 72, 80, 100, 119, 120, 140, 200} {
				endpoints := name == "three"
				plain := shown(t, v.Name, "text", present.Options{Width: width, Endpoints: endpoints}, scene)
				for i, line := range strings.Split(plain, "\n") {
					if w := columns.StringWidth(line); w > width {
						t.Errorf("%s of %s at %d, line %d has %d columns: %s", v.Name, name, width, i+1, w, line)
					}
					if line != strings.TrimRight(line, " ") {
						t.Errorf("%s of %s at %d, line %d ends with a blank", v.Name, name, width, i+1)
					}
				}
				colored := shown(t, v.Name, "text", present.Options{Width: width, Endpoints: endpoints, Color: true}, scene)
				if plain != "" && !strings.Contains(colored, "\x1b[") {
					t.Errorf("%s of %s at %d: no colour", v.Name, name, width)
				}
				if got := blanksAtEnd.ReplaceAllString(escapes.ReplaceAllString(colored, ""), ""); got != plain {
					t.Errorf("%s of %s at %d: with colour the text is another one", v.Name, name, width)
				}
				for _, c := range shown(t, v.Name, "text", present.Options{Width: width, Endpoints: endpoints, ASCII: true}, scene) {
					if c >= utf8.RuneSelf || c < ' ' && c != '\n' {
						t.Errorf("%s of %s at %d in ASCII: %q", v.Name, name, width, c)
						break
					}
				}
			}
		}
	}
}
