package explain

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/cases"
)

// found is a packet and the segment in it; segment is nil where there is none.
type found struct {
	where   string
	packet  capture.Packet
	segment *decode.Segment
}

// population is what the filters are tried on: every recording, every case, and
// a segment of each version of IP with every value of the flags.
func population(t *testing.T) (all []found) {
	t.Helper()
	decoder := decode.New()
	add := func(where string, p capture.Packet) {
		p.Data = slices.Clone(p.Data)
		f := found{where: fmt.Sprintf("%s #%d", where, p.Number), packet: p}
		s := new(decode.Segment)
		if decoder.Decode(&f.packet, s).Kind == decode.TCP {
			f.segment = s
		}
		all = append(all, f)
	}
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	trouble, _ := filepath.Glob("../../testdata/trouble/*.pcap*")
	for _, path := range append(files, trouble...) {
		file, err := capture.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for {
			var p capture.Packet
			if err := file.Next(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			add(path, p)
		}
		file.Close()
	}
	scripts, _ := filepath.Glob("../../testdata/cases/*.txt")
	for _, path := range scripts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := cases.Parse(filepath.Base(path), string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Packets() {
			add(path, p)
		}
	}
	if len(files) == 0 || len(trouble) == 0 || len(scripts) == 0 {
		t.Fatal("testdata is missing")
	}
	for _, v6 := range []bool{false, true} {
		for flags := range decode.Flags(allFlags + 1) {
			data := packet(v6, flags, int(flags), "")
			add("made", capture.Packet{Number: int(flags), Time: capture.At(int64(flags) * 1000), Link: capture.LinkRaw, FCS: -1, Length: len(data), Data: data})
		}
	}
	return all
}

// try runs a capture filter of a page over the population: it must take each
// segment that takes accepts, and nothing else, and both must occur.
func try(t *testing.T, all []found, filter string, takes func(*decode.Segment) bool) {
	t.Helper()
	byLink := map[capture.LinkType]*live.Filter{}
	taken, passed := 0, 0
	for _, f := range all {
		program := byLink[f.packet.Link]
		if program == nil {
			var err error
			if program, err = live.CompileFilter(f.packet.Link, capture.MaxCaptured, filter); errors.Is(err, live.ErrNoLibpcap) {
				t.Skip("this build has no libpcap")
			} else if err != nil {
				t.Fatal(err)
			}
			byLink[f.packet.Link] = program
		}
		got := program.Match(f.packet.Data, f.packet.Length)
		if want := f.segment != nil && takes(f.segment); got != want {
			t.Errorf("%s: %s: %v, want %v", filter, f.where, got, want)
		}
		if got {
			taken++
		} else {
			passed++
		}
	}
	if taken == 0 || passed == 0 {
		t.Errorf("%s: takes %d, passes over %d", filter, taken, passed)
	}
}

// means is what the words of the findings mean.
var means = map[string]func(*decode.Segment) bool{
	"SYN, without ACK: who asks for a connection": func(s *decode.Segment) bool {
		return s.Flags.Has(decode.SYN) && !s.Flags.Has(decode.ACK)
	},
	"SYN+ACK: who agrees":                     func(s *decode.Segment) bool { return s.Flags.Has(decode.SYN | decode.ACK) },
	"SYN, with or without ACK":                func(s *decode.Segment) bool { return s.Flags.Has(decode.SYN) },
	"FIN or RST: what ends a connection":      func(s *decode.Segment) bool { return s.Flags&(decode.FIN|decode.RST) != 0 },
	"data":                                    func(s *decode.Segment) bool { return s.PayloadLen > 0 },
	"a window field of 0":                     func(s *decode.Segment) bool { return s.Window == 0 },
	"options: a header of more than 20 bytes": func(s *decode.Segment) bool { return s.HeaderLen > 20 },
	"a port, in either direction":             func(s *decode.Segment) bool { return s.SrcPort == 6000 || s.DstPort == 6000 },
	"what a server sends":                     func(s *decode.Segment) bool { return s.SrcPort == 6000 },
}

func over(version uint8, takes func(*decode.Segment) bool) func(*decode.Segment) bool {
	return func(s *decode.Segment) bool { return s.IPVersion == version && takes(s) }
}

// Every capture filter finds what the page says, and nothing else.
func TestFiltersFind(t *testing.T) {
	all := population(t)
	for _, f := range findings {
		takes := means[f.finds]
		if takes == nil {
			t.Fatalf("what is %q?", f.finds)
		}
		if f.ip6 == "" {
			try(t, all, f.ip4, takes)
			continue
		}
		try(t, all, f.ip4, over(4, takes))
		try(t, all, f.ip6, over(6, takes))
	}
	for flag := decode.FIN; flag <= decode.AE; flag <<= 1 {
		takes := func(s *decode.Segment) bool { return s.Flags&flag != 0 }
		r := oneFlagRows(flag)
		try(t, all, row(t, r, "capture"), over(4, takes))
		try(t, all, row(t, r, "over IPv6"), over(6, takes))
	}
	for _, flags := range []decode.Flags{0, decode.SYN, decode.SYN | decode.ACK, 0xff, 0x112, 0x1c2, 0x800, allFlags} {
		takes := func(s *decode.Segment) bool {
			return s.Flags == flags || flags <= 0xff && s.Flags&0xff == flags
		}
		r := byteRows(flags)
		try(t, all, row(t, r, "capture"), over(4, takes))
		try(t, all, row(t, r, "over IPv6"), over(6, takes))
	}
}

// The filter for one segment finds it and its repetitions.
func TestFilterForOneSegment(t *testing.T) {
	all := population(t)
	tried := 0
	for _, f := range all {
		if s := f.segment; s != nil && s.Flags == decode.SYN|decode.ACK && (strings.Contains(f.where, "greeting") || strings.Contains(f.where, "ipv6.pcapng")) {
			tried++
			fill := strings.NewReplacer("PORT", fmt.Sprint(s.SrcPort), "SEQ", fmt.Sprint(s.Seq))
			expr := oneSegment.ip4
			if s.IPVersion == 6 {
				expr = oneSegment.ip6
			}
			try(t, all, fill.Replace(expr), over(s.IPVersion, func(o *decode.Segment) bool {
				return o.SrcPort == s.SrcPort && o.Seq == s.Seq && o.Flags&0xff == s.Flags
			}))
		}
	}
	if tried < 3 {
		t.Errorf("tried on %d segments only", tried)
	}
}

// No page shows a capture filter that libpcap does not take.
func TestFiltersCompile(t *testing.T) {
	filled := strings.NewReplacer("PORT", "6000", "SEQ", "4294967295")
	for _, topic := range pages(t) {
		for _, b := range topic.body {
			r, _ := b.(rows)
			for _, line := range r {
				if line[0] != "capture" && line[0] != "over IPv6" {
					continue
				}
				if _, err := live.CompileFilter(capture.LinkEthernet, capture.MaxCaptured, filled.Replace(line[1])); errors.Is(err, live.ErrNoLibpcap) {
					t.Skip("this build has no libpcap")
				} else if err != nil {
					t.Errorf("%s: %v", topic.Name, err)
				}
			}
		}
	}
}

func row(t *testing.T, r rows, label string) string {
	t.Helper()
	for _, line := range r {
		if line[0] == label {
			return line[1]
		}
	}
	t.Fatalf("no row %q", label)
	return ""
}
