package view

import (
	"math"
	"net/netip"
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
)

// appendAddr appends an address as netip writes it.
func appendAddr(dst []byte, a netip.Addr) []byte {
	if !a.Is4() {
		return a.AppendTo(dst)
	}
	return decimal.AppendIPv4(dst, a.As4())
}

// appendSeconds appends a span as decimal seconds with nine digits: as Wireshark
// does, with ten where a damaged record made it so.
func appendSeconds(dst []byte, s capture.Span) []byte {
	nsec := int64(s.Nsec)
	if nsec < 0 {
		nsec = -nsec
		if s.Sec >= 0 {
			dst = append(dst, '-')
		}
	}
	dst = append(decimal.AppendInt(dst, s.Sec), '.')
	if nsec >= 1e9 {
		return decimal.AppendInt(dst, nsec)
	}
	return decimal.AppendNine(dst, uint32(nsec))
}

// appendMs appends a span as milliseconds with three decimals.
func appendMs(dst []byte, s capture.Span) []byte {
	if s.Sec < 0 || s.Nsec < 0 {
		dst, s = append(dst, '-'), capture.Span{Sec: -s.Sec, Nsec: -s.Nsec}
	}
	us := (int64(s.Nsec) + 500) / 1000
	sec, ms := s.Sec+us/1e6, us/1000%1000
	if sec == 0 {
		dst = decimal.AppendInt(dst, ms)
	} else { // not by their sum: it may be more than 64 bits hold
		dst = appendThree(decimal.AppendInt(dst, sec), ms)
	}
	return appendThree(append(dst, '.'), us%1000)
}

// roundedPart is what a span has grown by, so that parts that are rounded to
// microseconds add up to the whole.
func roundedPart(before, after capture.Span) capture.Span {
	us := func(s capture.Span) int64 { return s.Sec*1e6 + (int64(s.Nsec)+500)/1000 }
	part := us(after) - us(before)
	return capture.Span{Sec: part / 1e6, Nsec: int32(part % 1e6 * 1000)}
}

// appendThree appends a number below 1000 with three digits.
func appendThree(dst []byte, n int64) []byte {
	return append(dst, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// appendHex16 appends "0x0012".
func appendHex16(dst []byte, v uint16) []byte {
	return append(dst, '0', 'x', hexDigits[v>>12], hexDigits[v>>8&15], hexDigits[v>>4&15], hexDigits[v&15])
}

const hexDigits = "0123456789abcdef"

// AppendSince appends a span as milliseconds; where they do not fit into so many
// characters, as seconds, days or years, with as many decimals as do.
func AppendSince(dst []byte, since capture.Span, room int) []byte {
	from := len(dst)
	if dst = appendMs(dst, since); len(dst)-from <= room {
		return dst
	}
	for _, unit := range [...]struct {
		seconds float64
		name    byte
	}{{1, 's'}, {24 * 60 * 60, 'd'}, {365.25 * 24 * 60 * 60, 'y'}} {
		for digits := 3; digits >= 0; digits-- {
			dst = strconv.AppendFloat(dst[:from], since.Seconds()/unit.seconds, 'f', digits, 64)
			if dst = append(dst, unit.name); len(dst)-from <= room {
				return dst
			}
		}
	}
	return dst
}

// appendTime appends when a row's moment was, since the first one: in milliseconds,
// however long that is, unless its column is bound.
func appendTime(dst []byte, r *Row) []byte {
	switch {
	case !r.moment.At.Known || !r.start.Known:
		return dst
	case r.Loose:
		return appendMs(dst, r.moment.At.Since(r.start))
	}
	return AppendSince(dst, r.moment.At.Since(r.start), msSize+1)
}

// msSize is how many characters such a time has as a rule. A figure may have one
// more.
const msSize = 9

// AppendPause appends how long nothing happened, from milliseconds: "206 ms pass",
// "1.03 s pass", "25 h pass".
func AppendPause(dst []byte, ms float64) []byte {
	for _, unit := range [...]struct {
		ms, below float64
		digits    int
		name      string
	}{{1, 1e3, 0, "ms"}, {1e3, 600e3, 2, "s"}, {60e3, 2 * 3600e3, 0, "min"}, {3600e3, 48 * 3600e3, 0, "h"}, {24 * 3600e3, math.Inf(1), 0, "days"}} {
		if ms < unit.below {
			dst = append(strconv.AppendFloat(dst, ms/unit.ms, 'f', unit.digits, 64), ' ')
			return append(append(dst, unit.name...), " pass"...)
		}
	}
	return dst
}

// AppendMs appends a time as the story counts it: milliseconds with three decimals.
func AppendMs(dst []byte, s capture.Span) []byte { return appendMs(dst, s) }
