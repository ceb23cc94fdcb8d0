package decode_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
)

// conformanceDir holds real captures beside the checkout; another folder can
// be named in the environment.
func conformanceDir(t *testing.T) string {
	dir := os.Getenv("HANDSHAKE_LAB_CAPTURES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "conformance")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no captures to compare with: %v", err)
	}
	return dir
}

var tsharkFields = []string{"frame.number", "frame.protocols", "frame.len", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
	"ip.fragment.count", "ipv6.fragment.count", "_ws.malformed", "_ws.short", "tcp.srcport", "tcp.dstport",
	"tcp.seq_raw", "tcp.ack_raw", "tcp.hdr_len", "tcp.flags", "tcp.len", "tcp.window_size_value", "tcp.checksum",
	"tcp.urgent_pointer", "tcp.options.mss_val", "tcp.options.wscale.shift", "tcp.options.sack_perm",
	"tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.options.sack_le", "tcp.options.sack_re"}

// inFragments are the keys that are held in reassembled datagrams.
var inFragments = []string{"src", "dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len"}

// tsharkRows asks tshark for the segments of a file: each a map of those
// fields that stand in it. all has the numbers of every frame with TCP in it,
// those too that are not judged because tshark calls them damaged; it is nil
// where tshark refuses the file.
func tsharkRows(t *testing.T, path string) (rows map[int]map[string]string, all map[int]bool) {
	t.Helper()
	args := []string{"-n", "-r", path, "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.relative_sequence_numbers:FALSE",
		"--disable-protocol", "x11", "-Y", "tcp", "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"}
	for _, f := range tsharkFields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil && len(out) == 0 {
		t.Logf("tshark cannot read it: %v", err)
		return nil, nil
	}
	rows, all = map[int]map[string]string{}, map[int]bool{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		values := strings.Split(lines.Text(), "\t")
		if len(values) != len(tsharkFields) {
			continue
		}
		row := map[string]string{}
		for i, f := range tsharkFields {
			if values[i] != "" {
				row[f] = values[i]
			}
		}
		n, _ := strconv.Atoi(row["frame.number"])
		all[n] = true
		if e := judged(row); e != nil {
			rows[n] = e
		}
	}
	return rows, all
}

// judged turns tshark's row into what is expected; nil where the frame is
// damaged, quotes or has several TCP headers.
func judged(row map[string]string) map[string]string {
	protocols := strings.Split(row["frame.protocols"], ":")
	at := slices.Index(protocols, "tcp")
	if at < 0 || slices.Contains(protocols[at+1:], "tcp") || strings.Contains(row["tcp.srcport"], ",") ||
		row["_ws.malformed"] != "" || row["_ws.short"] != "" {
		return nil
	}
	below := protocols[:at]
	if slices.Contains(below, "icmp") || slices.Contains(below, "icmpv6") {
		return nil
	}
	e := map[string]string{}
	for _, p := range slices.Backward(below) {
		if p == "ip" || p == "ipv6" {
			count := -1
			for _, q := range below {
				if q == p {
					count++
				}
			}
			src, dst := strings.Split(row[p+".src"], ","), strings.Split(row[p+".dst"], ",")
			if count < len(src) && count < len(dst) {
				e["src"], e["dst"] = src[count], dst[count] // empty where a route is damaged
			}
			break
		}
	}
	for _, k := range append([]string{"frame.len"}, tsharkFields[11:]...) {
		v, ok := row[k]
		if !ok {
			continue
		}
		if !strings.HasPrefix(k, "tcp.options.sack_") {
			v, _, _ = strings.Cut(v, ",")
		}
		if k == "tcp.options.sack_perm" {
			v = "yes"
		}
		e[k] = v
	}
	if row["ip.fragment.count"] != "" || row["ipv6.fragment.count"] != "" {
		for k := range e {
			if !slices.Contains(inFragments, k) {
				delete(e, k)
			}
		}
		e["fragments"] = "yes"
	}
	return e
}

