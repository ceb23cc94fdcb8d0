package wire

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// TestSaveAndLoad: what was on a cable comes back the same from a file of both ends.
func TestSaveAndLoad(t *testing.T) {
	at := time.Unix(1_700_000_000, 0).UnixNano()
	from, to := netip.MustParseAddrPort("192.0.2.10:40000"), netip.MustParseAddrPort("198.51.100.20:6000")
	segment := Segment{From: from, To: to, Seq: 1, Flags: decode.SYN}
	records := []*Record{
		{Number: 1, From: Client, Data: segment.Packet(), Sent: at, Arrival: at + 5e6, Why: "delay the 1st SYN by 5ms",
			Kernel: [2]Testimony{{Known: true, State: conversation.SynSent, Timer: "retransmission", Expires: time.Second, Unacked: 1, RTO: time.Second, MSS: 524, Congestion: 10}, {Known: true, State: conversation.SynReceived}}},
		{Number: 2, From: Server, Data: segment.Packet(), Sent: at + 1e6, Fate: Lost, Why: "drop it; whatever it is"},
		{Number: 3, From: Client, Forged: true, CopyOf: 1, Data: segment.Packet(), Sent: at + 6e6, Arrival: at + 6e6},
		{Number: 4, From: Client, Data: segment.Packet(), Became: corrupted(segment.Packet()), Sent: at + 7e6, Arrival: at + 7e6},
		{Number: 5, From: Server, Data: segment.Packet(), Sent: at + 8e6, Fate: OnItsWay},
	}
	var file bytes.Buffer
	if err := Save(&file, records, BothEnds); err != nil {
		t.Fatal(err)
	}
	reader, err := capture.NewReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(reader)
	if err != nil {
		t.Fatal(err)
	}
	if !IsOfBothEnds(reader.Section()) || len(got) != len(records) {
		t.Fatalf("%d records of %d", len(got), len(records))
	}
	for i, r := range got {
		w := records[i]
		if r.Number != w.Number || r.From != w.From || r.Forged != w.Forged || r.CopyOf != w.CopyOf || r.Fate != w.Fate ||
			!bytes.Equal(r.Data, w.Data) && !w.Forged || !bytes.Equal(r.Landed(), w.Landed()) || r.Sent != w.Sent || w.Fate == Arrived && r.Arrival != w.Arrival ||
			len(r.Why) != len(w.Why) || r.Kernel[0].More() != w.Kernel[0].More() || r.Kernel[0].State != w.Kernel[0].State || r.Kernel[1].Known != w.Kernel[1].Known {
			t.Errorf("record %d is\n%+v, want\n%+v", i+1, r, w)
		}
	}
}

// TestHostileFiles: whatever a file of both ends says of its packets, it is read or
// refused, and the records are numbered from 1.
func TestHostileFiles(t *testing.T) {
	words := []string{"cable 1", "cable -7", "cable 999999999999", "cable x", "lost", "a copy of 3", "a copy of -1", "no host has sent it", "kernel: LISTEN, x", "kernel: ", "by the cable: ", ""}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var list []capture.Packet
		for n := range random.IntN(8) {
			comment := "cable " + string(rune('1'+random.IntN(5)))
			for range random.IntN(4) {
				comment += "; " + words[random.IntN(len(words))]
			}
			data := make([]byte, random.IntN(60))
			for i := range data {
				data[i] = byte(random.Uint32())
			}
			list = append(list, capture.Packet{Number: n + 1, Time: capture.At(random.Int64N(1 << 40)), Interface: random.IntN(2), Data: data, Length: len(data), Comment: comment})
		}
		records, err := Load(&packets{list})
		if err != nil {
			continue
		}
		for i, r := range records {
			if r.Number != i+1 || r.CopyOf < 0 || r.CopyOf > len(records) {
				t.Fatalf("record %d is numbered %d, a copy of %d", i+1, r.Number, r.CopyOf)
			}
		}
	}
}
