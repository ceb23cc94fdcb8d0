package conversation

import (
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// recording is what a capture file holds of TCP.
type recording struct {
	name  string
	found []found
}

// found is a segment, or the ICMP error that quotes one.
type found struct {
	decode.Segment
	quote *decode.Quote // nil for a segment of its own
}

// recordings are all there are in testdata.
func recordings(t testing.TB) (all []recording) {
	t.Helper()
	for _, pattern := range []string{"../../testdata/*.pcap*", "../../testdata/trouble/*.pcap*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, path := range files {
			all = append(all, read(t, path))
		}
	}
	return all
}

func read(t testing.TB, path string) recording {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, decoder := recording{name: path}, decode.New()
	for p := (capture.Packet{}); ; {
		if err := f.Next(&p); err == io.EOF {
			return r
		} else if err != nil {
			t.Fatal(err)
		}
		var one found
		p.Data = slices.Clone(p.Data)
		switch result := decoder.Decode(&p, &one.Segment); result.Kind {
		case decode.Quoted:
			one.quote = result.Quote
			fallthrough
		case decode.TCP:
			r.found = append(r.found, one)
		}
	}
}

// segments are those that were sent, without the quoted ones.
func (r recording) segments() (list []decode.Segment) {
	for i := range r.found {
		if r.found[i].quote == nil {
			list = append(list, r.found[i].Segment)
		}
	}
	return list
}
