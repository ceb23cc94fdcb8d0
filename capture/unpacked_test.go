package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// zeros packs a capture of so many frames of zeros.
func zeros(t *testing.T, frames int, pack func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pack(&b)
	frame := make([]byte, 16+MaxCaptured)
	copy(frame[8:], []byte{0, 0, 4, 0, 0, 0, 4, 0})
	w.Write([]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0})
	for range frames {
		if _, err := w.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A compressed capture has a budget, and what is left out is said.
func TestUnpackingIsBounded(t *testing.T) {
	for name, pack := range map[string]func(io.Writer) io.WriteCloser{
		"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	} {
		const frames = 200 // 50 MiB
		packed := zeros(t, frames, pack)
		for _, most := range []int64{1 << 20, 1 << 30} {
			file, err := NewReader(bytes.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			file.in.r.(*unpacked).most = most
			n := 0
			for p := new(Packet); err == nil; n++ {
				err = file.Next(p)
			}
			n--
			room := int(most+int64(len(packed))*unpackedShare) / (16 + MaxCaptured)
			switch {
			case most == 1<<20 && (!errors.Is(err, ErrUnpacked) || n > room):
				t.Errorf("%s: %d packets of room for %d, then %v", name, n, room, err)
			case most > 1<<20 && (err != io.EOF || n != frames):
				t.Errorf("%s: %d packets, then %v", name, n, err)
			}
		}
	}
}
