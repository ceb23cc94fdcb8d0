package main

import (
	"net/netip"
	"testing"
)

func TestHowToJoin(t *testing.T) {
	for at, want := range map[string]string{
		"127.0.0.1:6000":  "join: nc 127.0.0.1 6000 (or handshake-lab client)",
		"127.0.0.1:6001":  "join: nc 127.0.0.1 6001 (or handshake-lab client 127.0.0.1:6001)",
		"0.0.0.0:6000":    "join: nc 127.0.0.1 6000 (or handshake-lab client)",
		"[::]:6000":       "join: nc ::1 6000 (or handshake-lab client [::1]:6000)",
		"[::1]:6000":      "join: nc ::1 6000 (or handshake-lab client [::1]:6000)",
		"192.0.2.7:12345": "join: nc 192.0.2.7 12345 (or handshake-lab client 192.0.2.7:12345)",
	} {
		if got := howToJoin(netip.MustParseAddrPort(at)); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}
