package tables_test

import (
	"testing"

	"github.com/olekukonko/errors"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/handshake-lab/handshake-lab/internal/early/earlytest"
	"github.com/handshake-lab/handshake-lab/internal/early/tables"
)

func TestTablesAreInitializedWhenAskedFor(t *testing.T) {
	if !earlytest.Inside(t, "github.com/olekukonko/tablewriter/pkg/twwidth", "github.com/olekukonko/errors") {
		return
	}
	if _, room, _ := twwidth.GetCacheStats(); earlytest.PutsOff && room != 0 {
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
