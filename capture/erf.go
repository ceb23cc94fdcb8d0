package capture

import (
	"encoding/binary"
	"math"
)

// erfTime takes the time from the record of Endace's that the packet is: seconds
// and 2^-32 of a second, little endian. pcap's own has fewer digits, and may be
// that of a conversion. Where pcapng holds such records, Wireshark believes the
// block.
func (p *Packet) erfTime() {
	const header, half = 16, 1 << 31
	if len(p.Data) < header {
		return
	}
	stamp := binary.LittleEndian.Uint64(p.Data)
	fraction := stamp & math.MaxUint32 * 1e9
	fraction += fraction & half << 1 // as Wireshark rounds
	p.Time = Time{Sec: int64(stamp >> 32), Nsec: int32(fraction >> 32), Digits: 9, Known: true}
	if p.Time.Nsec == 1e9 {
		p.Time.Sec, p.Time.Nsec = p.Time.Sec+1, 0
	}
}
