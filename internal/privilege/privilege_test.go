package privilege

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestBehind(t *testing.T) {
	tests := []struct {
		name     string
		euid     int
		uid, gid string
		found    bool
		wrong    bool
	}{
		{"an ordinary user is nobody's deputy", 1000, "12345", "12345", false, false},
		{"root without sudo", 0, "", "", false, false},
		{"root through sudo", 0, "0", "0", false, false},
		{"a user through sudo", 0, "12345", "54321", true, false},
		{"a group of root", 0, "12345", "0", true, false},
		{"no number", 0, "alice", "1", false, true},
		{"negative", 0, "-1", "1", false, true},
		{"the id that means none", 0, "4294967295", "1", false, true},
		{"more than 32 bits", 0, "4294967296", "1", false, true},
		{"no group", 0, "12345", "", false, true},
		{"a group that is none", 0, "12345", "4294967295", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"SUDO_UID": test.uid, "SUDO_GID": test.gid}
			u, found, err := behind(test.euid, func(name string) string { return env[name] })
			if found != test.found || (err != nil) != test.wrong {
				t.Fatalf("%+v, %t, %v; want found %t, wrong %t", u, found, err, test.found, test.wrong)
			}
			if found && (u.UID != 12345 || len(u.Groups) != 1 || u.Groups[0] != u.GID) {
				t.Errorf("%+v", u)
			}
		})
	}
}

func TestCreate(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs root on Linux")
	}
	t.Setenv("SUDO_UID", "12345")
	t.Setenv("SUDO_GID", "54321")
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := owner(t, os.DevNull)
	for _, path := range []string{filepath.Join(dir, "new"), there, os.DevNull} {
		f, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := ForUser(os.Stdout); err != nil { // whatever it is
			t.Error(err)
		}
		f.Close()
	}
	for path, want := range map[string]string{filepath.Join(dir, "new"): "12345 54321", there: "0 0", os.DevNull: before} {
		if got := owner(t, path); got != want {
			t.Errorf("%s belongs to %s, want %s", path, got, want)
		}
	}
	if text, _ := os.ReadFile(there); len(text) != 0 {
		t.Errorf("the file that was there still holds %q", text)
	}
	if err := Chown(dir); err != nil || owner(t, dir) != "12345 54321" {
		t.Errorf("Chown of a directory: %v, belongs to %s", err, owner(t, dir))
	}
	if _, err := Create(filepath.Join(dir, "no", "where")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("in a directory that is not there: %v", err)
	}
}
