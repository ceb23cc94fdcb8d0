//go:build cgo && linux

package early

import (
	"testing"
	"unsafe"

	"github.com/google/gopacket/layers"
)

func TestTablesAreThoseOfLayers(t *testing.T) {
	for name, at := range map[string][2]unsafe.Pointer{
		"Ethernet": {unsafe.Pointer(&ethernetTypes), unsafe.Pointer(&layers.EthernetTypeMetadata)},
		"PPP":      {unsafe.Pointer(&pppTypes), unsafe.Pointer(&layers.PPPTypeMetadata)},
	} {
		if at[0] != at[1] {
			t.Errorf("%s: our table is at %p, theirs at %p", name, at[0], at[1])
		}
	}
	if ours, theirs := unsafe.Sizeof(ethernetTypes), unsafe.Sizeof(layers.EthernetTypeMetadata); ours != theirs {
		t.Errorf("our table has %d bytes, theirs %d", ours, theirs)
	}
	if got := ethernetTypes[layers.EthernetTypeIPv4].name; got != "IPv4" {
		t.Errorf("the entry of IPv4 is called %q", got)
	}
}
