package decode

import "encoding/binary"

// Flags are the twelve bits 100-111 of a TCP header: three reserved bits, AE,
// CWR, ECE, URG, ACK, PSH, RST, SYN, FIN (RFC 9293 §3.1, RFC 9768).
type Flags uint16

// The flag bits by their position from the right.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
	AE
)

// flagName is a flag and its name.
type flagName struct {
	bit  Flags
	name string
}

// namedFlags stand in the order in which a lesson names them: what opens,
// breaks off or closes first, ACK behind it, the rest after that.
var namedFlags = [...]flagName{
	{SYN, "SYN"},
	{FIN, "FIN"},
	{RST, "RST"},
	{PSH, "PSH"},
	{ACK, "ACK"},
	{URG, "URG"},
	{ECE, "ECE"},
	{CWR, "CWR"},
	{AE, "AE"},
}

// Has reports whether all bits of f are set.
func (b Flags) Has(f Flags) bool { return b&f == f }

// Append appends the names of the set flags: "SYN+ACK"; "none" where none is
// set. Reserved bits have no names and are left out.
func (b Flags) Append(dst []byte) []byte {
	start := len(dst)
	for _, f := range &namedFlags {
		if b&f.bit == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, '+')
		}
		dst = append(dst, f.name...)
	}
	if len(dst) == start {
		dst = append(dst, "none"...)
	}
	return dst
}

// String returns SYN, SYN+ACK, PSH+ACK, SYN+ECE+CWR and so on; "none".
func (b Flags) String() string { return string(b.Append(nil)) }

// AppendTcpdump appends the flags as tcpdump prints them, in its order FIN
// SYN RST PSH ACK URG ECE CWR AE: "[S.]", "[P.]", "[none]". Its 4.99.3 does not
// print AE yet.
func (b Flags) AppendTcpdump(dst []byte) []byte {
	const letters = "FSRP.UEWe"
	dst = append(dst, '[')
	start := len(dst)
	for i := range len(letters) {
		if b>>i&1 == 1 {
			dst = append(dst, letters[i])
		}
	}
	if len(dst) == start {
		dst = append(dst, "none"...)
	}
	return append(dst, ']')
}

// Tcpdump is AppendTcpdump as a string.
func (b Flags) Tcpdump() string { return string(b.AppendTcpdump(nil)) }

// AppendWireshark appends Wireshark's tcp.flags.str: twelve characters, the
// flag's letter where set and a middle dot (U+00B7) where not:
// "·······A··S·".
func (b Flags) AppendWireshark(dst []byte) []byte {
	dst = append(dst, wireshark[0][b>>8&15]...)
	dst = append(dst, wireshark[1][b>>4&15]...)
	return append(dst, wireshark[2][b&15]...)
}

// AppendLetters appends what AppendWireshark has of the flags byte, bits 104-111:
// "···A··S·" is SYN+ACK.
func (b Flags) AppendLetters(dst []byte) []byte {
	return append(append(dst, wireshark[1][b>>4&15]...), wireshark[2][b&15]...)
}

// Letters is AppendLetters as a string.
func (b Flags) Letters() string { return string(b.AppendLetters(nil)) }

// wireshark are Wireshark's characters of four bits at a time, from bit 100 on.
var wireshark = func() (four [3][16]string) {
	const letters = "RRRACEUAPRSF"
	for i := range four {
		for set := range four[i] {
			for k, letter := range letters[4*i : 4*i+4] {
				if set>>(3-k)&1 == 0 {
					letter = '·'
				}
				four[i][set] += string(letter)
			}
		}
	}
	return four
}()

// Wireshark is AppendWireshark as a string.
func (b Flags) Wireshark() string { return string(b.AppendWireshark(nil)) }

// AppendBits appends the flags byte, bits 104-111, as eight digits:
// "00010010" is SYN+ACK.
func (b Flags) AppendBits(dst []byte) []byte {
	const (
		spread = 0x8040201008040201 // bit n of a byte to bit n of byte n
		lowest = 0x0101010101010101 // bit of each byte
		digits = '0' * lowest
	)
	n := uint64(b&0xff) * lowest & spread // each byte is 0 or its own bit
	n = (n + 0x7f*lowest) >> 7 & lowest   // 0 or 1
	return binary.BigEndian.AppendUint64(dst, n|digits)
}

// Bits is AppendBits as a string.
func (b Flags) Bits() string { return string(b.AppendBits(nil)) }
