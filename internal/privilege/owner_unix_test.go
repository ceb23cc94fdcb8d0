//go:build unix

package privilege

import (
	"fmt"
	"os"
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
