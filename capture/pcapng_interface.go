package capture

import (
	"fmt"
	"math"
)

// Options of blocks, draft-ietf-opsawg-pcapng §3.5 and §4.1 to §4.3: any, section
// header, interface description, enhanced packet.
const (
	optEnd                = 0
	optComment            = 1
	optShbUserApplication = 4
	optIfName             = 2
	optIfDescription      = 3
	optIfTsresol          = 9
	optIfFcslen           = 13
	optIfTsoffset         = 14
	optEpbFlags           = 2
)

const maxText = 512 // bytes kept of a name or a description

// ngInterface is an interface and how its times are to be read.
type ngInterface struct {
	Interface
	fcs    int8
	units  uint64 // of a second
	offset int64  // seconds to add
}

// interfaceBlock reads an interface description block.
func (r *pcapng) interfaceBlock(body []byte) error {
	if len(body) < 8 {
		return r.damage(fmt.Sprintf("an interface block of %d bytes; it needs 20", len(body)+blockFrame))
	}
	if len(r.ifaces) == MaxInterfaces {
		return r.damage(fmt.Sprintf("more than %d interfaces", MaxInterfaces))
	}
	i := ngInterface{fcs: -1, units: 1e6}
	i.Link = LinkType(r.order.u16(body))
	i.Snaplen = snaplen(r.order.u32(body[4:]))
	i.Digits = 6
	for opts := (options{r.order, body[8:]}); ; {
		code, value, ok := opts.next()
		if !ok {
			break
		}
		switch {
		case code == optIfName:
			i.Name = text(value)
		case code == optIfDescription:
			i.Description = text(value)
		case code == optIfTsresol && len(value) == 1:
			i.resolution(value[0])
		case code == optIfFcslen && len(value) == 1:
			i.fcs = int8(min(value[0], math.MaxInt8))
		case code == optIfTsoffset && len(value) == 8:
			i.offset = int64(r.order.u64(value))
		}
	}
	r.ifaces = append(r.ifaces, i)
	return nil
}

// resolution sets the units of a second from if_tsresol: 10^-n, or 2^-n with
// the top bit set. Where 64 bits are too few, Wireshark takes all of them.
func (i *ngInterface) resolution(tsresol byte) {
	base, n := uint64(10), tsresol&0x7f
	most := byte(19)
	if tsresol&0x80 != 0 {
		base, most = 2, 63
	}
	i.Digits = min(n, 9)
	if n > most {
		i.units = math.MaxUint64
		return
	}
	i.units = 1
	for range n {
		i.units *= base
	}
}

// time converts a timestamp of the interface. Beyond 2^34 units a second the
// product wraps around 64 bits; so it does in Wireshark 4.0, and people compare.
func (i *ngInterface) time(high, low uint32) Time {
	stamp := uint64(high)<<32 | uint64(low)
	var sec, nsec uint64
	switch i.units { // a division by a constant is several times as fast
	case 1e9:
		sec, nsec = stamp/1e9, stamp%1e9
	case 1e6:
		sec, nsec = stamp/1e6, stamp%1e6*1000
	default:
		sec, nsec = stamp/i.units, stamp%i.units*1e9/i.units
	}
	return Time{Sec: int64(sec) + i.offset, Nsec: int32(nsec), Digits: i.Digits, Known: true}
}

// options walks a list of options; one that does not fit ends it.
type options struct {
	order order
	rest  []byte
}

func (o *options) next() (code uint16, value []byte, ok bool) {
	if len(o.rest) < 4 {
		return 0, nil, false
	}
	code, length := o.order.u16(o.rest), int(o.order.u16(o.rest[2:]))
	if code == optEnd || length > len(o.rest)-4 {
		return 0, nil, false
	}
	value = o.rest[4 : 4+length]
	o.rest = o.rest[min(4+(length+3)&^3, len(o.rest)):]
	return code, value, true
}

// text is the string of an option, without the end mark some writers put in.
func text(value []byte) string {
	value = value[:min(len(value), maxText)]
	for len(value) > 0 && value[len(value)-1] == 0 {
		value = value[:len(value)-1]
	}
	return string(value)
}
