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

// A full disk leaves whole lines, and nothing of an export, and that is said.
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
	fills := func(args ...string) {
		t.Helper()
		out, err := labCommand(context.Background(), append(args, "../../testdata/three-clients.pcapng", "-o", path)...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitOutput || !bytes.Contains(out, []byte("no space left")) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	fills("export")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("an export leaves %v, %v", left, err)
	}
	fills("replay", "--speed", "max")
	text, err := os.ReadFile(path)
	if err != nil || len(text) == 0 || text[len(text)-1] != '\n' {
		t.Errorf("%v, %d bytes, the end is %q", err, len(text), text[max(0, len(text)-20):])
	}
}

// Where what gives root up is missing nothing is opened, and so emptied, before.
func TestNothingIsOpenedWithoutProc(t *testing.T) {
	if !isRoot() {
		t.Skip("needs root, to take /proc away")
	}
	dir := t.TempDir()
	command, kept := filepath.Join(dir, program), filepath.Join(dir, "kept.txt")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(self, command), os.WriteFile(kept, []byte("kept"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"export", "scenario:normal", "-o", kept},
		{"replay", "scenario:normal", "-o", kept},
		{"run", "-o", kept},
		{"run", "-w", kept},
	} {
		sh := append([]string{"-m", "sh", "-c", `umount -l /proc || exit 99; exec "$0" "$@"`, command}, args...)
		out, err := exec.CommandContext(t.Context(), "unshare", sh...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() == 99 {
			t.Skipf("needs the right to mount: %v\n%s", err, out)
		}
		if exit.ExitCode() != exitUnavailable || !bytes.Contains(out, []byte("this needs /proc")) {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
		if text, err := os.ReadFile(kept); err != nil || string(text) != "kept" {
			t.Errorf("%q: %v, the file holds %q", args, err, text)
		}
	}
}
