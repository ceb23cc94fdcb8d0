package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// writes is, for each command, a command line that writes to standard output and
// needs no right.
var writes = map[string][]string{
	program:      {},
	"run":        {"run", "--net", "private"},
	"server":     {"server", "--help"}, // slow_test.go has what it prints
	"client":     {"client", "--help"},
	"watch":      {"watch", "--help"},
	"quiz":       {"quiz", "--help"},
	"replay":     {"replay", "scenario:normal", "--speed", "max"},
	"export":     {"export", "scenario:normal"},
	"scenarios":  {"scenarios"},
	"explain":    {"explain", "SYN"},
	"interfaces": {"interfaces"},
	"doctor":     {"doctor"},
	"version":    {"version"},
	"completion": {"completion", "bash"},
	"help":       {"help", "run"},
}

// Whatever is written to standard output and cannot be ends with exit code 8, of
// every command, and of its help.
func TestFailedOutput(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("needs /dev/full")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(t.TempDir(), program)
	if err := os.Symlink(self, command); err != nil {
		t.Fatal(err)
	}
	expect := func(redirect, said string, args ...string) {
		t.Helper()
		sh := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `exec "$0" "$@" ` + redirect, command}, args...)...)
		out, err := sh.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitOutput || !bytes.Contains(out, []byte(said)) {
			t.Errorf("handshake-lab %q %s: %v\n%s", args, redirect, err, out)
		}
	}
	root := (&app{}).root()
	for _, c := range append(root.Commands(), root) {
		line, known := writes[c.Name()]
		switch {
		case c.Hidden, c.Name() == "run" && !havePrivate(), c.Name() == "interfaces" && !haveLibpcap():
			continue
		case !known:
			t.Errorf("name a command line of %s that writes to standard output", c.Name())
		}
		help := []string{"--help"}
		if c != root {
			help = []string{c.Name(), "--help"}
		}
		for _, args := range [][]string{line, help} {
			expect(">/dev/full", "no space left on device", args...)
			if haveLibpcap() { // and so C, without which nobody sees it
				expect(">&-", "bad file descriptor", args...)
			}
		}
	}
}
