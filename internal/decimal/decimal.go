// Package decimal appends numbers in decimal: a row of segments has thirty of
// them, which is most of what it costs. Eight digits are found at once, without
// a loop, and written in one piece.
package decimal

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Append appends n. Where the next byte of a row goes depends on the number of
// digits, so that is found without waiting for them.
func Append(dst []byte, n uint64) []byte {
	switch {
	case n < 10:
		return append(dst, byte('0'+n))
	case n < 100:
		return append(dst, byte('0'+n/10), byte('0'+n%10))
	case n < 1e8:
		size := uint(length(n))
		at := len(dst)
		dst = Extend(dst, 8)
		binary.LittleEndian.PutUint64(dst[at:], (eight(uint32(n))|digits)>>((64-8*size)&63))
		return dst[:uint(at)+size]
	}
	return appendEight(Append(dst, n/1e8), uint32(n%1e8))
}

// Digits is the number of digits of n.
func Digits(n uint64) int {
	size := 0
	for ; n >= 1e8; n /= 1e8 {
		size += 8
	}
	if n < 10 {
		return size + 1
	}
	return size + length(n)
}

// length is the number of digits of n, from 10 to 10^8.
func length(n uint64) int {
	size := bits.Len64(n) * 1233 >> 12 // log10(2) = 1233/4096; at most one short
	if n >= powers[size] {
		size++
	}
	return size
}

var powers = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// AppendInt appends n, which may be negative.
func AppendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return Append(append(dst, '-'), -uint64(n))
	}
	return Append(dst, uint64(n))
}

// AppendBytes appends a number of bytes: "1 byte", "9 bytes".
func AppendBytes(dst []byte, n uint64) []byte {
	dst = append(Append(dst, n), " bytes"...)
	if n == 1 {
		return dst[:len(dst)-1]
	}
	return dst
}

// AppendNine appends n, less than 10^9, with all of its nine digits, as the
// nanoseconds of a second are written.
func AppendNine(dst []byte, n uint32) []byte {
	return appendEight(append(dst, byte('0'+n/1e8)), n%1e8)
}

func appendEight(dst []byte, n uint32) []byte {
	at := len(dst)
	dst = Extend(dst, 8)
	binary.LittleEndian.PutUint64(dst[at:], eight(n)|digits)
	return dst
}

const digits = 0x3030303030303030 // '0' eight times

// eight returns the eight digits of n, less than 10^8, a byte each, the first
// in the lowest: n is halved into two numbers of four digits, these into four
// of two, these into eight of one, those of a step side by side in one word. A
// division is a multiplication by the inverse, exact for so small numbers
// (Granlund and Montgomery, "Division by Invariant Integers using
// Multiplication", 1994).
func eight(n uint32) uint64 {
	const (
		hundredth = 1<<20/100 + 1 // of 2^20, for numbers below 10^4
		tenth     = 1<<10/10 + 1  // of 2^10, for numbers below 10^2
	)
	d := uint64(n/1e4) | uint64(n%1e4)<<32
	high := d * hundredth >> 20 & 0x0000007f_0000007f
	d = high | (d-100*high)<<16
	high = d * tenth >> 10 & 0x000f_000f_000f_000f
	return high | (d-10*high)<<8
}

// octets are the numbers 0 to 255 with a dot behind them, the first digit in
// the lowest byte.
var octets = func() (o [256]uint32) {
	for n := range o {
		text := append(Append(nil, uint64(n)), '.', 0, 0)
		o[n] = binary.LittleEndian.Uint32(text)
	}
	return o
}()

// AppendIPv4 appends an IPv4 address: "192.0.2.1".
func AppendIPv4(dst []byte, a [4]byte) []byte {
	at := len(dst)
	dst = Extend(dst, len("255.255.255.255."))
	for _, b := range a {
		o := octets[b]
		binary.LittleEndian.PutUint32(dst[at:], o)
		at += (bits.Len32(o) + 7) >> 3
	}
	return dst[:at-1]
}

// Extend makes dst n bytes longer; what they hold is to be written. The test for
// room in front of slices.Grow is quicker than its own.
func Extend(dst []byte, n int) []byte {
	if cap(dst)-len(dst) < n {
		dst = slices.Grow(dst, n)
	}
	return dst[:len(dst)+n]
}