// ours are the same fields of a segment.
func ours(s *decode.Segment) map[string]string {
	a := map[string]string{}
	number := func(k string, v int) { // what the header is too short for is no field
		if f, ok := decode.ByKey(k); ok {
			if _, ok = f.Value(s.Header); !ok {
				return
			}
		}
		a[k] = strconv.Itoa(v)
	}
	a["src"], a["dst"] = s.Src.String(), s.Dst.String()
	number("frame.len", s.Length)
	number("tcp.srcport", int(s.SrcPort))
	number("tcp.dstport", int(s.DstPort))
	number("tcp.seq_raw", int(s.Seq))
	number("tcp.hdr_len", s.HeaderLen)
	if !s.Excerpt {
		number("tcp.len", s.PayloadLen)
	}
	if s.Stunted() {
		return a
	}
	number("tcp.ack_raw", int(s.Ack))
	number("tcp.window_size_value", int(s.Window))
	number("tcp.urgent_pointer", int(s.Urgent))
	a["tcp.flags"] = fmt.Sprintf("0x%04x", uint16(s.Flags))
	a["tcp.checksum"] = fmt.Sprintf("0x%04x", s.Checksum)
	o := &s.Options
	if o.HasMSS {
		number("tcp.options.mss_val", int(o.MSS))
	}
	if o.HasScale {
		number("tcp.options.wscale.shift", int(o.Scale))
	}
	if o.SACKPermitted {
		a["tcp.options.sack_perm"] = "yes"
	}
	if o.HasTimestamps {
		number("tcp.options.timestamp.tsval", int(o.TSVal))
		number("tcp.options.timestamp.tsecr", int(o.TSEcr))
	}
	var left, right []string
	for _, b := range o.SACK[:o.SACKCount] {
		left = append(left, strconv.Itoa(int(b.Left)))
		right = append(right, strconv.Itoa(int(b.Right)))
	}
	if left != nil {
		a["tcp.options.sack_le"], a["tcp.options.sack_re"] = strings.Join(left, ","), strings.Join(right, ",")
	}
	return a
}

// TestConformance holds every segment of the shared captures against tshark.
func TestConformance(t *testing.T) {
	dir := conformanceDir(t)
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	if testing.Short() {
		t.Skip("asks tshark about every capture")
	}
	var segments, agreed atomic.Int64
	t.Run("captures", func(t *testing.T) {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(path, ".py") {
				return err
			}
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				n, ok := compareFile(t, path)
				segments.Add(int64(n))
				agreed.Add(int64(ok))
			})
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d of %d segments agree in every field", agreed.Load(), segments.Load())
	if segments.Load() == 0 {
		t.Error("no segment was compared")
	}
}

func compareFile(t *testing.T, path string) (segments, agreed int) {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		return 0, 0 // what cannot be opened is package capture's matter
	}
	defer f.Close()
	name := filepath.Base(path)
	want, all := tsharkRows(t, path)
	if all == nil {
		return 0, 0
	}
	d := decode.New()
	var s decode.Segment
	for {
		var p capture.Packet
		err := f.Next(&p)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Logf("%s: %v", name, err)
			}
			break
		}
		r := d.Decode(&p, &s)
		e := want[p.Number]
		delete(want, p.Number)
		if r.Kind != decode.TCP {
			if e != nil {
				segments++
				t.Errorf("%s frame %d: tshark has a segment, we have kind %d %+v", name, p.Number, r.Kind, r.Problem)
			}
			continue
		}
		if e == nil {
			if !all[p.Number] && !bigTCP(&s) {
				t.Errorf("%s frame %d: we have a segment %s:%d → %s:%d, tshark none", name, p.Number, s.Src, s.SrcPort, s.Dst, s.DstPort)
			}
			continue
		}
		segments++
		if difference := compare(e, ours(&s)); difference != "" {
			t.Errorf("%s frame %d: %s", name, p.Number, difference)
		} else {
			agreed++
		}
	}
	for n := range want {
		segments++
		t.Errorf("%s frame %d: tshark has a segment, we never saw the frame", name, n)
	}
	return segments, agreed
}

// bigTCP tells of an IPv6 packet with payload length 0, too long for that
// field, which tshark 4.0 calls malformed and later ones read.
func bigTCP(s *decode.Segment) bool { return s.IPVersion == 6 && s.PayloadLen > 0xffff-60 }

func compare(want, have map[string]string) string {
	if want["fragments"] != "" {
		for k := range have {
			if !slices.Contains(inFragments, k) {
				delete(have, k)
			}
		}
		delete(want, "fragments")
	}
	var differences []string
	for k := range have {
		if _, ok := want[k]; !ok && !(k == "src" || k == "dst") {
			differences = append(differences, fmt.Sprintf("%s: tshark nothing, ours %s", k, have[k]))
		}
	}
	for k, v := range want {
		if have[k] != v && !((k == "src" || k == "dst") && v == "") {
			differences = append(differences, fmt.Sprintf("%s: tshark %s, ours %s", k, v, have[k]))
		}
	}
	slices.Sort(differences)
	return strings.Join(differences, "; ")
}
