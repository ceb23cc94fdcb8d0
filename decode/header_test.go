package decode

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// synAck is a whole header: 6000 → 42101, SYN+ACK, with a SYN's options.
var synAck = []byte{
	0x17, 0x70, 0xa4, 0x75, // source port 6000, destination port 42101
	0x63, 0x29, 0x6a, 0x45, // sequence number 1663658565
	0x86, 0x3e, 0x5c, 0x5e, // acknowledgment number 2252233822
	0xa0, 0x12, 0xff, 0xcb, // data offset 10, SYN+ACK, window 65483
	0xfe, 0x30, 0x00, 0x00, // checksum, urgent pointer
	0x02, 0x04, 0xff, 0xd7, // MSS 65495
	0x04, 0x02, 0x08, 0x0a, // SACK permitted, timestamps …
	0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x02,
	0x01, 0x03, 0x03, 0x07, // NOP, window scale 7
}

func TestFieldsCoverTheHeader(t *testing.T) {
	next := 0
	keys := map[string]bool{}
	for _, f := range Fields {
		if f.Offset != next {
			t.Errorf("%s begins at bit %d, the field before it ends at %d", f.Key, f.Offset, next-1)
		}
		if f.Width < 1 || f.Width > 32 || f.Name == "" || f.Ref == "" || f.Help == "" {
			t.Errorf("%s is not complete: %+v", f.Key, f)
		}
		if keys[f.Key] {
			t.Errorf("%s stands twice", f.Key)
		}
		keys[f.Key] = true
		next = f.End() + 1
	}
	if next != 160 {
		t.Errorf("the fields cover %d bits, a header has 160", next)
	}
}

func TestFieldValues(t *testing.T) {
	for _, row := range []struct {
		key        string
		first, end int
		value      uint32
		bits       string
	}{
		{"tcp.srcport", 0, 15, 6000, "0001011101110000"},
		{"tcp.dstport", 16, 31, 42101, "1010010001110101"},
		{"tcp.seq_raw", 32, 63, 1663658565, "01100011001010010110101001000101"},
		{"tcp.ack_raw", 64, 95, 2252233822, "10000110001111100101110001011110"},
		{"tcp.hdr_len", 96, 99, 10, "1010"},
		{"tcp.flags.res", 100, 102, 0, "000"},
		{"tcp.flags.ae", 103, 103, 0, "0"},
		{"tcp.flags.cwr", 104, 104, 0, "0"},
		{"tcp.flags.ece", 105, 105, 0, "0"},
		{"tcp.flags.urg", 106, 106, 0, "0"},
		{"tcp.flags.ack", 107, 107, 1, "1"},
		{"tcp.flags.push", 108, 108, 0, "0"},
		{"tcp.flags.reset", 109, 109, 0, "0"},
		{"tcp.flags.syn", 110, 110, 1, "1"},
		{"tcp.flags.fin", 111, 111, 0, "0"},
		{"tcp.flags", 104, 111, 0x12, "00010010"},
		{"tcp.window_size_value", 112, 127, 65483, "1111111111001011"},
		{"tcp.checksum", 128, 143, 0xfe30, "1111111000110000"},
		{"tcp.urgent_pointer", 144, 159, 0, "0000000000000000"},
	} {
		f, ok := ByKey(row.key)
		if !ok {
			t.Errorf("no field %s", row.key)
			continue
		}
		if f.Offset != row.first || f.End() != row.end {
			t.Errorf("%s: bits %d-%d, want %d-%d", row.key, f.Offset, f.End(), row.first, row.end)
		}
		if v, ok := f.Value(synAck); v != row.value || !ok {
			t.Errorf("%s = %d, %v, want %d", row.key, v, ok, row.value)
		}
		if got := f.Bits(synAck); got != row.bits {
			t.Errorf("%s bits %s, want %s", row.key, got, row.bits)
		}
		if _, ok := f.Value(synAck[:f.End()/8]); ok {
			t.Errorf("%s has a value in a header cut before its end", row.key)
		}
	}
	if _, ok := ByKey("tcp.nothing"); ok {
		t.Error("a key that no field has was found")
	}
}

// FuzzHeader: whatever 20 bytes are a header, its fields put back by the table
// are that header, and the decoder reads the same values.
func FuzzHeader(f *testing.F) {
	f.Add(synAck)
	f.Add(bytes.Repeat([]byte{0xff}, 20)) // all twelve flags, 15 words
	f.Add(make([]byte, 20))               // data offset 0
	f.Add(synAck[:7])                     // cut inside the sequence number
	f.Fuzz(func(t *testing.T, header []byte) {
		size := min(len(header), headerBytes)
		again := make([]byte, size)
		read := 0
		for field, v := range Values(header) {
			if !field.Set(again, v) {
				t.Fatalf("%s has a value and no place", field.Key)
			}
			read += field.Width
		}
		if n := read / 8; !bytes.Equal(again[:n], header[:n]) {
			t.Fatalf("put back %x, was %x", again[:n], header[:n])
		}
		if size < headerBytes {
			return
		}
		s := decodeTCP(t, header)
		for key, v := range map[string]uint32{
			"tcp.srcport": uint32(s.SrcPort), "tcp.dstport": uint32(s.DstPort), "tcp.seq_raw": s.Seq,
			"tcp.ack_raw": s.Ack, "tcp.hdr_len": uint32(s.HeaderLen / 4), "tcp.flags": uint32(s.Flags & 0xff),
			"tcp.flags.res": uint32(s.Flags >> 9), "tcp.flags.ae": uint32(s.Flags >> 8 & 1),
			"tcp.window_size_value": uint32(s.Window), "tcp.checksum": uint32(s.Checksum),
			"tcp.urgent_pointer": uint32(s.Urgent),
		} {
			field, _ := ByKey(key)
			if want, _ := field.Value(header); want != v {
				t.Errorf("%s: decoder %d, table %d", key, v, want)
			}
		}
	})
}

// decodeTCP decodes bytes as the TCP part of an IPv4 packet.
func decodeTCP(t *testing.T, tcp []byte) *Segment {
	t.Helper()
	if len(tcp) > 65000 {
		t.Skip("longer than a packet")
	}
	packet := append([]byte{
		0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0, // IPv4, total length below
		192, 0, 2, 1, 198, 51, 100, 2, // source, destination
	}, tcp...)
	binary.BigEndian.PutUint16(packet[2:], uint16(len(packet)))
	s := &Segment{}
	if r := New().Decode(rawPacket(packet), s); r.Kind != TCP {
		t.Fatalf("kind %d, %+v", r.Kind, r.Problem)
	}
	return s
}
