package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/explain"
)

// Every command of the lesson runs, one after the other as in class, and shows what the
// lesson says.
func TestLesson(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(filepath.Join(dir, "anna.txt"), []byte("1: SYN+ACK\n2: 1\n"), 0o600))
	for _, stage := range explain.Plan {
		for _, c := range stage.Commands {
			words := strings.Fields(c.Line)
			if words[0] != program {
				t.Fatalf("%s is no command of ours", c.Line)
			}
			if words[1] == "run" && !(haveLibpcap() && havePrivate()) {
				recorded, err := os.ReadFile("../../testdata/greeting.pcapng")
				must(err)
				must(os.WriteFile(filepath.Join(dir, words[len(words)-1]), recorded, 0o600))
				t.Logf("needs libpcap and private network namespaces: %s", c.Line)
				continue
			}
			command := labCommand(t.Context(), words[1:]...)
			command.Dir = dir
			command.Env = append(os.Environ(), "COLUMNS=80", "LC_ALL=C.UTF-8")
			out, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", c.Line, err, out)
			}
			shown := strings.Join(strings.Fields(string(out)), " ")
			for _, want := range c.Shows {
				if !strings.Contains(shown, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("%s: no %q in\n%s", c.Line, want, out)
				}
			}
		}
		if len(stage.Asked) == 0 || stage.Minutes == 0 {
			t.Errorf("%s: nothing is asked, or it takes no time", stage.Title)
		}
	}
	for _, name := range []string{"sheet.html", "key.html"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), "<html") {
			t.Errorf("%s is no page: %v", name, err)
		}
	}
}
