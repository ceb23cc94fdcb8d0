//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"fmt"
	"net/netip"

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
	if err := missing(); err != nil {
		return nil, err
	}
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
		for _, a := range f.Addresses {
			if p, ok := prefix(a); ok {
				info.Addresses = append(info.Addresses, p)
			}
		}
		if !describe(&info) {
			continue
		}
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
