package savefile

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]capture.Format{
		"a.pcap": capture.PCAP, "b/A.PCAP": capture.PCAP, "a.pcapng": capture.PCAPNG, "a": capture.PCAPNG,
		"-": capture.PCAPNG, "a.cap": capture.PCAPNG, "a.pcap.gz": capture.PCAPNG,
	} {
		if got := FormatOf(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

var formats = []capture.Format{capture.PCAP, capture.PCAPNG}

// frame is a SYN in Ethernet: 54 bytes, so that pcapng pads it.
var frame = []byte{
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,
	0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0, 80, 0, 0, 3, 0xe8, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0,
}

const second = 1_700_000_000 // of most packets here

// lab is what the tests write: a full, a cut and an empty packet.
var lab = []capture.Packet{
	{Number: 1, Time: at(second, 1), Link: capture.LinkSLL2, FCS: -1, Length: 54, Data: frame},
	{Number: 2, Time: at(second, 999_999_999), Link: capture.LinkSLL2, FCS: -1, Length: 2000, Data: frame[:51]},
	{Number: 3, Time: at(second+1, 0), Link: capture.LinkSLL2, FCS: -1, Length: 0, Data: nil},
}

func at(sec int64, nsec int32) capture.Time {
	return capture.Time{Sec: sec, Nsec: nsec, Digits: 9, Known: true}
}

// begin is a writer of one interface.
func begin(t testing.TB, w io.Writer, format capture.Format, i capture.Interface) *Writer {
	t.Helper()
	out, err := NewWriter(w, format, capture.Section{}, []capture.Interface{i})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// readAll reads a file that must be whole.
func readAll(t testing.TB, data []byte) (*capture.File, []capture.Packet) {
	t.Helper()
	f, err := capture.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []capture.Packet
	for {
		var p capture.Packet
		switch err := f.Next(&p); err {
		case nil:
			p.Data = bytes.Clone(p.Data)
			all = append(all, p)
		case io.EOF:
			return f, all
		default:
			t.Fatal(err)
		}
	}
}

func equal(a, b capture.Packet) bool {
	same := bytes.Equal(a.Data, b.Data)
	return same && a.Number == b.Number && a.Time == b.Time && a.Link == b.Link && a.FCS == b.FCS &&
		a.Interface == b.Interface && a.Length == b.Length && a.Comment == b.Comment
}

func compare(t testing.TB, got, want []capture.Packet) {
	t.Helper()
	if !slices.EqualFunc(got, want, equal) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

// The file is whole after each packet, whenever the run is killed.
func TestWholeAfterEachPacket(t *testing.T) {
	for _, format := range formats {
		var out bytes.Buffer
		iface := capture.Interface{Name: "lo", Description: "loopback", Link: capture.LinkSLL2, Snaplen: 1600, Digits: 9}
		w := begin(t, &out, format, iface)
		if format == capture.PCAP {
			iface.Name, iface.Description = "", ""
		}
		for n := range lab {
			f, packets := readAll(t, out.Bytes())
			compare(t, packets, lab[:n])
			if got := f.Interfaces(); len(got) != 1 || got[0] != iface {
				t.Errorf("%s: %+v", format, got)
			}
			if err := w.Write(&lab[n]); err != nil {
				t.Fatal(err)
			}
		}
		_, packets := readAll(t, out.Bytes())
		compare(t, packets, lab)
	}
}

// calls keeps what each Write was given.
type calls [][]byte

func (c *calls) Write(p []byte) (int, error) {
	*c = append(*c, bytes.Clone(p))
	return len(p), nil
}

// Whatever is gathered, each Write gets whole records.
func TestBatches(t *testing.T) {
	for _, format := range formats {
		var out calls
		w := begin(t, &out, format, capture.Interface{Link: capture.LinkSLL2})
		const packets = 5000
		for n := range packets {
			p := lab[n%len(lab)]
			p.Number = n + 1
			if err := w.Append(&p); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // the second has nothing to write
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if len(out) < 4 || len(out) > 10 {
			t.Errorf("%s: %d calls", format, len(out))
		}
		var file []byte
		for n, part := range out {
			file = append(file, part...)
			if _, all := readAll(t, file); (len(all) == packets) != (n == len(out)-1) {
				t.Errorf("%s: %d packets after %d calls of %d", format, len(all), n+1, len(out))
			}
		}
	}
}

func TestInterfaces(t *testing.T) {
	var out calls
	client := capture.Interface{Name: "client", Link: capture.LinkIPv4, Snaplen: 1600, Digits: 6}
	server := capture.Interface{Name: "server", Description: "behind the cable", Link: capture.LinkSLL2, Digits: 9}
	late := capture.Interface{Link: 65535, Digits: 3}
	w, err := NewWriter(&out, capture.PCAPNG, capture.Section{Application: "a test", Comment: "two ends\nof a cable"}, []capture.Interface{client, server})
	if err != nil || len(out) != 1 {
		t.Fatal(err, len(out))
	}
	packet := func(number, iface int, link capture.LinkType, digits uint8, comment string) *capture.Packet {
		time := capture.Time{Sec: second, Nsec: 123_000_000, Digits: digits, Known: true}
		return &capture.Packet{Number: number, Time: time, Interface: iface, Link: link, FCS: int8(4*iface - 1), Length: 54, Data: frame, Comment: comment}
	}
	want := []capture.Packet{*packet(1, 0, client.Link, 6, "lost"), *packet(2, 1, server.Link, 9, ""), *packet(3, 2, late.Link, 3, "a longer one")}
	for n := range want {
		if n == 2 {
			if err := w.AddInterface(late); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Write(&want[n]); err != nil {
			t.Fatal(err)
		}
	}
	f, packets := readAll(t, slices.Concat(out...))
	compare(t, packets, want)
	if got := f.Interfaces(); !slices.Equal(got, []capture.Interface{client, server, late}) {
		t.Errorf("%+v", got)
	}
	if got := f.Section(); got != (capture.Section{Application: "a test", Comment: "two ends\nof a cable"}) {
		t.Errorf("%+v", got)
	}
	if len(out) != 4 {
		t.Errorf("%d calls", len(out))
	}
}

// Classic pcap has one header for all: what one of the interfaces needs.
func TestPcapHeader(t *testing.T) {
	for _, c := range []struct {
		a, b capture.Interface
		want capture.Interface
	}{
		{capture.Interface{Digits: 6, Snaplen: 60}, capture.Interface{Digits: 3, Snaplen: 90}, capture.Interface{Digits: 6, Snaplen: 90}},
		{capture.Interface{Digits: 6, Snaplen: 60}, capture.Interface{Digits: 7}, capture.Interface{Digits: 9, Snaplen: capture.MaxCaptured}},
		{capture.Interface{}, capture.Interface{Digits: 6}, capture.Interface{Digits: 9, Snaplen: capture.MaxCaptured}},
	} {
		var out bytes.Buffer
		if _, err := NewWriter(&out, capture.PCAP, capture.Section{Comment: "no room"}, []capture.Interface{c.a, c.b}); err != nil {
			t.Fatal(err)
		}
		if f, _ := readAll(t, out.Bytes()); f.Interfaces()[0] != c.want {
			t.Errorf("%+v", f.Interfaces())
		}
	}
}

// failing takes so many bytes, then no more.
type failing struct {
	bytes.Buffer
	left int
	err  error // nil: a short write without a word
}

func (f *failing) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.left -= n
	f.Buffer.Write(p[:n])
	if n < len(p) {
		return n, f.err
	}
	return n, nil
}

// After half a record nothing may follow it: readers would not find their way.
func TestWriteErrors(t *testing.T) {
	full := errors.New("no space left")
	for _, c := range []struct {
		format capture.Format
		err    error
		want   string
	}{
		{capture.PCAP, full, "packet 3 at byte 161: no space left"},
		{capture.PCAPNG, full, "packet 3 at byte 298: no space left"},
		{capture.PCAPNG, nil, "packet 3 at byte 298: short write"},
	} {
		out := &failing{left: 1 << 20, err: c.err}
		w := begin(t, out, c.format, capture.Interface{Link: capture.LinkSLL2})
		for n := range 2 {
			if err := w.Write(&lab[n]); err != nil {
				t.Fatal(err)
			}
		}
		whole := out.Len()
		if c.format == capture.PCAPNG {
			c.want = strings.Replace(c.want, "298", itoa(whole), 1) // its header names the machine
		}
		out.left = 10
		first := w.Write(&lab[2])
		out.left = 1 << 20
		for _, err := range []error{first, w.Write(&lab[0]), w.Append(&lab[0]), w.Flush(), w.AddInterface(capture.Interface{})} {
			if err == nil || err.Error() != c.want || c.err != nil && !errors.Is(err, full) {
				t.Errorf("%s: %v, want %s", c.format, err, c.want)
			}
		}
		if out.Len() != whole+10 {
			t.Errorf("%s: %d bytes after half a record", c.format, out.Len()-whole-10)
		}
	}
	_, err := NewWriter(&failing{left: 5, err: full}, capture.PCAPNG, capture.Section{}, []capture.Interface{{}})
	if err == nil || err.Error() != "the header: no space left" {
		t.Error(err)
	}
}
