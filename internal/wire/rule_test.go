package wire

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// TestRules: which packets of a little dialogue each rule applies to.
func TestRules(t *testing.T) {
	client, server := netip.MustParseAddrPort("192.0.2.10:40000"), netip.MustParseAddrPort("198.51.100.20:6000")
	type sent struct {
		from End
		data []byte
	}
	make := func(from End, flags decode.Flags, payload string) sent {
		s := Segment{From: client, To: server, Flags: flags, Payload: []byte(payload)}
		if from == Server {
			s.From, s.To = server, client
		}
		return sent{from, s.Packet()}
	}
	const syn, ack, fin, psh, rst = decode.SYN, decode.ACK, decode.FIN, decode.PSH, decode.RST
	dialogue := []sent{
		make(Client, syn, ""),             // 1
		make(Server, syn|ack, ""),         // 2
		make(Client, syn, ""),             // 3
		make(Server, syn|ack, ""),         // 4
		make(Client, ack, ""),             // 5
		make(Client, psh|ack, "hello"),    // 6
		make(Server, ack, ""),             // 7
		make(Server, psh|ack, "a longer"), // 8
		make(Client, fin|ack, ""),         // 9
		make(Server, fin|ack, ""),         // 10
		make(Client, rst, ""),             // 11
	}
	for text, want := range map[string]string{
		"drop the 1st SYN":                                       "1",
		"drop SYN":                                               "1",
		"drop the 2nd SYN+ACK":                                   "4",
		"drop the second syn-ack":                                "4",
		"drop every SYN":                                         "1 3",
		"drop all SYNs":                                          "1 3",
		"drop the first 2 SYN+ACKs":                              "2 4",
		"drop the client's 1st ACK":                              "5",
		"drop the 1st ACK of the server":                         "7",
		"drop the server's 1st FIN":                              "10",
		"drop every data segment":                                "6 8",
		"drop the 1st data from server":                          "8",
		"drop every packet larger than 45 bytes":                 "8",
		"drop everything":                                        "1 2 3 4 5 6 7 8 9 10 11",
		"  Drop   the 1st   RST ":                                "11",
		"delay the 1st data by 30ms":                             "6",
		"duplicate the 1st SYN after 2ms":                        "1",
		"copy the 2nd SYN":                                       "3",
		"reorder the server's 1st data":                          "8",
		"corrupt the 1st data":                                   "6",
		"mark every data":                                        "6 8",
		"rewrite every SYN to mss 536":                           "1 3",
		"answer every SYN with RST":                              "1 3",
		"answer the 2nd SYN with ICMP 3/13":                      "3",
		"cut after the 2nd SYN+ACK":                              "4",
		"drop the 1st packet of the client":                      "1",
		"answer every packet larger than 45 bytes with ICMP 3/4": "8",
	} {
		rule, err := ParseRule(text)
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		reader := newReader()
		for i, p := range dialogue {
			if rule.matches(p.from, len(p.data), reader.read(p.data)) {
				got = append(got, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}[i])
			}
		}
		if is := strings.Join(got, " "); is != want {
			t.Errorf("%q applies to %q, want %q", text, is, want)
		}
	}
}

// TestNoRules: what is not understood is said, with what would be.
func TestNoRules(t *testing.T) {
	for text, says := range map[string]string{
		"lost the 1st SYN":             "begins with none of",
		"drop":                         "names none of",
		"drop the 0th SYN":             "counted from 1",
		"drop the 1st UDP":             "SYN+ACK",
		"delay the 1st data":           "by how much",
		"delay the 1st data by two":    "no time",
		"delay the 1st data by -1s":    "no time",
		"rewrite every SYN":            "to mss 536",
		"rewrite every SYN to mss 1e9": "to mss 536",
		"rewrite SYN to mss 99999":     "16 bits",
		"delay the 1st SYN by 10h":     "a minute at most",
		"answer every SYN":             "RST or an ICMP error",
		"answer every SYN with hello":  "RST or an ICMP error",
		"cut the 1st SYN":              "does not say when",
		"drop the first 0 SYNs":        "counted from 1",
	} {
		if _, err := ParseRule(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v; want %q to be said", text, err, says)
		}
	}
}

// TestPackets: what the cable makes and changes is well formed, by the decoder's word.
func TestPackets(t *testing.T) {
	from, to := netip.MustParseAddrPort("192.0.2.10:40000"), netip.MustParseAddrPort("198.51.100.20:6000")
	segment := Segment{From: from, To: to, Seq: 1, Ack: 2, Flags: decode.SYN, Window: 3, Options: []byte{1, 1, 1, 1, 2, 4, 5, 180}, Payload: []byte("odd")}
	packet := segment.Packet()
	read := func(p []byte) decode.Segment { return *newReader().read(p) }
	if s := read(packet); s.VerifyChecksum() != decode.SumGood || s.Options.MSS != 1460 || s.Seq != 1 || s.Ack != 2 || string(s.Payload) != "odd" {
		t.Errorf("made: %+v, checksum %v", s, s.VerifyChecksum())
	}
	if s := read(clamped(packet, 536)); s.VerifyChecksum() != decode.SumGood || s.Options.MSS != 536 {
		t.Errorf("clamped: MSS %d, checksum %v", s.Options.MSS, s.VerifyChecksum())
	}
	if s := read(corrupted(packet)); s.VerifyChecksum() != decode.SumBad {
		t.Errorf("corrupted: checksum %v", s.VerifyChecksum())
	}
	if s := read(congested(packet)); s.VerifyChecksum() != decode.SumGood || s.ECN != 3 {
		t.Errorf("marked: ECN %d", s.ECN)
	}
	syn := read(packet)
	if s := read(reset(&syn)); s.VerifyChecksum() != decode.SumGood || s.Flags != decode.RST|decode.ACK || s.Ack != 1+1+3 || s.Seq != 0 || s.SrcPort != 6000 {
		t.Errorf("reset: %+v", s)
	}
	if clamped((&Segment{From: from, To: to, Flags: decode.SYN}).Packet(), 536) != nil {
		t.Error("a SYN without an MSS was given one")
	}
}
