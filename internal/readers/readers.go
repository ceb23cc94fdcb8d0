// Package readers starts, for tests, the scripts of .ci/readers, which read what the
// program writes as its readers do: in Chromium, by a player, by a parser. It is no part of
// the program.
package readers

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// folder is where the scripts lie: tests run somewhere below the module's root.
func folder(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, ".ci", "readers")
		}
		up := filepath.Dir(at)
		if up == at {
			t.Skip("the sources are not here")
		}
		at = up
	}
}

// Installed returns the place of a package or a program of the scripts, and skips the test
// where there is none, or no node to run it.
func Installed(t testing.TB, path ...string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed; .ci/setup --tools does that")
	}
	place := filepath.Join(append([]string{folder(t), "node_modules"}, path...)...)
	if _, err := os.Stat(place); err != nil {
		t.Skip("the packages of .ci/readers are not installed; .ci/setup --tools does that")
	}
	return place
}

// Run gives a script its input and arguments, and returns what it writes; the test fails
// where the script does.
func Run(t testing.TB, within time.Duration, script string, in []byte, args ...string) []byte {
	t.Helper()
	Installed(t)
	ctx, end := context.WithTimeout(context.Background(), within)
	defer end()
	var said bytes.Buffer
	node := exec.CommandContext(ctx, "node", append([]string{filepath.Join(folder(t), script)}, args...)...)
	node.Stdin, node.Stderr, node.WaitDelay = bytes.NewReader(in), &said, time.Second
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%.4000s%.4000s", script, err, said.Bytes(), out)
	}
	return out
}

// Ask gives a script a value, and takes its answer, both as JSON.
func Ask(t testing.TB, within time.Duration, script string, asked, answer any) {
	t.Helper()
	in, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	out := Run(t, within, script, in)
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("%s answers %.400s: %v", script, out, err)
	}
}
