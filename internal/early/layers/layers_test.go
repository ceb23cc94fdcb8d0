//go:build cgo

package layers_test

import (
	"testing"

	"github.com/google/gopacket/layers"

	"github.com/handshake-lab/handshake-lab/internal/early/earlytest"
	early "github.com/handshake-lab/handshake-lab/internal/early/layers"
)

func TestLayersAreInitializedWhenAskedFor(t *testing.T) {
	if !earlytest.Inside(t, "github.com/google/gopacket/layers") {
		return
	}
	if name := layers.EthernetTypeMetadata[layers.EthernetTypeIPv4].Name; earlytest.PutsOff && name != "" {
		t.Errorf("at the start IPv4 is called %q already", name)
	}
	for range 2 {
		early.Initialize()
		check(t)
	}
}

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
