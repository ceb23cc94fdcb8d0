// Package earlytest runs the tests of what is put off in a process of their own.
package earlytest

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// PutsOff tells whether this is a system where something is put off.
const PutsOff = runtime.GOOS == "linux"

// Inside reports whether the test runs in a process where nothing has asked yet
// for what is put off. Where it does not, Inside runs it in one, and holds that
// none of the packages is initialized at its start; so whoever builds with a
// newer Go learns that nothing is put off any more.
func Inside(t *testing.T, packages ...string) bool {
	t.Helper()
	const inside = "EARLY_TEST_INSIDE"
	if os.Getenv(inside) != "" {
		return true
	}
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), inside+"=1", "GODEBUG=inittrace=1")
	trace, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, trace)
	}
	for _, name := range packages {
		if bytes.Contains(trace, []byte("init "+name+" ")) && PutsOff {
			t.Errorf("%s: %s was initialized at the start:\n%s", runtime.Version(), name, trace)
		}
	}
	return false
}
