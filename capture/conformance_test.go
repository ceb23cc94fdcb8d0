package capture

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shared is the folder of captures that are not part of the project.
const shared = "../../shared/conformance"

// sharedFiles lists captures, or skips where the folder is absent.
func sharedFiles(t testing.TB, pattern string) []string {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared/conformance is absent")
	}
	files, err := filepath.Glob(filepath.Join(shared, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no file is %s: %v", pattern, err)
	}
	return files
}

func readFile(t testing.TB, path string) (*File, []Packet, error) {
	t.Helper()
	f, err := Open(path, nil)
	if err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { f.Close() })
	packets, err := drainAll(t, f)
	return f, packets, err
}

// row is number, time, length and the MD5 of the bytes as tshark prints them,
// the time's trailing zeros cut off.
func row(number, time, length, sum string) string {
	if strings.Contains(time, ".") {
		time = strings.TrimRight(strings.TrimRight(time, "0"), ".")
	}
	return number + " " + time + " " + length + " " + sum
}

func rows(packets []Packet) (list []string) {
	for _, p := range packets {
		var time []byte
		if p.Time.Known {
			time = p.Time.AppendEpoch(nil)
		}
		list = append(list, row(fmt.Sprint(p.Number), string(time), fmt.Sprint(p.Length), fmt.Sprintf("%x", md5.Sum(p.Data))))
	}
	return list
}

// tsharkRows is what tshark says of a file. Custom blocks and journal entries
// are frames to it, but no packets: they have no link type.
func tsharkRows(t testing.TB, path string) (list []string, message string) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	cmd := exec.Command("tshark", "-n", "-r", path, "--disable-protocol", "tcp", "--disable-protocol", "udp", "-T", "fields",
		"-o", "frame.generate_md5_hash:TRUE", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.md5_hash", "-e", "frame.encap_type", "-e", "_ws.col.Protocol")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output()
	for line := range strings.Lines(string(out)) {
		v := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(v) == 6 && v[4] != "" {
			list = append(list, row(v[0], v[1], v[2], v[3]))
		}
	}
	for line := range strings.Lines(stderr.String()) {
		if !strings.Contains(line, "Running as user") {
			message += line
		}
	}
	return list, strings.TrimSpace(message)
}

func TestAgreesWithTshark(t *testing.T) {
	if testing.Short() {
		t.Skip("starts tshark for each of 180 captures")
	}
	for _, path := range sharedFiles(t, "captures/*/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			want, message := tsharkRows(t, path)
			_, packets, err := readFile(t, path)
			compareRows(t, path, rows(packets), want)
			if (err != nil) != (message != "") {
				t.Errorf("%v; tshark: %q", err, message)
			}
		})
	}
}

func compareRows(t *testing.T, path string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("%s: %d packets, tshark has %d", path, len(got), len(want))
			return
		case i >= len(want):
			t.Errorf("%s: %d packets, tshark has %d", path, len(got), len(want))
			return
		case got[i] != want[i]:
			t.Errorf("%s: %q, tshark has %q", path, got[i], want[i])
			return
		}
	}
}

// hazards is how many packets each hazard file has and what ends it. Where
// tshark reads fewer it says so.
var hazards = map[string]struct {
	packets int
	damage  string // part of the message; "" where the file is whole
}{
	"caplen_gt_len.pcap":         {1, ""},
	"dlt12_raw.pcap":             {1, ""},
	"dlt14_raw.pcap":             {1, ""},
	"eth_pad_v4.pcap":            {1, ""},
	"eth_pad_v6_dst.pcap":        {1, ""},
	"eth_pad_v6_hbh.pcap":        {1, ""},
	"fcs_bits.pcap":              {1, ""},
	"huge_epb.pcapng":            {0, "packet 1 at byte 48: it claims 2147483632 captured bytes; a packet has at most 262144"},
	"ifname_empty_filter.pcapng": {1, ""}, // an empty if_filter option; tshark gives up
	"ip4_len0.pcap":              {1, ""},
	"ipproto_frag_df.pcap":       {1, ""},
	"link257_alias.pcap":         {1, ""}, // a link type tshark does not know
	"link265_alias.pcap":         {1, ""}, // the same
	"linktype_differs.pcapng":    {2, ""},
	"mss_len3.pcap":              {1, ""},
	"opt_bad_len0.pcap":          {1, ""},
	"opt_len_65535.pcapng":       {1, ""},
	"opts_after_eol.pcap":        {1, ""},
	"qinq9100.pcap":              {1, ""},
	"res_ae.pcap":                {1, ""},
	"section2_no_idb.pcapng":     {1, "packet 2 at byte 164: it is of interface 0; the section has described 0"},
	"short_block_len.pcapng":     {1, "packet 2 at byte 136: a block (type 0x55) of length 4; the shortest has 12 bytes"},
	"sll2.pcapng":                {1, ""},
	"snap0.pcap":                 {1, ""},
	"snap_max_caplen_huge.pcap":  {0, "packet 1 at byte 24: it claims 2147483632 captured bytes; a packet has at most 262144"},
	"snaplen_differs.pcapng":     {2, ""},
	"spb_snap0.pcapng":           {1, ""},
	"tsresol_1e0.pcapng":         {1, ""},
	"tsresol_1e20.pcapng":        {1, ""},
	"tsresol_2e20.pcapng":        {1, ""},
	"tsresol_2e64.pcapng":        {1, ""},
	"zero_block_len.pcapng":      {1, "packet 2 at byte 136: a block (type 0x55) of length 0; the shortest has 12 bytes"},
}

func TestHazards(t *testing.T) {
	for _, path := range sharedFiles(t, "hazards/*") {
		want, listed := hazards[filepath.Base(path)]
		if !listed {
			t.Errorf("%s is not in the table", path)
			continue
		}
		_, packets, err := readFile(t, path)
		if len(packets) != want.packets {
			t.Errorf("%s: %d packets, want %d", path, len(packets), want.packets)
		}
		var damage *Damage
		switch {
		case want.damage == "" && err != nil:
			t.Errorf("%s: %v", path, err)
		case want.damage != "" && (!errors.As(err, &damage) || !strings.Contains(err.Error(), want.damage)):
			t.Errorf("%s: %v, want %s", path, err, want.damage)
		}
	}
}

func TestHazardsAgreeWithTshark(t *testing.T) {
	for _, path := range sharedFiles(t, "hazards/*") {
		switch filepath.Base(path) {
		case "ifname_empty_filter.pcapng", "link257_alias.pcap", "link265_alias.pcap":
			continue // tshark reads nothing of them
		}
		want, _ := tsharkRows(t, path)
		_, packets, _ := readFile(t, path)
		compareRows(t, path, rows(packets), want)
	}
}
