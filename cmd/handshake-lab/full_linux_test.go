package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A full disk leaves whole lines, and says what it is.
func TestFullDisk(t *testing.T) {
	if !isRoot() {
		t.Skip("needs root, to mount a small disk")
	}
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=8k"); err != nil {
		t.Skip("needs the right to mount: " + err.Error())
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	path := filepath.Join(dir, "rows.ndjson")
	out, err := labCommand(context.Background(), "export", "../../testdata/three-clients.pcapng", "-o", path).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitOutput || !bytes.Contains(out, []byte("no space left")) {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(path)
	if err != nil || len(text) == 0 || text[len(text)-1] != '\n' {
		t.Errorf("%v, %d bytes, the end is %q", err, len(text), text[max(0, len(text)-20):])
	}
}
