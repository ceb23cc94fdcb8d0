package page

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/readers"
)

// written are files with what pages and pictures come to.
func written(t *testing.T, ending string, openers map[string]opener, play map[string]func(testing.TB, present.Presenter)) (files []string) {
	t.Helper()
	folder := t.TempDir()
	for viewName, open := range openers {
		for name, play := range play {
			file := filepath.Join(folder, viewName+"-"+name+ending)
			if err := os.WriteFile(file, []byte(drawn(t, viewName, open, play)), 0o644); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	return files
}

// run runs a program that is to find nothing wrong, and skips where it is missing.
func run(t *testing.T, within time.Duration, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("there is no %s; .ci/setup --tools installs it", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%.4000s", name, err, out)
	}
	return string(out)
}

// all are hostile texts at once, as no reader is to be started for each.
var all = strings.Join(hostileTexts[:len(hostileTexts)-9], "") + strings.Join(hostileTexts[len(hostileTexts)-5:], "")

func scenesAndHostile() map[string]func(testing.TB, present.Presenter) {
	list := map[string]func(testing.TB, present.Presenter){"hostile": hostile(all)}
	for name, play := range scenes {
		list[name] = play
	}
	return list
}

// TestXMLLint: an independent parser takes pages and pictures for well-formed.
func TestXMLLint(t *testing.T) {
	files := append(written(t, ".html", pages, scenesAndHostile()), written(t, ".svg", pictures, scenesAndHostile())...)
	run(t, time.Minute, "xmllint", append([]string{"--noout", "--nonet"}, files...)...)
}

// TestRSVG: rsvg-convert draws every picture, in its size.
func TestRSVG(t *testing.T) {
	for _, file := range written(t, ".svg", pictures, scenesAndHostile()) {
		if out := run(t, time.Minute, "rsvg-convert", "-o", file+".png", file); out != "" {
			t.Errorf("%s: %s", filepath.Base(file), out)
		}
		if info, err := os.Stat(file + ".png"); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}

// TestBrowser: in Chromium nothing is wider than a window, pale, overlapping, out of the
// keyboard's reach or asked for from elsewhere (.ci/readers/look.js).
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	readers.Installed(t)
	two := map[string]func(testing.TB, present.Presenter){"again": scene.Again, "hostile": hostile(all)}
	one := map[string]func(testing.TB, present.Presenter){"one": scene.One}
	refused := map[string]func(testing.TB, present.Presenter){"refused": scene.Refused}
	header := map[string]opener{"header": HTML}
	tables := map[string]opener{"handshake": HTML, "segments": HTML, "conversations": HTML}
	story := map[string]opener{"story": HTML}
	for name, files := range map[string][]string{
		"lights":   append([]string{"--lights"}, written(t, ".html", header, refused)...),
		"story":    written(t, ".html", story, two),
		"tables":   written(t, ".html", tables, one),
		"pictures": append(written(t, ".svg", pictures, two), written(t, ".svg", pictures, one)...),
	} {
		t.Run(name, func(t *testing.T) {
			readers.Run(t, 5*time.Minute, "look.js", nil, files...)
		})
	}
}
