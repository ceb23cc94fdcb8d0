package privilege

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestReplacements: a file is in its place when it is whole, and not before; what was
// there stays until then, or for good.
func TestReplacements(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		folder := t.TempDir()
		at := func(name string) string { return filepath.Join(folder, name) }
		if err := os.WriteFile(at("old"), []byte("before"), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("old", at("link")); err != nil {
			t.Skip(err)
		}
		var r Replacements
		if _, err := r.Open(at("old"), false); !errors.Is(err, ErrThere) {
			t.Fatalf("without force: %v", err)
		}
		for _, name := range []string{"new", "broken", "link"} {
			f, err := r.Open(at(name), name == "link")
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString("whole")
			f.Close()
		}
		if guarded {
			if err := r.Guard(); err != nil {
				t.Fatal(err)
			}
		}
		if text, _ := os.ReadFile(at("old")); string(text) != "before" {
			t.Errorf("replaced too early: %q", text)
		}
		if _, err := os.Stat(at("new")); err == nil {
			t.Error("in its place too early")
		}
		if err := r.Finish(func(i int) bool { return i != 1 }); err != nil {
			t.Fatal(err)
		}
		entries, _ := os.ReadDir(folder)
		if len(entries) != 3 {
			t.Errorf("guarded %v: %v is left, want new, old and link", guarded, entries)
		}
		for _, name := range []string{"new", "old", "link"} {
			if text, err := os.ReadFile(at(name)); string(text) != "whole" {
				t.Errorf("%s: %q, %v", name, text, err)
			}
		}
		if info, _ := os.Stat(at("old")); info.Mode().Perm() != 0o640 {
			t.Errorf("its rights are %v now", info.Mode())
		}
		if info, _ := os.Lstat(at("link")); info.Mode()&os.ModeSymlink == 0 {
			t.Error("the link is none any more")
		}
		// What has come there meanwhile stays.
		f, err := r.Open(at("late"), false)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		os.WriteFile(at("late"), []byte("another's"), 0o644)
		if guarded {
			if err := r.Guard(); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Finish(func(int) bool { return true }); err == nil {
			t.Error("replaced what has come there meanwhile")
		}
		if text, _ := os.ReadFile(at("late")); string(text) != "another's" {
			t.Errorf("it is %q now", text)
		}
	}
}
