//go:build cgo && !windows

package live

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/google/gopacket/pcap"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Flags of a libpcap interface, pcap_findalldevs(3).
const (
	flagLoopback = 1
	flagUp       = 2
)

// Interfaces lists the network interfaces that libpcap can capture on, in its
// order, without the devices that are no networks (USB, Bluetooth, D-Bus).
func Interfaces() ([]InterfaceInfo, error) {
	found, err := pcap.FindAllDevs()
	if err != nil {
		return nil, fmt.Errorf("list the interfaces: %w", err)
	}
	var list []InterfaceInfo
	for _, f := range found {
		info := InterfaceInfo{
			Name:        f.Name,
			Description: f.Description,
			Up:          f.Flags&flagUp != 0,
			Loopback:    f.Flags&flagLoopback != 0,
		}
		if f.Name == AnyInterface {
			info.Link, info.LinkKnown = capture.LinkSLL, true
			list = append(list, info)
			continue
		}
		iface, err := net.InterfaceByName(f.Name)
		if err != nil {
			continue
		}
		for _, a := range f.Addresses {
			if p, ok := prefix(a); ok {
				info.Addresses = append(info.Addresses, p)
			}
		}
		info.Link, info.LinkKnown = linkOf(iface)
		list = append(list, info)
	}
	return list, nil
}

// Default is the interface to capture on where none is named: the loopback the
// lab talks over, else the first that is up.
func Default() (InterfaceInfo, error) {
	list, err := Interfaces()
	if err != nil {
		return InterfaceInfo{}, err
	}
	for _, loopback := range []bool{true, false} {
		for _, i := range list {
			if i.Up && i.Loopback == loopback {
				return i, nil
			}
		}
	}
	return InterfaceInfo{}, fmt.Errorf("%w is up", ErrNoInterface)
}

func prefix(a pcap.InterfaceAddress) (netip.Prefix, bool) {
	addr, ok := netip.AddrFromSlice(a.IP)
	if !ok {
		return netip.Prefix{}, false
	}
	addr = addr.Unmap()
	ones := addr.BitLen()
	if len(a.Netmask)*8 == ones {
		ones, _ = a.Netmask.Size()
	}
	return netip.PrefixFrom(addr, ones), true
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
