package capture

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

// TestReadInto: what was read stays as it is, whatever the stream hands out at
// once, and skipping over much needs hardly any memory.
func TestReadInto(t *testing.T) {
	e := little
	parts := [][]byte{e.section(1, 0), e.iface(LinkEthernet, 0)}
	const packets = 3000
	for i := range packets {
		data := bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 50+i%100)
		if i == 2000 {
			data = bytes.Repeat([]byte{7}, 260_000)
		}
		if i%1000 == 999 {
			parts = append(parts, e.block(0xbad, make([]byte, 5<<20)))
		}
		parts = append(parts, e.enhanced(0, uint64(i), len(data), len(data), data))
	}
	file := join(parts...)
	for name, r := range map[string]io.Reader{
		"whole": bytes.NewReader(file), "halves": iotest.HalfReader(bytes.NewReader(file)), "data and end": iotest.DataErrReader(bytes.NewReader(file)),
	} {
		f, err := NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		var given int
		f.ReadInto(func(n int) []byte {
			given += n
			return make([]byte, n)
		})
		var kept []Packet
		for p := (Packet{}); ; kept = append(kept, p) {
			if err = f.Next(&p); err != nil {
				break
			}
		}
		if err != io.EOF || len(kept) != packets {
			t.Fatalf("%s: %d packets, %v", name, len(kept), err)
		}
		for i, p := range kept {
			want := []byte{byte(i), byte(i >> 8)}
			if i == 2000 {
				want = []byte{7, 7}
			}
			if !bytes.Equal(p.Data, bytes.Repeat(want, len(p.Data)/2)) {
				t.Fatalf("%s: packet %d has changed", name, i+1)
			}
		}
		if most := 5 << 20; given > most {
			t.Errorf("%s: %d bytes for a capture of %d, of which 15 MB are skipped", name, given, len(file))
		}
	}
}
