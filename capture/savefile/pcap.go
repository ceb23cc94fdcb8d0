package savefile

import (
	"fmt"
	"math"

	"github.com/handshake-lab/handshake-lab/capture"
)

// The magic numbers of classic pcap, draft-ietf-opsawg-pcap §4.
const (
	magicMicro = 0xa1b2c3d4
	magicNano  = 0xa1b23c4d
)

// pcap appends the classic format: a file header, then records of a header and
// the packet's bytes.
type pcap struct {
	link   capture.LinkType
	digits uint8 // of its times: 6 or 9
}

func (f *pcap) header(dst []byte, _ capture.Section, ifaces []capture.Interface) []byte {
	f.link, f.digits = ifaces[0].Link, 6
	magic, snaplen := uint32(magicMicro), uint32(0)
	for _, i := range ifaces {
		if i.Digits > 6 {
			magic, f.digits = magicNano, 9
		}
		snaplen = max(snaplen, fileSnaplen(i.Snaplen))
	}
	dst = le.AppendUint32(dst, magic)
	dst = le.AppendUint16(dst, 2) // version 2.4
	dst = le.AppendUint16(dst, 4)
	dst = le.AppendUint64(dst, 0) // reserved
	dst = le.AppendUint32(dst, snaplen)
	return le.AppendUint32(dst, uint32(f.link))
}

// fileSnaplen is the value for the file header, where 0 is not understood by all.
func fileSnaplen(n int) uint32 {
	if n == 0 {
		return capture.MaxCaptured
	}
	return uint32(n)
}

// iface appends nothing: the file header says all there is room for, of one
// link type.
func (f *pcap) iface(dst []byte, i capture.Interface) ([]byte, error) {
	switch {
	case i.Link != f.link:
		return nil, fmt.Errorf("link type %d after %d: %w", i.Link, f.link, ErrNotInPcap)
	case i.Digits > f.digits:
		return nil, fmt.Errorf("times of %d digits after %d: %w", i.Digits, f.digits, ErrNotInPcap)
	}
	return dst, nil
}

// oddLength is the length on the wire from which on readers of microseconds
// take a file for one of those that look the same and are laid out differently.
const oddLength = 128 << 20

func (f *pcap) packet(dst []byte, _ *capture.Interface, p *capture.Packet) ([]byte, error) {
	sec, fraction := clock(p.Time)
	if sec < 0 || sec > math.MaxUint32 {
		return nil, fmt.Errorf("a time of %d s since 1970: %w", sec, ErrNotInPcap)
	}
	length := lengthOf(p)
	if f.digits == 6 {
		fraction /= 1000
		if length > oddLength {
			return nil, fmt.Errorf("a length of %d: %w", length, ErrNotInPcap)
		}
	}
	dst = le.AppendUint32(dst, uint32(sec))
	dst = le.AppendUint32(dst, fraction)
	dst = le.AppendUint32(dst, uint32(len(p.Data)))
	dst = le.AppendUint32(dst, length)
	return append(dst, p.Data...), nil
}
