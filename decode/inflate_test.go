package decode

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"
)

// inflate is all that in unpacks to, and how that ended.
func inflate(in []byte, most int) ([]byte, inflateEnd) {
	f := inflater{in: in, most: most, work: 1 << 30}
	f.run()
	return f.out, f.ended
}

// deflate packs data; with level -2 by Huffman codes alone.
func deflate(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// What any packer makes is unpacked, and what is damaged is unpacked as far as by
// the standard library, and zlib.
func TestInflate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 3000 {
		data := make([]byte, random.IntN(5000))
		for i := range data {
			if data[i] = byte(random.IntN(1 + n%256)); i > 40 && random.IntN(30) > 0 {
				data[i] = data[i-1-random.IntN(40)]
			}
		}
		packed := deflate(t, data, -2+n%12)
		if got, end := inflate(packed, 1<<20); end != inflateDone || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes at level %d: %d came out, end %d", len(data), -2+n%12, len(got), end)
		}
		if n%2 == 0 {
			packed = packed[:random.IntN(len(packed)+1)]
		} else {
			packed[random.IntN(min(len(packed), 40))] ^= 1 << random.IntN(8)
		}
		compareInflate(t, packed)
	}
}

// compareInflate holds what comes out to the standard library.
func compareInflate(t *testing.T, packed []byte) {
	t.Helper()
	want, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), 1<<20))
	got, end := inflate(packed, 1<<20)
	if end == inflateMost {
		return
	}
	if (err == nil) != (end == inflateDone) && len(want) < 1<<20 {
		t.Fatalf("%x: end %d, by the library %v", packed, end, err)
	}
	// Of what breaks off the library leaves the last bits unread, unlike zlib.
	if !bytes.HasPrefix(got, want) || len(got)-len(want) > 600 || err == nil && len(got) > len(want) {
		t.Fatalf("%x: %d bytes, %d by the library", packed, len(got), len(want))
	}
}

func FuzzInflate(f *testing.F) {
	f.Add(deflate(f, []byte("to be, or not to be"), 9))
	f.Add(deflate(f, bytes.Repeat([]byte("to be, or not to be"), 100), 9))
	f.Add(deflate(f, make([]byte, 300), 0))
	f.Add(blocksOfNothing(3))
	f.Fuzz(func(t *testing.T, packed []byte) { compareInflate(t, packed) })
}

// blocksOfNothing are n blocks of eleven bytes that bring codes and hold nothing:
// what costs the most work for its size.
func blocksOfNothing(n int) (b []byte) {
	at := 0
	put := func(v, bits int) {
		for i := range bits {
			if at%8 == 0 {
				b = append(b, 0)
			}
			b[len(b)-1] |= byte(v>>i&1) << (at % 8)
			at++
		}
	}
	for range n {
		put(0b100, 3)
		put(0, 10)
		put(14, 4)
		for _, symbol := range codeOrder[:18] {
			if symbol == 18 || symbol == 1 {
				put(1, 3)
			} else {
				put(0, 3)
			}
		}
		put(1, 1) // 138 and 118 symbols without a code
		put(138-11, 7)
		put(1, 1)
		put(118-11, 7)
		put(0, 1) // the end of the block
		put(0, 1) // a distance
		put(0, 1)
	}
	return b
}

// A budget ends both kinds of excess.
func TestInflateBudget(t *testing.T) {
	for name, in := range map[string][]byte{
		"a block of 64 KiB": deflate(t, make([]byte, 1<<16), 9),
		"blocks of nothing": blocksOfNothing(1000),
		"stored blocks":     bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 10000),
	} {
		f := inflater{in: in, most: 1 << 20, work: 10_000}
		if f.run(); f.ended != inflateWork || f.work < 0 || len(f.out) > 10_000 {
			t.Errorf("%s: end %d, %d bytes, %d left", name, f.ended, len(f.out), f.work)
		}
	}
	if out, end := inflate(deflate(t, make([]byte, 1<<16), 9), 1000); end != inflateMost || len(out) > 1000 {
		t.Errorf("end %d with %d bytes", end, len(out))
	}
}

func BenchmarkInflate(b *testing.B) {
	text := bytes.Repeat([]byte("GET /index.html HTTP/1.1\r\nHost: www.example.org\r\n"), 30)
	for name, in := range map[string][]byte{
		"zeros":   deflate(b, make([]byte, 1<<16-1), 9),
		"text":    deflate(b, text, 6),
		"nothing": blocksOfNothing(100),
	} {
		b.Run(name, func(b *testing.B) {
			var out []byte
			done := 0
			for b.Loop() {
				f := inflater{in: in, out: out[:0], most: 1 << 16, work: 1 << 30}
				f.run()
				out, done = f.out, 1<<30-f.work
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(done), "ns/unit")
		})
	}
}
