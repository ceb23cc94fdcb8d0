//go:build (!cgo && !windows) || (windows && !npcap)

package live

import (
	"errors"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func TestWithoutLibpcap(t *testing.T) {
	_, open := Open(Config{Interface: "lo"})
	_, filter := CompileFilter(capture.LinkEthernet, 1600, "tcp")
	_, list := Interfaces()
	_, first := Default()
	for _, err := range []error{open, filter, list, first} {
		if !errors.Is(err, ErrNoLibpcap) {
			t.Error(err)
		}
	}
}
