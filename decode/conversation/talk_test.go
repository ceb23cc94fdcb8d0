package conversation

import (
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/cases"
)

// A talk is what two hosts send each other, in a form that a fuzzer can change a
// little at a time: two initial sequence numbers, then so many bytes a segment.
// Numbers of segments are counted from the initial ones, so that what is
// changed stays near what is right.
type talk []byte

const (
	talkHead    = 8
	talkSegment = 16
	talkMost    = 60 // segments

	talkReply    = 1 << 0 // first byte: from the second host
	talkPorts    = 3 << 1 //   which of four ports the first host has
	talkSameID   = 1 << 3 //   the IP identification is that of the segment before
	talkNoID     = 1 << 4 //   there is none
	talkHasTS    = 1 << 5 //   timestamps
	talkSYNs     = 1 << 6 //   window scale, SACK
	talkIsSigned = 1 << 7 //   a signature
)

// pauses are times between two segments, in microseconds.
var pauses = [...]int64{0, 1, 10, 100, 300, 1000, 3000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 3_000_000, 61_000_000}

// segments are the segments of a talk.
func (in talk) segments() (list []*decode.Segment) {
	if len(in) < talkHead {
		return nil
	}
	isn := [2]uint32{binary.BigEndian.Uint32(in), binary.BigEndian.Uint32(in[4:])}
	hosts := [2]netip.Addr{netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("198.51.100.20")}
	now, id := int64(1e9), [2]uint16{1, 7000}
	for in = in[talkHead:]; len(in) >= talkSegment && len(list) < talkMost; in = in[talkSegment:] {
		from := int(in[0] & talkReply)
		port := uint16(40000) + uint16(in[0]&talkPorts)>>1
		flags := decode.Flags(binary.BigEndian.Uint16(in[1:]) & 0xfff)
		now += 1000 * pauses[in[13]%uint8(len(pauses))]
		if in[0]&talkSameID == 0 {
			id[from]++
		}
		s := &decode.Segment{Number: len(list) + 1, HeaderLen: 20, Header: make([]byte, 20), IPVersion: 4, Flags: flags,
			Src: hosts[from], Dst: hosts[1-from], SrcPort: port, DstPort: 443, ID: id[from],
			Seq: isn[from] + small(in[3:]), Ack: isn[1-from] + small(in[6:]),
			PayloadLen: int(binary.BigEndian.Uint16(in[9:])) % 2000, Window: binary.BigEndian.Uint16(in[11:]), TTL: 40 + in[14]%4,
			Time: capture.Time{Sec: now / 1e9, Nsec: int32(now % 1e9), Digits: 9, Known: true}}
		if from == 1 {
			s.SrcPort, s.DstPort = s.DstPort, s.SrcPort
		}
		if in[0]&talkNoID != 0 {
			s.ID = 0
		}
		if !flags.Has(decode.ACK) {
			s.Ack = 0
		}
		s.Payload = make([]byte, s.PayloadLen)
		s.Length = 54 + s.PayloadLen
		s.Checksum = uint16(s.Seq) ^ uint16(s.Ack) ^ uint16(flags) ^ uint16(in[15])
		if in[0]&talkHasTS != 0 {
			s.Options.HasTimestamps, s.Options.TSVal, s.Options.TSEcr = true, uint32(now/1e6)+uint32(int8(in[15]))*100, uint32(in[15])
		}
		if flags.Has(decode.SYN) && in[0]&talkSYNs != 0 {
			s.Options.HasScale, s.Options.Scale, s.Options.SACKPermitted = true, in[15]%16, true
		}
		s.Options.Signed = flags.Has(decode.SYN) && in[0]&talkIsSigned != 0
		list = append(list, s)
	}
	return list
}

// small reads three bytes with a sign.
func small(b []byte) uint32 {
	n := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	if n >= 1<<23 {
		n |= 0xff << 24
	}
	return n
}

// talkOf makes a talk of what the first two hosts in a recording send.
func talkOf(segments []decode.Segment) talk {
	if len(segments) == 0 {
		return nil
	}
	first := &segments[0]
	var isn [2]uint32
	var known [2]bool
	var last int64
	var body []byte
	for i := range segments {
		s := &segments[i]
		from := 0
		switch {
		case s.Src == first.Src && s.Dst == first.Dst && s.DstPort == first.DstPort:
		case s.Dst == first.Src && s.Src == first.Dst && s.SrcPort == first.DstPort:
			from = 1
		default:
			continue
		}
		if !known[from] {
			isn[from], known[from] = s.Seq, true
		}
		if s.Flags.Has(decode.ACK) && !known[1-from] {
			isn[1-from], known[1-from] = s.Ack-1, true
		}
		b := make([]byte, talkSegment)
		b[0] = byte(from)
		if s.Options.HasTimestamps {
			b[0] |= talkHasTS
		}
		if s.Options.HasScale {
			b[0] |= talkSYNs
		}
		if s.Options.Signed {
			b[0] |= talkIsSigned
		}
		if s.ID == 0 {
			b[0] |= talkNoID
		}
		client := s.SrcPort
		if from == 1 {
			client = s.DstPort
		}
		b[0] |= byte(client-first.SrcPort) << 1 & talkPorts
		binary.BigEndian.PutUint16(b[1:], uint16(s.Flags))
		putSmall(b[3:], s.Seq-isn[from])
		putSmall(b[6:], s.Ack-isn[1-from])
		binary.BigEndian.PutUint16(b[9:], uint16(min(s.PayloadLen, 1999)))
		binary.BigEndian.PutUint16(b[11:], s.Window)
		now := s.Time.UnixNano()
		for b[13] < byte(len(pauses)-1) && last != 0 && 1000*pauses[b[13]] < now-last {
			b[13]++
		}
		last = now
		b[14] = s.TTL
		b[15] = s.Options.Scale
		body = append(body, b...)
	}
	head := make([]byte, talkHead)
	binary.BigEndian.PutUint32(head, isn[0])
	binary.BigEndian.PutUint32(head[4:], isn[1])
	return append(head, body...)
}

func putSmall(b []byte, n uint32) { b[0], b[1], b[2] = byte(n>>16), byte(n>>8), byte(n) }

// talks are those of all recordings and cases.
func talks(t testing.TB) (all []talk) {
	t.Helper()
	for _, r := range recordings(t) {
		all = append(all, talkOf(r.segments()))
	}
	scripts, err := filepath.Glob("../../testdata/cases/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("cases are missing: %v", err)
	}
	for _, path := range scripts {
		all = append(all, talkOf(scripted(t, path)))
	}
	return all
}

// scripted are the segments of a case.
func scripted(t testing.TB, path string) (list []decode.Segment) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cases.Parse(strings.TrimSuffix(filepath.Base(path), ".txt"), string(text))
	if err != nil {
		t.Fatal(err)
	}
	decoder, packets := decode.New(), c.Packets()
	for i := range packets {
		var s decode.Segment
		if decoder.Decode(&packets[i], &s).Kind == decode.TCP {
			s.Number = i + 1
			list = append(list, s)
		}
	}
	return list
}
