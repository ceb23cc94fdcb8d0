package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
)

// fold is what a file reads as, short: "number time length/captured link" a
// packet, then what ends it.
func fold(t testing.TB, data []byte) string {
	t.Helper()
	f, err := NewReader(bytes.NewReader(data))
	if err != nil {
		return "! " + err.Error()
	}
	defer f.Close()
	packets, err := drainAll(t, f)
	var list []string
	for _, p := range packets {
		time := "no time"
		if p.Time.Known {
			time = string(p.Time.AppendEpoch(nil))
		}
		one := fmt.Sprintf("#%d %s %d/%d", p.Number, time, p.Length, len(p.Data))
		if p.Link != LinkEthernet {
			one += fmt.Sprintf(" link %d", p.Link)
		}
		if p.Interface != 0 {
			one += fmt.Sprintf(" if %d", p.Interface)
		}
		if p.FCS >= 0 {
			one += fmt.Sprintf(" fcs %d", p.FCS)
		}
		if p.Comment != "" {
			one += fmt.Sprintf(" %q", p.Comment)
		}
		list = append(list, one)
	}
	if err != nil {
		list = append(list, "! "+err.Error())
	}
	return strings.Join(list, "; ")
}

func TestPcap(t *testing.T) {
	e, n := little, len(frame)
	one := e.record(second, 1, n, n, frame)
	head := e.header(magicMicro, 2, 4, 65535, 1)
	long := make([]byte, MaxCaptured+1)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"microseconds", join(head, one, one), "#1 1700000000.000001 54/54; #2 1700000000.000001 54/54"},
		{"nanoseconds", join(e.header(magicNano, 2, 4, 65535, 1), one), "#1 1700000000.000000001 54/54"},
		{"big endian", join(big.header(magicMicro, 2, 4, 65535, 1), big.record(second, 1, n, n, frame)), "#1 1700000000.000001 54/54"},
		{"big endian, nanoseconds", join(big.header(magicNano, 2, 4, 65535, 1), big.record(second, 1, n, n, frame)), "#1 1700000000.000000001 54/54"},
		{"modified", join(e.header(magicModified, 2, 4, 65535, 1), e.record(second, 1, n, n, make([]byte, 8)), frame, e.record(second, 2, n, n, make([]byte, 8)), frame), "#1 1700000000.000001 54/54; #2 1700000000.000002 54/54"},
		{"no packet", head, ""},
		{"snaplen 0", join(e.header(magicMicro, 2, 4, 0, 1), one), "#1 1700000000.000001 54/54"},
		{"captured more than the snaplen", join(e.header(magicMicro, 2, 4, 20, 1), one), "#1 1700000000.000001 54/54"},
		{"captured more than there was", join(head, e.record(second, 1, n, 40, frame), one), "#1 1700000000.000001 40/54; #2 1700000000.000001 54/54"},
		{"captured less", join(head, e.record(second, 1, 20, n, frame[:20])), "#1 1700000000.000001 54/20"},
		{"nothing captured", join(head, e.record(second, 1, 0, 0, nil)), "#1 1700000000.000001 0/0"},
		{"length beyond 2^31", join(head, e.record(second, 1, n, -1, frame)), "#1 1700000000.000001 2147483647/54"},
		{"the most", join(head, e.record(second, 1, MaxCaptured, MaxCaptured, long[1:]), one), "#1 1700000000.000001 262144/262144; #2 1700000000.000001 54/54"},
		{"one byte too many", join(head, one, e.record(second, 1, MaxCaptured+1, n, long)), "#1 1700000000.000001 54/54; ! packet 2 at byte 94: it claims 262145 captured bytes; a packet has at most 262144"},
		{"version 2.0: lengths swapped", join(e.header(magicMicro, 2, 0, 65535, 1), e.record(second, 1, 60, n, frame)), "#1 1700000000.000001 60/54"},
		{"version 2.3: the smaller is captured", join(e.header(magicMicro, 2, 3, 65535, 1), e.record(second, 1, 60, n, frame), e.record(second, 1, n, 60, frame)), "#1 1700000000.000001 60/54; #2 1700000000.000001 60/54"},
		{"version 2.5", join(e.header(magicMicro, 2, 5, 65535, 1), one), "#1 1700000000.000001 54/54"},
		{"version 1.4", join(e.header(magicMicro, 1, 4, 65535, 1), one), "! packet 1 at byte 4: pcap version 1.4 is unknown: 2.0 to 2.4 are in use"},
		{"time after 2038", join(head, e.record(1<<31, 5, n, n, frame)), "#1 2147483648.000005 54/54"},
		{"a million microseconds", join(head, e.record(second, 1e6, n, n, frame)), "#1 1700000000.1000000000 54/54"},
		{"microseconds that wrap around", join(head, e.record(second, 1<<32-1, n, n, frame)), "#1 -1700000000.000001000 54/54"},
		{"link type of 16 bits", join(e.header(magicMicro, 2, 4, 65535, 276), one), "#1 1700000000.000001 54/54 link 276"},
		{"link type 257 is not 1", join(e.header(magicMicro, 2, 4, 65535, 257), one), "#1 1700000000.000001 54/54 link 257"},
		{"FCS of 4 bytes", join(e.header(magicMicro, 2, 4, 65535, 0x24000001), one), "#1 1700000000.000001 54/54 fcs 4"},
		{"no FCS", join(e.header(magicMicro, 2, 4, 65535, 0x04000001), one), "#1 1700000000.000001 54/54 fcs 0"},
		{"reserved bits", join(e.header(magicMicro, 2, 4, 65535, 0x00010001), one), "! packet 1 at byte 20: the link type is 0x10001: bits 16 to 25 are reserved and must be 0"},
		{"cut in the data", join(head, one, one[:60]), "#1 1700000000.000001 54/54; ! packet 2 at byte 94: the file ends in this packet: 60 bytes of 70 are there"},
		{"cut in a record's header", join(head, one, one[:3]), "#1 1700000000.000001 54/54; ! packet 2 at byte 94: the file ends in this packet: 3 bytes of 16 are there"},
		{"cut in the header", head[:10], "! packet 1 at byte 0: the file ends in its header: 10 of 24 bytes"},
		{"empty", nil, "! " + ErrFormat.Error() + " (it is empty)"},
		{"text", []byte("#!/bin/sh\n"), "! " + ErrFormat.Error()},
		{"three bytes", []byte("\xd4\xc3\xb2"), "! " + ErrFormat.Error()},
	} {
		if got := fold(t, c.data); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// packed is data compressed in both ways.
func packed(t testing.TB, data []byte) map[string][]byte {
	var g, z bytes.Buffer
	gz := gzip.NewWriter(&g)
	gz.Write(data)
	gz.Close()
	zw, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	zw.Write(data)
	zw.Close()
	return map[string][]byte{"": data, "gzip": g.Bytes(), "zstd": z.Bytes()}
}

// Whatever the name, however the bytes arrive, from a file or from stdin.
func TestOpen(t *testing.T) {
	for _, format := range []Format{PCAP, PCAPNG} {
		for compression, data := range packed(t, manyPackets(format, 20_000)) {
			path := filepath.Join(t.TempDir(), "lecture.txt")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			fromFile, err := Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			fromStdin, err := Open("-", iotest.HalfReader(iotest.DataErrReader(bytes.NewReader(data))))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []*File{fromFile, fromStdin} {
				if f.Format != format || f.Compression != compression {
					t.Errorf("%s %q is taken for %s %q", format, compression, f.Format, f.Compression)
				}
				packets, err := drainAll(t, f)
				if len(packets) != 20_000 || err != nil {
					t.Errorf("%s %q: %d packets, %v", format, compression, len(packets), err)
				}
				for _, p := range packets {
					if !bytes.Equal(p.Data, frame) {
						t.Fatalf("%s %q: packet %d differs", format, compression, p.Number)
					}
				}
				if err := f.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// A compressed capture that is cut hands out what is there and says so.
func TestCutCompressed(t *testing.T) {
	for _, format := range []Format{PCAP, PCAPNG} {
		for compression, data := range packed(t, manyPackets(format, 20_000)) {
			if compression == "" {
				continue
			}
			f, err := NewReader(bytes.NewReader(data[:len(data)-10]))
			if err != nil {
				t.Fatal(err)
			}
			packets, err := drainAll(t, f)
			var damage *Damage
			if !errors.As(err, &damage) || !damage.Compressed || damage.Frame != len(packets)+1 || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s %s: after %d packets %v", format, compression, len(packets), err)
			}
		}
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "absent.pcap"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Open("-", strings.NewReader("hello world")); !errors.Is(err, ErrFormat) || !strings.HasPrefix(err.Error(), "stdin: not a capture file") {
		t.Error(err)
	}
	if _, err := Open(t.TempDir(), nil); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := NewReader(iotest.ErrReader(os.ErrDeadlineExceeded)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// A reader that never gives anything must not be asked for ever.
func TestReaderWithoutProgress(t *testing.T) {
	if _, err := NewReader(idle{}); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestSlice(t *testing.T) {
	s := &Slice{Packets: []Packet{{}, {Number: 7}}, Err: os.ErrClosed}
	packets, err := drainAll(t, s)
	if len(packets) != 2 || packets[0].Number != 1 || packets[1].Number != 7 || err != os.ErrClosed {
		t.Error(packets, err)
	}
}
