package decode

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

// Has tells whether all bits of f are set.
func (b Flags) Has(f Flags) bool { return b&f == f }
