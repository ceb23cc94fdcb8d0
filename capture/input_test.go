package capture

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

// TestStreams: what is read is the same whatever the stream hands out at once, and
// skipping over much needs hardly any memory.
func TestStreams(t *testing.T) {
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
		n := 0
		for p := (Packet{}); ; n++ {
			if err = f.Next(&p); err != nil {
				break
			}
			want := []byte{byte(n), byte(n >> 8)}
			if n == 2000 {
				want = []byte{7, 7}
			}
			if !bytes.Equal(p.Data, bytes.Repeat(want, len(p.Data)/2)) {
				t.Fatalf("%s: packet %d is another", name, n+1)
			}
		}
		if err != io.EOF || n != packets {
			t.Fatalf("%s: %d packets, %v", name, n, err)
		}
		if most := 1 << 20; len(f.in.buf) > most {
			t.Errorf("%s: a window of %d bytes for a capture of %d, of which 15 MB are skipped", name, len(f.in.buf), len(file))
		}
	}
}
