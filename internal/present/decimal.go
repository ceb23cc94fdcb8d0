package present

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
)

// pairs are the numbers 00 to 99, two digits each, the first in the low byte.
var pairs = func() (p [100]uint16) {
	for n := range p {
		p[n] = uint16('0'+n/10) | uint16('0'+n%10)<<8
	}
	return p
}()

// powers are 10^n, and 0 for n = 0, so that 0 has one digit.
var powers = [...]uint64{0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// appendUint appends a number in decimal. A row of segments has twenty of
// them: written where they come to stand, they cost half of what strconv's do.
func appendUint(dst []byte, n uint64) []byte {
	if n < 10 {
		return append(dst, byte('0'+n))
	}
	if n < 100 {
		return append(dst, byte(pairs[n]), byte(pairs[n]>>8))
	}
	digits := bits.Len64(n) * 1233 >> 12 // log10(2) = 1233/4096; at most one short
	if n >= powers[digits] {
		digits++
	}
	dst = extend(dst, digits)
	putDecimal(dst[len(dst)-digits:], n)
	return dst
}

// appendInt appends a number in decimal.
func appendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return appendUint(append(dst, '-'), uint64(-n))
	}
	return appendUint(dst, uint64(n))
}

// extend makes dst n bytes longer; what they hold is to be written.
func extend(dst []byte, n int) []byte {
	if cap(dst)-len(dst) < n {
		dst = slices.Grow(dst, n)
	}
	return dst[:len(dst)+n]
}

// putDecimal fills b with the last digits of n, from the right.
func putDecimal(b []byte, n uint64) {
	for len(b) >= 8 { // eight digits fit 32 bits, which are quicker to divide
		low := uint32(n % 1e8)
		n /= 1e8
		four(b[len(b)-4:], low%1e4)
		four(b[len(b)-8:], low/1e4)
		b = b[:len(b)-8]
	}
	low := uint32(n % 1e8)
	for ; len(b) >= 2; low /= 100 {
		binary.LittleEndian.PutUint16(b[len(b)-2:], pairs[low%100])
		b = b[:len(b)-2]
	}
	if len(b) == 1 {
		b[0] = byte('0' + low%10)
	}
}

// four fills the first bytes of b with four digits.
func four(b []byte, n uint32) {
	binary.LittleEndian.PutUint16(b, pairs[n/100])
	binary.LittleEndian.PutUint16(b[2:], pairs[n%100])
}

// appendAddr appends an address as netip writes it.
func appendAddr(dst []byte, a netip.Addr) []byte {
	if !a.Is4() {
		return a.AppendTo(dst)
	}
	for i, b := range a.As4() {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = appendUint(dst, uint64(b))
	}
	return dst
}

// appendSeconds appends nanoseconds as decimal seconds with nine digits.
func appendSeconds(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst, ns = append(dst, '-'), -ns
	}
	dst = extend(append(appendInt(dst, ns/1e9), '.'), 9)
	putDecimal(dst[len(dst)-9:], uint64(ns%1e9))
	return dst
}

// appendMs appends nanoseconds as milliseconds with three decimals.
func appendMs(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst, ns = append(dst, '-'), -ns
	}
	us := (ns + 500) / 1000
	dst = extend(append(appendInt(dst, us/1000), '.'), 3)
	putDecimal(dst[len(dst)-3:], uint64(us%1000))
	return dst
}

// appendHex16 appends "0x0012".
func appendHex16(dst []byte, v uint16) []byte {
	return append(dst, '0', 'x', hexDigits[v>>12], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
}
