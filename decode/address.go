package decode

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// AppendAddr appends an address as Wireshark writes it: as netip does, but
// for IPv4-compatible IPv6 addresses (::/96), whose last four bytes are
// written as IPv4 writes them: "::192.0.2.1" (RFC 5952 §5).
func AppendAddr(dst []byte, a netip.Addr) []byte {
	if !a.Is6() || a.Is4In6() {
		return a.AppendTo(dst)
	}
	b := a.As16()
	if b[12]|b[13] == 0 || [12]byte(b[:12]) != [12]byte{} {
		return a.AppendTo(dst)
	}
	return decimal.AppendIPv4(append(dst, "::"...), [4]byte(b[12:]))
}
