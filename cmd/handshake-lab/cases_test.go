package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/cases"
)

var keep = flag.String("keep", "", "where TestCases leaves its captures, to be opened in Wireshark")

// TestCases builds each capture of testdata/cases, asks the real command about
// it, and holds what it says to the right reading. KNOWN names the cases that are
// not right yet: one that has become right must be taken out of it.
func TestCases(t *testing.T) {
	scripts, err := filepath.Glob(recordings + "/cases/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("cases are missing: %v", err)
	}
	known := knownCases(t)
	for _, path := range scripts {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		isKnown := slices.Contains(known, name)
		known = slices.DeleteFunc(known, func(k string) bool { return k == name })
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := askAbout(t, readCase(t, path))
			switch {
			case isKnown && len(wrong) == 0:
				t.Error("is right now: take it out of testdata/cases/KNOWN")
			case isKnown:
				t.Logf("not right yet, which is known:\n%s", strings.Join(wrong, "\n"))
			case len(wrong) > 0:
				t.Errorf("%s:\n%s", path, strings.Join(wrong, "\n"))
			}
		})
	}
	if len(known) > 0 {
		t.Errorf("testdata/cases/KNOWN names cases that are not there: %s", strings.Join(known, ", "))
	}
}

// knownCases are the names in KNOWN, a line each; none where the file is gone.
func knownCases(t *testing.T) []string {
	text, err := os.ReadFile(recordings + "/cases/KNOWN")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func readCase(t *testing.T, path string) *cases.Case {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cases.Parse(strings.TrimSuffix(filepath.Base(path), ".txt"), string(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// askAbout runs the command on the case's capture and tells what is wrong.
func askAbout(t *testing.T, c *cases.Case) (wrong []string) {
	dir := *keep
	if dir == "" {
		dir = t.TempDir()
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, c.Name+"."+string(c.Format))
	var file, messages bytes.Buffer
	if err := c.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	var answer cases.Answer
	for _, view := range []struct {
		name string
		rows *[]cases.Row
	}{{"conversations", &answer.Conversations}, {"segments", &answer.Segments}, {"story", &answer.Story}} {
		command := labCommand(t.Context(), "export", path, "--view", view.name, "--format", "ndjson")
		command.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // else each run under the race detector ends with a second's sleep
		command.Stderr = &messages
		out, err := command.Output()
		if err != nil {
			return append(wrong, err.Error()+": "+messages.String())
		}
		if *view.rows, err = parseRows(out); err != nil {
			t.Fatalf("view %s: %v", view.name, err)
		}
	}
	answer.Messages = messages.String()
	return c.Check(&answer)
}

// parseRows reads ndjson with all digits of its numbers.
func parseRows(text []byte) (rows []cases.Row, err error) {
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		d.UseNumber()
		var row cases.Row
		if err := d.Decode(&row); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
