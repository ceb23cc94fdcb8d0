package savefile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
)

// tool runs a program on a capture; where it is not installed the test skips.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(name + " is not installed")
	}
	var stderr strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out, stderr.String())
	}
	return string(out)
}

// saved is a file of these packets.
func saved(t *testing.T, name string, s capture.Section, ifaces []capture.Interface, packets []capture.Packet) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := NewWriter(file, FormatOf(path), s, ifaces)
	if err != nil {
		t.Fatal(err)
	}
	for n := range packets {
		if err := w.Write(&packets[n]); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// two interfaces of different kinds, and texts that need care.
var (
	twoSection = capture.Section{Application: "a \x00test", Comment: "both \xff ends, " + strings.Repeat("é", 40_000)}
	twoIfaces  = []capture.Interface{
		{Name: "client", Description: "on the left", Link: capture.LinkEthernet, Snaplen: 1600},
		{Name: strings.Repeat("s", 70_000), Link: capture.LinkRaw, Digits: 6},
	}
	twoPackets = []capture.Packet{
		{Number: 1, Time: at(second, 5), Link: capture.LinkEthernet, FCS: -1, Length: 54, Data: frame, Comment: "lost"},
		{Number: 2, Time: at(second, 6_500), Link: capture.LinkRaw, Interface: 1, FCS: -1, Length: 1500, Data: frame[14:]},
		{Number: 3, Time: at(second+1, 0), Link: capture.LinkEthernet, FCS: 4, Length: 58, Data: append(frame[:54:54], 1, 2, 3, 4), Comment: "h\x00ö\xff\nzwei"},
	}
)

func TestTsharkReadsAll(t *testing.T) {
	path := saved(t, "two.pcapng", twoSection, twoIfaces, twoPackets)
	got := tool(t, "tshark", "-n", "-r", path, "-o", "frame.generate_md5_hash:TRUE", "-T", "fields", "-E", "separator=|",
		"-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len", "-e", "frame.encap_type",
		"-e", "frame.interface_description", "-e", "eth.fcs", "-e", "frame.comment")
	want := "1|1700000000.000000005|54|54|1|on the left||lost\n" +
		"2|1700000000.000006000|1500|40|7|||\n" +
		"3|1700000001.000000000|58|58|1|on the left|0x01020304|h\ufffdö\ufffd\nzwei\n"
	if got = strings.ReplaceAll(got, `\n`, "\n"); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestCapinfosReadsAll(t *testing.T) {
	report := func(path string) string { // one blank between words
		return strings.Join(strings.Fields(tool(t, "capinfos", path)), " ")
	}
	got := report(saved(t, "two.pcapng", twoSection, twoIfaces, twoPackets))
	for _, want := range []string{
		"Number of packets: 3 ",
		"Number of interfaces in file: 2 ",
		"Capture application: a \ufffdtest ",
		"Capture comment: both \ufffd ends, " + strings.Repeat("é", 32_760) + " ", // 65,535 bytes
		"Name = client Description = on the left Encapsulation = Ethernet (1 - ether) Capture length = 1600 ",
		"Time resolution = 0x09 ",
		"Name = " + strings.Repeat("s", 65_535) + " Encapsulation = Raw IP ",
		"Time resolution = 0x06 ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %.100s in\n%.3000s", want, got)
		}
	}
	got = report(saved(t, "micro.pcap", twoSection, []capture.Interface{{Link: 1, Digits: 6, Snaplen: 70_000}}, nil))
	for _, want := range []string{"Wireshark/tcpdump/... - pcap ", "file hdr: 70000 bytes ", "Number of packets: 0 "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// libpcap reads files whose interfaces are of one link type and snaplen.
func TestTcpdumpReadsAll(t *testing.T) {
	ifaces := []capture.Interface{{Name: "a", Link: capture.LinkEthernet, Snaplen: 1600}, {Name: "b", Link: capture.LinkEthernet, Snaplen: 1600, Digits: 6}}
	packets := []capture.Packet{
		{Number: 1, Time: at(second, 123_456_789), Link: capture.LinkEthernet, Length: 54, Data: frame, Comment: "one"},
		{Number: 2, Time: at(second, 223_456_000), Link: capture.LinkEthernet, Interface: 1, Length: 1400, Data: frame},
	}
	const syn = " IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1000, win 8192, length 0\n"
	for _, name := range []string{"two.pcap", "two.pcapng"} {
		got := tool(t, "tcpdump", "-n", "--time-stamp-precision=nano", "-tt", "-r", saved(t, name, twoSection, ifaces, packets))
		if want := "1700000000.123456789" + syn + "1700000000.223456000" + syn; got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// The link types that the decoder is written for, by Wireshark's own numbers.
func TestTsharkReadsLinkTypes(t *testing.T) {
	var ifaces []capture.Interface
	var packets []capture.Packet
	want := ""
	for n, c := range []struct {
		link capture.LinkType
		wtap string
	}{
		{capture.LinkNull, "15"}, {capture.LinkEthernet, "1"}, {capture.LinkRawBSD, "7"}, {capture.LinkRaw, "7"}, {capture.LinkLoop, "174"},
		{capture.LinkSLL, "25"}, {capture.LinkIPv4, "129"}, {capture.LinkIPv6, "130"}, {capture.LinkSLL2, "210"},
	} {
		ifaces = append(ifaces, capture.Interface{Link: c.link})
		packets = append(packets, capture.Packet{Number: n + 1, Time: at(second, 0), Link: c.link, Interface: n, Data: frame})
		want += c.wtap + "\n"
	}
	path := saved(t, "links.pcapng", capture.Section{}, ifaces, packets)
	if got := tool(t, "tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.encap_type"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
