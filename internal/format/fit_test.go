package format

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// TestRoomIsUsed: on a page of any width no line of a table is wider than the page,
// and no text is cut while columns of it are unused; the value of a header's field
// stands on the narrowest.
func TestRoomIsUsed(t *testing.T) {
	var files []string
	filepath.WalkDir("../../testdata", func(path string, _ fs.DirEntry, _ error) error {
		if strings.Contains(filepath.Base(path), ".pcap") {
			files = append(files, path)
		}
		return nil
	})
	widths := []int{50, 65, 80, 100, 140, 200}
	if testing.Short() {
		widths = []int{50, 80}
	}
	for _, path := range files {
		for _, v := range view.Views {
			if v.IsStory() {
				continue
			}
			for _, width := range widths {
				text := tableOf(t, path, v.Name, width)
				checkRoom(t, text, filepath.Base(path)+" "+v.Name, width)
				if v.Name == "header" && text != "" && !strings.Contains(text, "  value") {
					t.Errorf("%s at %d: a header without values", path, width)
				}
			}
		}
	}
}

// tableOf is a view of a capture as text; nothing where it cannot be read.
func tableOf(t *testing.T, path, name string, width int) string {
	file, err := capture.Open(path, nil)
	if err != nil {
		return ""
	}
	defer file.Close()
	var out strings.Builder
	p, err := Open(name, "text", &out, present.Options{Width: width, Sorted: true})
	if err != nil {
		t.Fatal(err)
	}
	flow := pipeline.Flow{Source: file, Sink: p}
	flow.Run(context.Background())
	p.Close()
	return out.String()
}

// checkRoom looks at each table, which begins with the line under its titles.
func checkRoom(t *testing.T, text, what string, width int) {
	lines := strings.Split(text, "\n")
	used := -1 // columns of the present table; below 0 before there is one
	for i, line := range lines {
		w := columns.StringWidth(line)
		if w > width {
			t.Errorf("%s at %d, line %d has %d columns: %s", what, width, i+1, w, line)
		}
		switch {
		case line == "":
			used = -1
		case strings.Trim(line, "─") == "":
			used = w
		case used >= 0 && used < width-1 && strings.Contains(line, "…") && !strings.HasPrefix(line, "    "):
			t.Errorf("%s at %d, line %d is cut where %d columns are unused: %s", what, width, i+1, width-used, line)
			return
		}
	}
}
