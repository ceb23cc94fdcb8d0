package savefile

import (
	"bytes"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// unhex is the bytes of lines of hexadecimal digits with comments.
func unhex(t *testing.T, text string) []byte {
	t.Helper()
	var digits strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBytes(t *testing.T) {
	packet := capture.Packet{Time: at(0x65000000, 0x12345678), Link: 276, FCS: 4, Length: 0x102, Data: []byte("abcde"), Comment: "hö"}
	for _, c := range []struct {
		format  capture.Format
		section capture.Section
		iface   capture.Interface
		want    string
	}{
		{capture.PCAP, capture.Section{Comment: "left out"}, capture.Interface{Name: "lo", Link: 276, Snaplen: 0x640}, `
			4d3cb2a1 0200 0400 00000000 00000000 40060000 14010000
			00000065 78563412 05000000 02010000 6162636465`},
		{capture.PCAP, capture.Section{}, capture.Interface{Link: 276, Digits: 6}, `
			d4c3b2a1 0200 0400 00000000 00000000 00000400 14010000
			00000065 0ba90400 05000000 02010000 6162636465`},
		{capture.PCAPNG, capture.Section{Application: "t", Comment: "two"}, capture.Interface{Name: "lo", Description: "loop", Link: 276, Snaplen: 0x640, Digits: 6}, `
			0a0d0d0a SECTION 4d3c2b1a 0100 0000 ffffffffffffffff
			0100 0300 74776f00      // opt_comment
			0400 0100 74000000      // shb_userappl
			HARDWARE
			0000 0000 SECTION
			01000000 30000000 1401 0000 40060000
			0200 0200 6c6f0000      // if_name
			0300 0400 6c6f6f70      // if_description
			0900 0100 06000000      // if_tsresol
			0000 0000 30000000
			06000000 3c000000 00000000 23050600 0ba90440 05000000 02010000 6162636465 000000
			0100 0300 68c3b600      // opt_comment
			0200 0400 80000000      // epb_flags
			0000 0000 3c000000`},
	} {
		var hardware []byte
		hardware = appendText(hardware, 2, runtime.GOARCH)
		hardware = appendText(hardware, 3, runtime.GOOS)
		c.want = strings.ReplaceAll(c.want, "HARDWARE", hex.EncodeToString(hardware))
		c.want = strings.ReplaceAll(c.want, "SECTION", hex.EncodeToString(le.AppendUint32(nil, uint32(24+16+len(hardware)+8))))
		var out bytes.Buffer
		w, err := NewWriter(&out, c.format, c.section, []capture.Interface{c.iface})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(&packet); err != nil {
			t.Fatal(err)
		}
		if want := unhex(t, c.want); !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s:\n got %x\nwant %x", c.format, out.Bytes(), want)
		}
	}
}

// What this program has recorded once is written the same today, but for the
// name of the machine.
func TestRecordings(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"*.pcap", "*.pcapng", "trouble/*.pcapng"} {
		found, err := filepath.Glob(filepath.Join("../../testdata", pattern))
		if err != nil || len(found) == 0 {
			t.Fatal("no recording is", pattern, err)
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		recorded, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := rewritten(t, recorded, FormatOf(path)); !bytes.Equal(nameless(got), nameless(recorded)) {
			t.Errorf("%s is written differently", path)
		}
	}
}

// rewritten is what the writer makes of a file that has its interfaces in front.
func rewritten(t *testing.T, file []byte, format capture.Format) []byte {
	t.Helper()
	f, err := capture.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var w *Writer
	for p := (capture.Packet{}); ; {
		if err := f.Next(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if w == nil {
			if w, err = NewWriter(&out, format, f.Section(), f.Interfaces()); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Append(&p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// nameless is a file without its section header block, which names the machine.
func nameless(file []byte) []byte {
	if le.Uint32(file) != blockSection {
		return file
	}
	return file[le.Uint32(file[4:]):]
}
