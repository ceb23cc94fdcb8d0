package privilege

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func owner(t *testing.T, path string) string {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	return fmt.Sprint(s.Uid, " ", s.Gid)
}

// folder is one of a user's, or of root's, with a file in it.
func folder(t *testing.T, parent, name string, uid int, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(parent, name)
	file := filepath.Join(path, "there")
	for _, err := range []error{os.Mkdir(path, 0o755), os.WriteFile(file, []byte("before"), 0o600),
		os.Chown(file, uid, uid), os.Chown(path, uid, uid), os.Chmod(path, mode)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// passable lets everybody pass through the folders of a test.
func passable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What root opens for a user behind sudo, the user could have opened.
func TestCreateHasTheRightsOfTheUser(t *testing.T) {
	needRoot(t)
	t.Setenv("SUDO_UID", "12345")
	t.Setenv("SUDO_GID", "54321")
	dir := passable(t)
	theirs := folder(t, dir, "theirs", 12345, 0o755)
	roots := folder(t, dir, "roots", 0, 0o755)
	shared := folder(t, dir, "shared", 0, 0o777)
	if err := os.Symlink(filepath.Join(roots, "there"), filepath.Join(theirs, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(roots, "none"), filepath.Join(theirs, "link-to-nowhere")); err != nil {
		t.Fatal(err)
	}
	for path, may := range map[string]bool{
		filepath.Join(theirs, "new"):             true,
		filepath.Join(theirs, "there"):           true,
		filepath.Join(shared, "new"):             true,
		os.DevNull:                               true,
		filepath.Join(shared, "there"):           false,
		filepath.Join(roots, "there"):            false,
		filepath.Join(roots, "new"):              false,
		filepath.Join(theirs, "link"):            false,
		filepath.Join(theirs, "link-to-nowhere"): false,
	} {
		f, err := Create(path)
		if (err == nil) != may {
			t.Errorf("%s: %v", path, err)
		}
		if err == nil {
			f.Close()
		}
		if strings.HasSuffix(path, "new") && may && owner(t, path) != "12345 54321" {
			t.Errorf("%s belongs to %s", path, owner(t, path))
		}
		if !may && !strings.Contains(fmt.Sprint(err), "permission denied") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(roots, "there")); string(text) != "before" {
		t.Errorf("root's file holds %q", text)
	}
	if f, err := os.Create(filepath.Join(roots, "by-root")); err != nil { // the process itself is still root
		t.Error(err)
	} else {
		f.Close()
	}
}

// Root for itself opens what it likes.
func TestCreateAsRoot(t *testing.T) {
	needRoot(t)
	t.Setenv("SUDO_UID", "")
	theirs := folder(t, passable(t), "theirs", 12345, 0o755)
	f, err := Create(filepath.Join(theirs, "there"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := Create(filepath.Join(theirs, "no", "where")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("in a directory that is not there: %v", err)
	}
}
