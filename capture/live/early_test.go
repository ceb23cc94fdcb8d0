//go:build cgo && linux

package live

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// The runtime's trace lists packages in the order of their initialization.
func TestEarlyIsBeforeLayers(t *testing.T) {
	c := exec.Command(os.Args[0], "-test.run=^$")
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := c.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	early := bytes.Index(trace, []byte("init github.com/handshake-lab/handshake-lab/capture/live/early "))
	layers := bytes.Index(trace, []byte("init github.com/google/gopacket/layers "))
	if early < 0 || layers < early {
		t.Errorf("early stands at %d of the trace, layers at %d:\n%s", early, layers, trace)
	}
}
