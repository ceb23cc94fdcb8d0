package wire

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// TestBothFamilies: what the cable makes and changes has right checksums and says the
// same over IPv4 and IPv6, and a file of it is of that version's link type.
func TestBothFamilies(t *testing.T) {
	for _, ends := range [][2]string{{"192.0.2.10:40000", "198.51.100.20:6000"}, {"[2001:db8:1::10]:40000", "[2001:db8:2::20]:6000"}} {
		made := Segment{From: netip.MustParseAddrPort(ends[0]), To: netip.MustParseAddrPort(ends[1]), Seq: 7, Flags: decode.SYN, Window: 100, Options: []byte{2, 4, 5, 180}}
		syn := made.Packet()
		for name, p := range map[string][]byte{"made": syn, "clamped": clamped(syn, 536), "congested": congested(syn)} {
			s := newReader().read(p)
			if s == nil || s.Seq != 7 || s.Dst != made.To.Addr() || !bytes.Equal(p[:1], syn[:1]) {
				t.Fatalf("%s: %s is no such segment: %x", ends[0], name, p)
			}
			tcp := p[headerSize(p):]
			if sum := onesSum(uint32(pseudoSum(p, protocolTCP, len(tcp))), tcp); sum != 0xffff {
				t.Errorf("%s: %s has a wrong checksum: %#x", ends[0], name, sum)
			}
			if want := map[string]uint16{"made": 1460, "clamped": 536, "congested": 1460}[name]; s.Options.MSS != want {
				t.Errorf("%s: %s has the MSS %d", ends[0], name, s.Options.MSS)
			}
		}
		if answer := newReader().read(reset(newReader().read(syn))); answer == nil || answer.Ack != 8 || !answer.Flags.Has(decode.RST|decode.ACK) {
			t.Errorf("%s: the RST is %+v", ends[0], answer)
		}
		var file bytes.Buffer
		records := []*Record{{Number: 1, From: Client, Data: syn, Sent: 1e18, Arrival: 1e18}}
		if err := Save(&file, records, BothEnds); err != nil {
			t.Fatal(err)
		}
		reader, err := capture.NewReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		if loaded, err := Load(reader); err != nil || len(loaded) != 1 || !bytes.Equal(loaded[0].Data, syn) {
			t.Errorf("%s: loaded are %v, %v", ends[0], loaded, err)
		}
	}
}

// TestICMP: an error of type 3 is over IPv6 the one that says the same, quotes what it
// is about, and is no larger than it may be.
func TestICMP(t *testing.T) {
	for _, test := range []struct {
		from, to   string
		code       uint8
		kind, said uint8
		most       int
	}{
		{"192.0.2.10:1", "198.51.100.20:2", 4, 3, 4, 576},
		{"[2001:db8::1]:1", "[2001:db8::2]:2", 4, 2, 0, 1280},
		{"[2001:db8::1]:1", "[2001:db8::2]:2", 13, 1, 1, 1280},
		{"[2001:db8::1]:1", "[2001:db8::2]:2", 3, 1, 4, 1280},
	} {
		about := Segment{From: netip.MustParseAddrPort(test.from), To: netip.MustParseAddrPort(test.to), Seq: 77, Payload: make([]byte, 1400)}
		p := icmpError(3, test.code, 1280, about.Packet())
		if len(p) != test.most {
			t.Errorf("%s, code %d: %d bytes", test.from, test.code, len(p))
		}
		var s decode.Segment
		r := decode.New().Decode(&capture.Packet{Number: 1, Link: capture.LinkRaw, FCS: -1, Length: len(p), Data: p}, &s)
		if q := r.Quote; r.Kind != decode.Quoted || q.Type != test.kind || q.Code != test.said || s.Seq != 77 {
			t.Errorf("%s, code %d: %+v", test.from, test.code, r)
		}
	}
}
