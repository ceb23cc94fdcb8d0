//go:build cgo

package layers_test

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/google/gopacket/layers"

	early "github.com/handshake-lab/handshake-lab/internal/early/layers"
)

// In a process of its own, before anything has asked for the tables; whoever
// builds with a newer Go learns here that nothing is put off any more.
func TestLayersAreInitializedWhenAskedFor(t *testing.T) {
	if os.Getenv("EARLY_TEST_INSIDE") == "" {
		c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		c.Env = append(os.Environ(), "EARLY_TEST_INSIDE=1", "GODEBUG=inittrace=1")
		trace, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, trace)
		}
		if bytes.Contains(trace, []byte("init github.com/google/gopacket/layers ")) && putsOff {
			t.Errorf("%s: gopacket/layers was initialized at the start:\n%s", runtime.Version(), trace)
		}
		return
	}
	if name := layers.EthernetTypeMetadata[layers.EthernetTypeIPv4].Name; putsOff && name != "" {
		t.Errorf("at the start IPv4 is called %q already", name)
	}
	for range 2 {
		early.Initialize()
		check(t)
	}
}

// putsOff tells whether this is a system where something is put off.
const putsOff = runtime.GOOS == "linux"

// check looks at what each of the package's functions has to do: those of its
// variables, and the one that fills its tables.
func check(t *testing.T) {
	t.Helper()
	if got := layers.LayerTypeTCP.String(); got != "TCP" {
		t.Errorf("the layer of TCP is called %q", got)
	}
	if got := layers.EthernetTypeIPv4.String(); got != "IPv4" {
		t.Errorf("the Ethernet type of IPv4 is called %q", got)
	}
	if got := layers.EthernetType(1).String(); got != "UnknownEthernetType" {
		t.Errorf("Ethernet type 1 is called %q", got)
	}
	if got := layers.LinkTypeEthernet.String(); got != "Ethernet" {
		t.Errorf("the link type of Ethernet is called %q", got)
	}
}
