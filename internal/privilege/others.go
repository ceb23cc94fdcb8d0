//go:build !linux

package privilege

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Drop makes root behind sudo the user behind it. Without one it stays what it
// is: there are no capabilities to give up here.
func Drop() (Outcome, error) {
	o := Outcome{User: User{UID: os.Getuid(), GID: os.Getgid()}}
	u, found, err := Behind()
	if err != nil {
		return o, fmt.Errorf("give up root: %w", err)
	}
	if !found {
		return o, nil
	}
	if err := become(u); err != nil {
		return o, fmt.Errorf("give up root: %w", err)
	}
	o.User, o.Changed = u, true
	return o, nil
}

// CanDrop is what would keep Drop from working, as far as it shows before.
func CanDrop() error {
	_, _, err := Behind()
	return err
}

// CanCapture tries whether a BPF device can be read, on systems that have
// them, and says why not. On Windows there are none.
func CanCapture() (bool, string) {
	if runtime.GOOS == "windows" {
		return true, "" // Npcap decides when it is opened
	}
	why := "there is no /dev/bpf0"
	for _, name := range []string{"/dev/bpf0", "/dev/bpf1", "/dev/bpf2", "/dev/bpf3", "/dev/bpf"} {
		f, err := os.Open(name)
		if err == nil || strings.Contains(err.Error(), "busy") {
			if err == nil {
				f.Close()
			}
			return true, ""
		}
		if os.IsPermission(err) {
			why = "capturing needs root or read access to /dev/bpf*"
		}
	}
	return false, why
}
