package stable

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

func open(t *testing.T, path string) *capture.File {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// all are the packets of a source, decoded.
func all(t *testing.T, s capture.Source) (packets []capture.Packet, segments []decode.Segment) {
	t.Helper()
	decoder := decode.New()
	for {
		var p capture.Packet
		err := s.Next(&p)
		if err == io.EOF {
			return packets, segments
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Data = bytes.Clone(p.Data)
		var seg decode.Segment
		if decoder.Decode(&p, &seg).Kind != decode.TCP {
			seg = decode.Segment{}
		}
		packets, segments = append(packets, p), append(segments, seg)
	}
}

// TestSource: numbers begin at X and Y, no time is known, what was said stays, and
// checksums are no worse than they were.
func TestSource(t *testing.T) {
	paths, _ := filepath.Glob("../../testdata/*.pcapng")
	more, _ := filepath.Glob("../../testdata/trouble/*.pcapng")
	for _, path := range append(paths, more...) {
		source := New(open(t, path), nil)
		packets, after := all(t, source)
		_, before := all(t, open(t, path))
		if len(after)+source.LeftOut != len(before) {
			t.Errorf("%s: %d packets and %d left out, were %d", path, len(after), source.LeftOut, len(before))
		}
		count := func(list []decode.Segment) (bytes int, sums [4]int, flags map[decode.Flags]int) {
			flags = map[decode.Flags]int{}
			for i := range list {
				s := &list[i]
				if len(s.Header) == 0 || !s.Bare {
					continue
				}
				bytes += s.PayloadLen
				flags[s.Flags]++
				sums[s.VerifyChecksum()]++
			}
			return bytes, sums, flags
		}
		n0, sums0, flags0 := count(before)
		n1, sums1, flags1 := count(after)
		if n0 != n1 || sums0 != sums1 || len(flags0) != len(flags1) {
			t.Errorf("%s: %d bytes, checksums %v, flags %v; were %d, %v, %v", path, n1, sums1, flags1, n0, sums0, flags0)
		}
		for i, p := range packets {
			s := &after[i]
			if p.Time.Known || p.Number != i+1 || !s.Bare {
				t.Errorf("%s, packet %d: %+v", path, i+1, p)
			}
			if s.Flags.Has(decode.SYN) && !s.Flags.Has(decode.ACK) && s.Seq != X && s.Seq != Y {
				t.Errorf("%s, packet %d: a SYN with %d", path, i+1, s.Seq)
			}
		}
	}
}
