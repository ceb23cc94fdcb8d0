package savefile

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"github.com/handshake-lab/handshake-lab/capture"
)

var le = binary.LittleEndian // of everything that is written

// settle checks what is common to both formats and fills in the defaults.
func settle(i *capture.Interface) error {
	if uint64(max(i.Snaplen, 0)) > math.MaxUint32 {
		return fmt.Errorf("a snaplen of %d; there are 32 bits for it", i.Snaplen)
	}
	if i.Digits > 9 {
		return fmt.Errorf("times of %d digits; a packet's has 9 at most", i.Digits)
	}
	i.Snaplen = max(i.Snaplen, 0)
	if i.Digits == 0 {
		i.Digits = 9
	}
	return nil
}

// fits reports what keeps a packet from being one of the interface in either
// format. More than the snaplen would be lost: libpcap cuts it off.
func fits(p *capture.Packet, i *capture.Interface) error {
	switch {
	case p.Link != i.Link:
		return fmt.Errorf("it has link type %d; its interface has %d", p.Link, i.Link)
	case len(p.Data) > capture.MaxCaptured:
		return fmt.Errorf("%d captured bytes; nobody reads more than %d", len(p.Data), capture.MaxCaptured)
	case i.Snaplen > 0 && len(p.Data) > i.Snaplen:
		return fmt.Errorf("%d captured bytes; the snaplen of its interface is %d", len(p.Data), i.Snaplen)
	case p.Length > math.MaxInt32:
		return fmt.Errorf("a length of %d; nobody reads more than %d", p.Length, math.MaxInt32)
	}
	return nil
}

// lengthOf is the length on the wire, which readers want to be no less than
// what was captured.
func lengthOf(p *capture.Packet) uint32 { return uint32(max(p.Length, len(p.Data))) }

// clock is a packet's time, its nanoseconds less than a second: those of a
// damaged record may be more, or less than 0. Without a time it is 0.
func clock(t capture.Time) (sec int64, nsec uint32) {
	if !t.Known {
		return 0, 0
	}
	sec, rest := t.Sec+int64(t.Nsec/1e9), t.Nsec%1e9
	if rest < 0 {
		sec, rest = sec-1, rest+1e9
	}
	return sec, uint32(rest)
}

// tenTo are the powers of ten that a second is divided into.
var tenTo = [10]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// ticks is a time in units of so many digits; ok reports whether 64 bits can
// hold it.
func ticks(sec int64, nsec uint32, digits uint8) (n uint64, ok bool) {
	high, n := bits.Mul64(uint64(sec), tenTo[digits])
	n, carry := bits.Add64(n, uint64(nsec)/tenTo[9-digits], 0)
	return n, sec >= 0 && high == 0 && carry == 0
}
