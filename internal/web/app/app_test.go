package app

import (
	"bytes"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// The page is small, without what reads captures and what Go's tables have, and asks nobody
// else for anything.
func TestPage(t *testing.T) {
	size, tables := 0, 0
	err := fs.WalkDir(Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(Files(), path)
		switch path {
		case decoderModule, "worker.js":
		case "tables.js":
			tables = len(text)
		default:
			size += len(text)
		}
		for _, foreign := range []string{"https://", "innerHTML", "outerHTML", "eval(", "document.write", "insertAdjacentHTML"} {
			if bytes.Contains(text, []byte(foreign)) {
				t.Errorf("%s has %s", path, foreign)
			}
		}
		return err
	})
	if err != nil || size > 60_000 || tables > 4_000 {
		t.Errorf("%d bytes, and %d of tables, %v", size, tables, err)
	}
}

// The one file has every script of the page, and nothing of what it holds becomes markup.
func TestSingle(t *testing.T) {
	scripts, err := fs.Glob(Files(), "*.js")
	scripts = slices.DeleteFunc(scripts, func(name string) bool { return name == "worker.js" || name == "shared.js" || name == decoderModule }) // of other feeds
	if err != nil || len(scripts) != len(modules) {
		t.Errorf("%d scripts, the one file has %d: %v", len(scripts), len(modules), err)
	}
	for _, name := range scripts {
		if !slices.Contains(modules, name) {
			t.Errorf("%s is not in the one file", name)
		}
	}
	var page bytes.Buffer
	hostile := `[{"lab.text":"</script><script>alert(1)</script><!-- \\u2028"}]`
	if err := Write(&page, `<img src=x onerror="alert(1)">&`, []byte(hostile)); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	if n := strings.Count(text, "<script"); n != 2 {
		t.Errorf("%d scripts in the one file, want 2", n)
	}
	for _, wrong := range []string{"<img src=x", "alert(1)</script>", "<link rel=\"stylesheet\"", "src=\"main.js\""} {
		if strings.Contains(text, wrong) {
			t.Errorf("the one file has %s", wrong)
		}
	}
	if regexp.MustCompile(`(?m)^(import|export) |import\(`).MatchString(text) {
		t.Error("the one file imports something")
	}
}

// Of moments that are too many for one page nothing is written.
func TestTooMuch(t *testing.T) {
	var page bytes.Buffer
	s := Single(view.Named("story"), &page, present.Options{}).(*single)
	s.gathered.Write(make([]byte, maxHeld+1))
	var limit *present.TooMuch
	if err := s.Moment(timeline.Moment{Kind: timeline.Note, Text: "one more"}); !errors.As(err, &limit) {
		t.Errorf("one more: %v", err)
	}
	if err := s.Close(); err != nil || page.Len() > 0 {
		t.Errorf("%d bytes are written, %v", page.Len(), err)
	}
}

// No two scripts have a name of their own in common: in the one file they are one.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, name := range append([]string{decoderModule}, modules...) {
		for _, found := range regexp.MustCompile(`(?m)^(?:export )?(?:const|let|function|class|async function) (\w+)`).FindAllStringSubmatch(read(name), -1) {
			if seen[found[1]] != "" {
				t.Errorf("%s is in %s and in %s", found[1], seen[found[1]], name)
			}
			seen[found[1]] = name
		}
	}
}
