//go:build npcap

package live

import (
	"fmt"

	"github.com/google/gopacket/pcap"

	"github.com/handshake-lab/handshake-lab/capture"
)

// missing is ErrNoLibpcap where Npcap is not installed.
func missing() error {
	if err := pcap.LoadWinPCAP(); err != nil {
		return fmt.Errorf("%w (%w)", ErrNoLibpcap, err)
	}
	return nil
}

// find finds nothing: Npcap's names of interfaces are not those of the system.
func find(string) (loopback, exists bool) { return false, false }

// describe is true: Npcap lists networks only. Its loopback has packets with the
// number of their family before them (DLT_NULL).
func describe(info *InterfaceInfo) bool {
	if info.Loopback {
		info.Link, info.LinkKnown = capture.LinkNull, true
	}
	return true
}
