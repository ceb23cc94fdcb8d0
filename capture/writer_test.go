package capture

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]Format{
		"a.pcap": PCAP, "b/A.PCAP": PCAP, "a.pcapng": PCAPNG, "a": PCAPNG, "-": PCAPNG, "a.cap": PCAPNG, "a.pcap.gz": PCAPNG,
	} {
		if got := FormatOf(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// lab is what the writer tests write: full, cut, empty and commented packets.
var lab = []Packet{
	{Number: 1, Time: Time{second, 1, 9, true}, Link: LinkSLL2, Length: 54, Data: frame},
	{Number: 2, Time: Time{second, 999_999_999, 9, true}, Link: LinkSLL2, Length: 2000, Data: frame[:51]},
	{Number: 3, Time: Time{second + 1, 0, 9, true}, Link: LinkSLL2, Length: 0, Data: nil},
}

func TestWriterRoundTrip(t *testing.T) {
	for _, format := range []Format{PCAP, PCAPNG} {
		var out bytes.Buffer
		iface := Interface{Name: "lo", Description: "loopback", Link: LinkSLL2, Snaplen: 1600, Digits: 9}
		w, err := NewWriter(&out, format, []Interface{iface})
		if err != nil {
			t.Fatal(err)
		}
		// the file is whole after each packet, whenever the run is killed
		for n := 0; ; n++ {
			f, err := NewReader(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			packets, err := drainAll(t, f)
			if err != nil || len(packets) != n {
				t.Fatalf("%s: %d packets of %d, %v", format, len(packets), n, err)
			}
			for i, p := range packets {
				if q := lab[i]; p.Time != q.Time || p.Link != q.Link || p.Length != q.Length || !bytes.Equal(p.Data, q.Data) || p.Number != q.Number {
					t.Errorf("%s: wrote %+v, read %+v", format, q, p)
				}
			}
			if format == PCAP {
				iface.Name, iface.Description = "", ""
			}
			if got := f.Interfaces(); n > 0 && got[0] != iface {
				t.Errorf("%s: %+v", format, got)
			}
			if n == len(lab) {
				break
			}
			if err := w.Write(&lab[n]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWriterInterfacesAndComments(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, PCAPNG, []Interface{{Name: "client", Link: LinkIPv4}, {Name: "server", Link: LinkSLL2}})
	if err != nil {
		t.Fatal(err)
	}
	for n, comment := range []string{"lost", "", "a longer one"} {
		p := Packet{Number: n + 1, Time: Time{second, 5, 9, true}, Interface: n % 2, Link: []LinkType{LinkIPv4, LinkSLL2}[n%2], Length: 54, Data: frame, Comment: comment}
		if err := w.Write(&p); err != nil {
			t.Fatal(err)
		}
	}
	want := `#1 1700000000.000000005 54/54 link 228 "lost"; #2 1700000000.000000005 54/54 link 276 if 1; #3 1700000000.000000005 54/54 link 228 "a longer one"`
	if got := fold(t, out.Bytes()); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	path := filepath.Join(t.TempDir(), "lab.pcapng")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	text, err := exec.Command("tshark", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.interface_name", "-e", "frame.comment").Output()
	if err != nil || string(text) != "1\tclient\tlost\n2\tserver\t\n3\tclient\ta longer one\n" {
		t.Errorf("tshark: %q %v", text, err)
	}
}

func TestWriterRefuses(t *testing.T) {
	two := []Interface{{Link: LinkEthernet}, {Link: LinkRaw}}
	if _, err := NewWriter(&bytes.Buffer{}, PCAP, two); !errors.Is(err, ErrNotInPcap) {
		t.Error(err)
	}
	if _, err := NewWriter(&bytes.Buffer{}, "snoop", two); err == nil {
		t.Error("an unknown format was taken")
	}
	if _, err := NewWriter(&bytes.Buffer{}, PCAP, nil); err == nil {
		t.Error("no interface was taken")
	}
	for _, format := range []Format{PCAP, PCAPNG} {
		w, err := NewWriter(&bytes.Buffer{}, format, []Interface{{Link: LinkEthernet}})
		if err != nil {
			t.Fatal(err)
		}
		for text, p := range map[string]Packet{
			"link type 101":  {Number: 1, Link: LinkRaw},
			"of interface 1": {Number: 1, Link: LinkEthernet, Interface: 1},
		} {
			if err := w.Write(&p); err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %v", format, err)
			}
		}
		if err := w.Write(&Packet{Link: LinkEthernet, Time: Time{Sec: 1 << 32, Known: true}}); (format == PCAP) != errors.Is(err, ErrNotInPcap) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// fullDisk takes some bytes, then no more.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

func TestWriterReportsErrors(t *testing.T) {
	for _, format := range []Format{PCAP, PCAPNG} {
		w, err := NewWriter(&fullDisk{300}, format, []Interface{{Link: LinkSLL2}})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			err = w.Write(&lab[0])
		}
		if err == nil {
			t.Errorf("%s: no error on a full disk", format)
		}
	}
}
