package decode

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// counts tells how many packets were read in one go.
type counts struct{ common, rare int }

// check holds what Decode makes of a packet against what the walk makes of it.
func (n *counts) check(t *testing.T, p *capture.Packet) {
	t.Helper()
	var one, two Segment
	got := New().Decode(p, &one)
	two.begin(p)
	want := New().walk(p, &two)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%x: %+v, the walk finds %+v", p.Data, got, want)
	}
	if want.Kind == TCP && !reflect.DeepEqual(one, two) {
		t.Fatalf("%x:\n%+v, the walk finds\n%+v", p.Data, one, two)
	}
	if p.Link == capture.LinkEthernet && new(Segment).common(p) {
		n.common++
	} else {
		n.rare++
	}
}

// TestCommonIsTheWalk: what is read in one go is what the walk finds, in every
// packet of the recordings, cut at every length and with bytes that are wrong.
func TestCommonIsTheWalk(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../testdata/*.pcap*", "../testdata/trouble/*.pcap*"} {
		found, _ := filepath.Glob(pattern)
		files = append(files, found...)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var n counts
	for _, path := range files {
		f, err := capture.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for p := (capture.Packet{}); f.Next(&p) == nil; {
			data, length := bytes.Clone(p.Data), p.Length
			n.check(t, &p)
			for at := range min(len(data), 80) {
				p.Data = data[:at]
				n.check(t, &p)
				p.Length = at // short on the wire, too
				n.check(t, &p)
				p.Data, p.Length = bytes.Clone(data), length
				p.Data[at] = byte(random.Uint32())
				n.check(t, &p)
			}
			p.Data, p.Length = append(data, 1, 2, 3, 4, 5, 6), length+6 // padding
			n.check(t, &p)
			p.FCS = 4
			n.check(t, &p)
		}
		f.Close()
	}
	if n.common < 10_000 || n.rare < 10_000 {
		t.Errorf("%+v: too few to tell", n)
	}
}
