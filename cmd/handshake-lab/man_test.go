package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Each command has a page with what readers of pages look for, and groff finds no
// fault in it.
func TestManPages(t *testing.T) {
	dir := t.TempDir()
	if out, err := labCommand(t.Context(), "man", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root := (&app{}).root()
	for _, c := range append(root.Commands(), root) {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		path := filepath.Join(dir, dashed(c)+".1")
		page, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"\n.SH NAME\n" + roff(dashed(c)), "\n.SH SYNOPSIS\n", "\n.SH OPTIONS\n", "\n.SH EXIT STATUS\n",
			"\n.SH ENVIRONMENT\n", "NO_COLOR", "\n.SH SEE ALSO\n", `pcap\-filter(7)`} {
			if !bytes.Contains(page, []byte(part)) {
				t.Errorf("%s: no %q", c.Name(), part)
			}
		}
		for _, raw := range []string{"[flags]", `\fI0s\fR`, "[=false]"} {
			if bytes.Contains(page, []byte(raw)) {
				t.Errorf("%s: %q", c.Name(), raw)
			}
		}
		if c == root {
			for _, below := range c.Commands() {
				if below.IsAvailableCommand() && !bytes.Contains(page, []byte(roff(below.Short))) {
					t.Errorf("the page does not say what %s is for", below.Name())
				}
			}
		}
		if _, err := exec.LookPath("groff"); err != nil {
			continue
		}
		out, err := exec.CommandContext(t.Context(), "groff", "-man", "-Tutf8", "-K", "utf8", "-ww", "-z", path).CombinedOutput()
		if text := strings.TrimSpace(string(out)); err != nil || text != "" {
			t.Errorf("%s: %v\n%s", c.Name(), err, text)
		}
	}
}
