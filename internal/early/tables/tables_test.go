package tables_test

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/olekukonko/errors"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/handshake-lab/handshake-lab/internal/early/tables"
)

// In a process of its own, before anything has asked for it; whoever builds
// with a newer Go learns here that nothing is put off any more.
func TestTablesAreInitializedWhenAskedFor(t *testing.T) {
	putsOff := runtime.GOOS == "linux"
	if os.Getenv("EARLY_TEST_INSIDE") == "" {
		c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		c.Env = append(os.Environ(), "EARLY_TEST_INSIDE=1", "GODEBUG=inittrace=1")
		trace, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, trace)
		}
		for _, name := range []string{"tablewriter/pkg/twwidth", "errors"} {
			if bytes.Contains(trace, []byte("init github.com/olekukonko/"+name+" ")) && putsOff {
				t.Errorf("%s: %s was initialized at the start:\n%s", runtime.Version(), name, trace)
			}
		}
		return
	}
	if _, room, _ := twwidth.GetCacheStats(); putsOff && room != 0 {
		t.Errorf("at the start %d widths can be remembered already", room)
	}
	for range 2 {
		tables.Initialize()
		if _, room, _ := twwidth.GetCacheStats(); room == 0 {
			t.Error("no width can be remembered")
		}
		if n := twwidth.Width("\x1b[1mSYN+ACK\x1b[0m"); n != 7 {
			t.Errorf("SYN+ACK in bold is %d wide, want 7", n)
		}
		if err := errors.New("full").WithStack(); err.Error() != "full" || len(err.Stack()) == 0 {
			t.Errorf("error %v, stack %v", err, err.Stack())
		}
	}
}
