package hosts

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Pair is two hosts, each a network namespace with the kernel's own TCP, and the
// two ends of what is to be the cable between them. It is made inside of a
// private namespace (see Private), where the ends of the cable lie, and goes with
// it at the latest.
type Pair struct {
	Client, Server *Host
	home           int // the namespace that it was made in
}

// Host is one of the two.
type Host struct {
	Name string // "client", "server"
	Addr netip.Addr
	Port CablePort // where its cable goes in
	ns   int       // its network namespace
	home int
}

// CablePort is one end of the cable: a device beside the hosts, and the address of
// the device at its other end, in the host.
type CablePort struct {
	Name    string
	Index   int
	Toward  [6]byte
	hostEnd string
}

// lastPair numbers pairs, as a namespace goes away late and its devices with it.
var lastPair atomic.Uint32

// NewPair makes two hosts that speak one version of IP. The error is a *MissingSysctl where one of them cannot
// be had as it was asked for.
func NewPair(family Family, client, server HostConfig) (pair *Pair, err error) {
	home, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("two hosts: %w", err)
	}
	p := &Pair{home: home}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	// A host's table of connections as small as can be: to look through it after
	// every packet then takes microseconds. Where that is not to be had it takes longer.
	_ = os.WriteFile("/proc/sys/net/ipv4/tcp_child_ehash_entries", []byte("128"), 0)
	number := lastPair.Add(1)
	for _, end := range []struct {
		to     **Host
		name   string
		addr   netip.Addr
		config HostConfig
	}{{&p.Client, "client", addresses[family][0], client}, {&p.Server, "server", addresses[family][1], server}} {
		h := &Host{Name: end.name, Addr: end.addr, ns: -1, home: home}
		*end.to = h
		device := fmt.Sprintf("lab%d%c", number, end.name[0])
		if err := h.make(device, end.config); err != nil {
			return nil, fmt.Errorf("the %s's host: %w", end.name, err)
		}
	}
	for _, h := range []*Host{p.Client, p.Server} {
		if err := h.waitUntilUp(); err != nil {
			return nil, fmt.Errorf("the %s's host: %w", h.Name, err)
		}
	}
	return p, nil
}

// make makes the namespace and a cable into it, and sets its device up.
func (h *Host) make(device string, c HostConfig) error {
	if err := h.unshare(); err != nil {
		return err
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name = device
	attrs.MTU = 65535 // only a host decides on what is too large
	link := netlink.NewVeth(attrs)
	link.PeerName, link.PeerNamespace = hostDevice, netlink.NsFd(h.ns)
	if err := netlink.LinkAdd(link); err != nil {
		return fmt.Errorf("make a cable: %w", err)
	}
	here, err := netlink.LinkByName(device)
	if err != nil {
		return fmt.Errorf("find the cable: %w", err)
	}
	h.Port = CablePort{Name: device, Index: here.Attrs().Index, hostEnd: hostDevice}
	if err := plain(device); err != nil {
		return err
	}
	_ = os.WriteFile("/proc/sys/net/ipv6/conf/"+device+"/disable_ipv6", []byte("1"), 0)
	if err := netlink.LinkSetARPOff(here); err != nil {
		return fmt.Errorf("the cable without ARP: %w", err)
	}
	if err := netlink.LinkSetUp(here); err != nil {
		return fmt.Errorf("bring the cable up: %w", err)
	}
	return h.Do(func() error { return h.setUp(c) })
}

// unshare makes the namespace, on a thread that is thrown away after it.
func (h *Host) unshare() error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and not unlocked: the thread ends with this goroutine
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("make a network namespace: %w", err)
			return
		}
		ns, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		h.ns = ns
		done <- err
	}()
	return <-done
}

// setUp gives the host its settings, its address and its only way out. It runs in
// the host.
func (h *Host) setUp(c HostConfig) error {
	for _, s := range usual {
		_ = setSysctl(s[0], s[1])
	}
	if err := h.chooseFamily(); err != nil {
		return err
	}
	for name, value := range c.Sysctls {
		if err := setSysctl(name, value); err != nil {
			return &MissingSysctl{name, value, err}
		}
	}
	link, err := netlink.LinkByName(hostDevice)
	if err != nil {
		return fmt.Errorf("find its device: %w", err)
	}
	copy(h.Port.Toward[:], link.Attrs().HardwareAddr)
	if c.MTU == 0 {
		c.MTU = 1500
	}
	if err := netlink.LinkSetMTU(link, c.MTU); err != nil {
		return fmt.Errorf("MTU %d: %w", c.MTU, err)
	}
	if err := plain(hostDevice); err != nil {
		return err
	}
	// Without ARP the kernel writes its own hardware address where the other's
	// belongs; the cable gives each packet the one it needs.
	if err := netlink.LinkSetARPOff(link); err != nil {
		return fmt.Errorf("its device without ARP: %w", err)
	}
	if lo, err := netlink.LinkByName("lo"); err == nil {
		_ = netlink.LinkSetUp(lo)
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return fmt.Errorf("bring its device up: %w", err)
	}
	return h.giveAddress(link)
}

