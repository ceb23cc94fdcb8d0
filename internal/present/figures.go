package present

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// appendAddr appends an address as netip writes it.
func appendAddr(dst []byte, a netip.Addr) []byte {
	if !a.Is4() {
		return a.AppendTo(dst)
	}
	return decimal.AppendIPv4(dst, a.As4())
}

// appendSeconds appends nanoseconds as decimal seconds with nine digits.
func appendSeconds(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst, ns = append(dst, '-'), -ns
	}
	return decimal.AppendNine(append(decimal.AppendInt(dst, ns/1e9), '.'), uint32(ns%1e9))
}

// appendMs appends nanoseconds as milliseconds with three decimals.
func appendMs(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst, ns = append(dst, '-'), -ns
	}
	us := (ns + 500) / 1000
	dst = decimal.AppendInt(dst, us/1000)
	return append(dst, '.', byte('0'+us%1000/100), byte('0'+us%100/10), byte('0'+us%10))
}

// appendHex16 appends "0x0012".
func appendHex16(dst []byte, v uint16) []byte {
	return append(dst, '0', 'x', hexDigits[v>>12], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
}
