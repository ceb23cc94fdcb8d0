package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/wire"
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

// TestEndsAgreeWithTshark holds, for each scenario that the lab stages, what a capture
// of either end alone says was sent again against tshark's word.
func TestEndsAgreeWithTshark(t *testing.T) {
	if testing.Short() {
		return
	}
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("needs tshark")
	}
	for _, s := range scenarios.All() {
		if s.Both() == nil {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			recording, err := load(bytes.NewReader(s.Both()), s.Name)
			if err != nil {
				t.Fatal(err)
			}
			for _, end := range []wire.Ends{wire.ClientEnd, wire.ServerEnd} {
				var out bytes.Buffer
				if err := wire.Save(&out, recording.Records, end); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), fmt.Sprint(s.Name, end, ".pcapng"))
				if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				var complaints bytes.Buffer
				theirs := exec.Command("tshark", "-n", "-r", path, "-Y", "tcp.analysis.retransmission", "-T", "fields", "-e", "frame.number")
				theirs.Stderr = &complaints
				want, err := theirs.Output()
				if err != nil || strings.Contains(complaints.String(), "appears to") {
					t.Fatalf("tshark: %v %s", err, complaints.String())
				}
				rows, err := labCommand(t.Context(), "export", path, "--view", "segments", "--format", "ndjson").Output()
				if err != nil {
					t.Fatal(err)
				}
				var have []string
				for line := range strings.Lines(string(rows)) {
					var row struct {
						Number int      `json:"frame.number"`
						Flags  []string `json:"tcp.analysis.flags"`
					}
					if err := json.Unmarshal([]byte(line), &row); err != nil {
						t.Fatal(err)
					}
					if slices.ContainsFunc(row.Flags, func(f string) bool { return strings.HasSuffix(f, "retransmission") }) {
						have = append(have, fmt.Sprint(row.Number))
					}
				}
				if got, want := strings.Join(have, " "), strings.Join(strings.Fields(string(want)), " "); got != want {
					t.Errorf("end %d: sent again are %q, tshark says %q", end, got, want)
				}
			}
		})
	}
}