const disableIPv6 = "net.ipv6.conf.all.disable_ipv6"

// chooseFamily lets the host speak the version of IP that its address is of, and no
// other where that can be had.
func (h *Host) chooseFamily() error {
	if !h.Addr.Is6() {
		_ = setSysctl(disableIPv6, "1")
		return nil
	}
	if err := setSysctl(disableIPv6, "0"); err != nil {
		return &MissingSysctl{disableIPv6, "0", err}
	}
	for _, s := range alone {
		_ = setSysctl(s[0], s[1])
	}
	return nil
}

// giveAddress gives the host its address and its only way out.
func (h *Host) giveAddress(link netlink.Link) error {
	bits := h.Addr.BitLen()
	own := &netlink.Addr{IPNet: &net.IPNet{IP: h.Addr.AsSlice(), Mask: net.CIDRMask(bits, bits)}}
	if h.Addr.Is6() {
		own.Flags = unix.IFA_F_NODAD
	}
	if err := netlink.AddrAdd(link, own); err != nil {
		return fmt.Errorf("address %s: %w", h.Addr, err)
	}
	everywhere := &net.IPNet{IP: make(net.IP, bits/8), Mask: net.CIDRMask(0, bits)}
	route := &netlink.Route{LinkIndex: link.Attrs().Index, Dst: everywhere, Src: h.Addr.AsSlice()}
	if !h.Addr.Is6() {
		route.Scope = netlink.SCOPE_LINK
	}
	if err := netlink.RouteAdd(route); err != nil {
		return fmt.Errorf("its route: %w", err)
	}
	return nil
}

// waitUntilUp waits until both ends of the cable carry packets: what is sent
// before is lost.
func (h *Host) waitUntilUp() error {
	isUp := func(name string) bool {
		link, err := netlink.LinkByName(name)
		return err == nil && link.Attrs().OperState == netlink.OperUp
	}
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		inside := false
		if err := h.Do(func() error { inside = isUp(hostDevice) && h.hasAddress(); return nil }); err != nil {
			return err
		}
		if inside && isUp(h.Port.Name) {
			return nil
		}
	}
	return errors.New("its cable does not come up")
}

// hasAddress reports whether the host takes what comes to its address: with IPv6 it
// does so a moment after the address was given. It runs in the host.
func (h *Host) hasAddress() bool {
	routes, err := netlink.RouteGet(h.Addr.AsSlice())
	return err == nil && len(routes) > 0 && routes[0].Type == unix.RTN_LOCAL
}

// Do runs f in the host: sockets that it makes are the host's for good, and so is
// what it reads in /proc/sys/net. The calling goroutine is not tied to it.
func (h *Host) Do(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := unix.Setns(h.ns, unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("go to the %s's host: %w", h.Name, err)
			return // the thread, which is no other goroutine's to use, ends
		}
		err := f()
		if unix.Setns(h.home, unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
		done <- err
	}()
	return <-done
}

// Close takes the hosts and the cable away.
func (p *Pair) Close() {
	for _, h := range []*Host{p.Client, p.Server} {
		if h == nil {
			continue
		}
		if h.Port.Name != "" {
			if link, err := netlink.LinkByName(h.Port.Name); err == nil {
				_ = netlink.LinkDel(link) // and the end in the host with it
			}
		}
		if h.ns >= 0 {
			unix.Close(h.ns)
			h.ns = -1
		}
	}
	if p.home >= 0 {
		unix.Close(p.home)
		p.home = -1
	}
}

// setSysctl changes a setting of the namespace that the calling thread is in.
func setSysctl(name, value string) error {
	err := os.WriteFile(sysctlPath(name), []byte(value), 0)
	var inner *os.PathError
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

func sysctlPath(name string) string { return "/proc/sys/" + strings.ReplaceAll(name, ".", "/") }
