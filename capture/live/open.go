//go:build (cgo && !windows) || (windows && npcap)

package live

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/gopacket/pcap"
)

// activate opens the ring with the settings that lose nothing.
func activate(c Config) (*pcap.Handle, error) {
	handle, err := tryActivate(c)
	if err != nil && c.Promiscuous && strings.Contains(err.Error(), "promisc") {
		c.Promiscuous = false // a warning of libpcap, as for "any", is an error of gopacket
		handle, err = tryActivate(c)
	}
	if err == nil {
		return handle, nil
	}
	switch text := err.Error(); {
	case text == "Permission Denied", strings.HasSuffix(text, "error: -11"): // -11: not even for promiscuous mode
		err = ErrPermission
	case text == "No Such Device":
		err = ErrNoInterface
	case text == "Interface Not Up":
		err = ErrDown
	default:
		err = fmt.Errorf("%w: %s", errNotActivated, strings.TrimPrefix(text, "Error: "))
	}
	return nil, &InterfaceError{c.Interface, err}
}

func tryActivate(c Config) (*pcap.Handle, error) {
	inactive, err := pcap.NewInactiveHandle(c.Interface)
	if err != nil {
		return nil, err
	}
	defer inactive.CleanUp()
	if err := errors.Join(
		inactive.SetSnapLen(c.Snaplen),
		inactive.SetBufferSize(c.Buffer),
		inactive.SetTimeout(c.Timeout), // never for ever: Close would wait as long
		inactive.SetPromisc(c.Promiscuous),
	); err != nil {
		return nil, err
	}
	return inactive.Activate() // asks for nanoseconds itself
}

// setFilter compiles the filter alone first, so that an error speaks of what
// the user wrote and nothing can break out of the parentheses around it.
func (h *Handle) setFilter() error {
	expr := h.config.Filter
	if expr == "" {
		return nil
	}
	if _, err := CompileFilter(h.link, h.config.Snaplen, expr); err != nil {
		if strings.ContainsRune(expr, 0) { // gopacket would compile what stands before it
			return err
		}
		if _, err := h.pcap.CompileBPFFilter(expr); err != nil { // some words exist only live
			return &FilterError{Expression: expr, Message: filterMessage(err.Error())}
		}
	}
	if h.sentinel != nil {
		expr = h.sentinel.filter(expr)
	}
	if err := h.pcap.SetBPFFilter(expr); err != nil {
		return &FilterError{Expression: h.config.Filter, Message: filterMessage(err.Error())}
	}
	return nil
}

// findInterface checks that an interface exists, before rights are asked for.
func findInterface(name string) (loopback bool, err error) {
	if loopback, exists := find(name); exists {
		return loopback, nil
	}
	list, err := Interfaces()
	if err != nil {
		return false, err
	}
	var names []string
	for _, i := range list {
		if i.Name == name {
			return i.Loopback, nil
		}
		names = append(names, i.Name)
	}
	return false, fmt.Errorf("interface %q: %w; there are: %s", name, ErrNoInterface, strings.Join(names, ", "))
}
