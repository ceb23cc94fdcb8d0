package decode

import "iter"

// Field is one field of the TCP header: the one place that knows where it
// stands. Views, encoders and the decoder itself read positions from Fields.
type Field struct {
	Key    string // as Wireshark names it: "tcp.seq_raw"
	Name   string // as RFC 9293 §3.1 names it: "Sequence Number"
	Offset int    // bits from the header's first bit
	Width  int    // bits, at most 32
	Ref    string // where it is defined: "RFC 9293 §3.1"
	Help   string // one sentence for the learner
}

// Where the fields stand, in bits from the header's first bit. The table and
// the decoder's accessors are both made of these.
const (
	srcPortOffset    = 0
	dstPortOffset    = 16
	seqOffset        = 32
	ackOffset        = 64
	dataOffsetOffset = 96
	reservedOffset   = 100
	aeOffset         = 103
	flagsOffset      = 104 // the flags byte, CWR first
	windowOffset     = 112
	checksumOffset   = 128
	urgentOffset     = 144
	optionsOffset    = 160

	flagsWidth  = 8
	headerBytes = optionsOffset / 8 // bytes of a header without options
)

// Fields is the TCP header from its first bit to its 160th, without gap or
// overlap; options follow at bit 160.
var Fields = []Field{
	{"tcp.srcport", "Source Port", srcPortOffset, 16, "RFC 9293 §3.1",
		"The port of the socket that sends this segment."},
	{"tcp.dstport", "Destination Port", dstPortOffset, 16, "RFC 9293 §3.1",
		"The port of the socket that this segment is for."},
	{"tcp.seq_raw", "Sequence Number", seqOffset, 32, "RFC 9293 §3.1",
		"The number of the first payload byte; in a SYN the initial sequence number, which outsiders cannot predict."},
	{"tcp.ack_raw", "Acknowledgment Number", ackOffset, 32, "RFC 9293 §3.1",
		"The next sequence number the sender expects from its peer; it counts only where ACK is set."},
	{"tcp.hdr_len", "Data Offset", dataOffsetOffset, 4, "RFC 9293 §3.1",
		"The header's length in words of 4 bytes, 5 without options: where the payload begins."},
	{"tcp.flags.res", "Reserved", reservedOffset, 3, "RFC 9293 §3.1, RFC 9768 §3.1",
		"Kept for later use: sent as 0, ignored on arrival; the fourth such bit of RFC 9293 has become AE."},
	{"tcp.flags.ae", "AE", aeOffset, 1, "RFC 9768 §3.1",
		"Accurate ECN, part of the counter of congestion marks; reserved in RFC 9293, NS in old books."},
	{"tcp.flags.cwr", "CWR", flagsOffset, 1, "RFC 3168 §6.1",
		"Congestion Window Reduced: the sender has slowed down, so ECE can stop; in a SYN, with ECE, it offers ECN."},
	{"tcp.flags.ece", "ECE", flagsOffset + 1, 1, "RFC 3168 §6.1",
		"ECN-Echo: a packet has come that a router marked for congestion; in a SYN, with CWR, it offers ECN, in a SYN+ACK it agrees."},
	{"tcp.flags.urg", "URG", flagsOffset + 2, 1, "RFC 9293 §3.1",
		"The urgent pointer counts."},
	{"tcp.flags.ack", "ACK", flagsOffset + 3, 1, "RFC 9293 §3.1",
		"The acknowledgment number counts: set in every segment but a SYN that asks and some resets."},
	{"tcp.flags.push", "PSH", flagsOffset + 4, 1, "RFC 9293 §3.1",
		"Push: hand the data to the application without waiting for more."},
	{"tcp.flags.reset", "RST", flagsOffset + 5, 1, "RFC 9293 §3.1",
		"Reset: the connection is refused or broken off at once."},
	{"tcp.flags.syn", "SYN", flagsOffset + 6, 1, "RFC 9293 §3.1",
		"Synchronize sequence numbers: opens a connection and takes one sequence number."},
	{"tcp.flags.fin", "FIN", flagsOffset + 7, 1, "RFC 9293 §3.1",
		"The sender has no more data: closes its half and takes one sequence number."},
	{"tcp.window_size_value", "Window", windowOffset, 16, "RFC 9293 §3.1",
		"How many bytes from the acknowledgment number on the sender is ready to take, before scaling."},
	{"tcp.checksum", "Checksum", checksumOffset, 16, "RFC 9293 §3.1",
		"Ones' complement of the ones' complement sum over a pseudo-header with both addresses, the header and the payload."},
	{"tcp.urgent_pointer", "Urgent Pointer", urgentOffset, 16, "RFC 9293 §3.1",
		"Where the byte after the urgent data stands, counted from the sequence number; it counts only where URG is set."},
}

// FlagsField is the group of the eight control bits 104-111, CWR to FIN, as a
// lesson writes them: SYN is 00000010.
var FlagsField = Field{"tcp.flags", "Control Bits", flagsOffset, flagsWidth, "RFC 9293 §3.1",
	"The eight control bits CWR ECE URG ACK PSH RST SYN FIN, each 0 or 1."}

// ByKey finds a field of the header, or the group of flags, by its key.
func ByKey(key string) (Field, bool) {
	for _, f := range Fields {
		if f.Key == key {
			return f, true
		}
	}
	return FlagsField, key == FlagsField.Key
}

// End is the number of the field's last bit.
func (f Field) End() int { return f.Offset + f.Width - 1 }

// Value reads the field out of a TCP header; false where the header is cut
// before the field's end.
func (f Field) Value(header []byte) (uint32, bool) {
	last := f.End() / 8
	if last >= len(header) {
		return 0, false
	}
	var v uint64 // a field may touch five bytes
	for _, b := range header[f.Offset/8 : last+1] {
		v = v<<8 | uint64(b)
	}
	v >>= uint(8*(last+1) - f.Offset - f.Width)
	return uint32(v & (1<<f.Width - 1)), true
}

// Set writes v into the field of a header that is long enough for it, and
// leaves the other bits as they are; false where it is not.
func (f Field) Set(header []byte, v uint32) bool {
	if f.End()/8 >= len(header) {
		return false
	}
	for i := range f.Width {
		bit := f.End() - i
		mask := byte(1) << (7 - bit%8)
		if v>>i&1 == 1 {
			header[bit/8] |= mask
		} else {
			header[bit/8] &^= mask
		}
	}
	return true
}

// AppendBits appends the field's bits as 0 and 1, the first bit first;
// nothing where the header is cut before the field's end.
func (f Field) AppendBits(dst, header []byte) []byte {
	v, ok := f.Value(header)
	if !ok {
		return dst
	}
	for i := f.Width - 1; i >= 0; i-- {
		dst = append(dst, '0'+byte(v>>i&1))
	}
	return dst
}

// Bits is AppendBits as a string: "00010010".
func (f Field) Bits(header []byte) string { return string(f.AppendBits(nil, header)) }

// Values walks the fields with their values, in the header's order, as far as
// the header reaches.
func Values(header []byte) iter.Seq2[Field, uint32] {
	return func(yield func(Field, uint32) bool) {
		for _, f := range Fields {
			v, ok := f.Value(header)
			if !ok || !yield(f, v) {
				return
			}
		}
	}
}
