//go:build cgo && !windows

package live

import (
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
)

// missing is nil: libpcap is linked in.
func missing() error { return nil }

// find looks for an interface of the system, whether libpcap lists it or not.
func find(name string) (loopback, exists bool) {
	iface, err := net.InterfaceByName(name)
	return err == nil && iface.Flags&net.FlagLoopback != 0, err == nil
}

// describe fills in what the system knows of an interface, and reports whether that
// is a network's.
func describe(info *InterfaceInfo) bool {
	iface, err := net.InterfaceByName(info.Name)
	if err == nil {
		info.Link, info.LinkKnown = linkOf(iface)
	}
	return err == nil
}

// linkOf tells the link type libpcap will use, where that can be known without
// opening the interface.
func linkOf(iface *net.Interface) (capture.LinkType, bool) {
	if runtime.GOOS != "linux" {
		if iface.Flags&net.FlagLoopback != 0 {
			return capture.LinkNull, true
		}
		return capture.LinkEthernet, len(iface.HardwareAddr) == 6
	}
	text, err := os.ReadFile("/sys/class/net/" + iface.Name + "/type")
	if err != nil {
		return capture.LinkEthernet, iface.Flags&net.FlagLoopback != 0
	}
	kind, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	switch kind { // ARPHRD_ of <linux/if_arp.h>
	case 1, 772: // ETHER, LOOPBACK
		return capture.LinkEthernet, true
	case 65534, 768, 776, 778: // NONE, TUNNEL, SIT, IPGRE
		return capture.LinkRaw, true
	case 512: // PPP
		return capture.LinkSLL, true
	}
	return 0, false
}
