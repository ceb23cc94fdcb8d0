package hugepages

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// The kernel shows what was asked for as the flag "hg" (proc_pid_smaps(5)).
func TestAsk(t *testing.T) {
	if runtime.GOOS != "linux" {
		Ask(make([]byte, 8<<20))
		return
	}
	small, large, empty := make([]byte, 1<<10), make([]uint64, 1<<20), make([]byte, 0, 8<<20)
	Ask(small)
	Ask(large)
	Ask(empty)
	Ask([]int(nil))
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Log("a kernel without huge pages")
		return
	}
	for name, s := range map[string][2]uintptr{
		"large": {uintptr(unsafe.Pointer(&large[0])), 8 << 20},
		"empty": {uintptr(unsafe.Pointer(unsafe.SliceData(empty))), 8 << 20},
	} {
		for _, at := range []uintptr{s[0], s[0] + s[1]/2, s[0] + s[1] - 1} {
			if flags := flagsOf(t, at); !strings.Contains(flags, " hg") {
				t.Errorf("%s: no huge pages asked for at %#x: %s", name, at, flags)
			}
		}
	}
	runtime.KeepAlive(large)
	runtime.KeepAlive(empty)
}

// flagsOf is the line VmFlags of the mapping that an address is in.
func flagsOf(t *testing.T, at uintptr) string {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inside := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var from, to uintptr
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			inside = from <= at && at < to
		}
		if inside && strings.HasPrefix(lines.Text(), "VmFlags:") {
			return lines.Text()
		}
	}
	return "not mapped"
}
