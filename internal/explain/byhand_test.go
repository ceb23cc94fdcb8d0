package explain

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// The checksum that is worked out is what the kernel wrote, and what tshark holds for
// right.
func TestChecksumByHand(t *testing.T) {
	segment, err := refusal()
	if err != nil {
		t.Fatal(err)
	}
	text := rendered(checksumTopic(), Style{})
	want := fmt.Sprintf("So the checksum is 0x%04x,", segment.Checksum)
	if !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	// The sum of all words, the checksum too, is ffff.
	var sum uint32
	for _, w := range terms(segment) {
		sum += uint32(w.word)
	}
	for sum += uint32(segment.Checksum); sum > 0xffff; {
		sum = sum&0xffff + sum>>16
	}
	if sum != 0xffff {
		t.Errorf("the receiver comes to %x", sum)
	}
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is missing")
	}
	s, _ := scenarios.Find("refused")
	name := filepath.Join(t.TempDir(), "refused.pcapng")
	if err := os.WriteFile(name, s.Capture(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tshark, "-r", name, "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.flags.reset == 1",
		"-T", "fields", "-e", "tcp.checksum", "-e", "tcp.checksum.status", "-e", "tcp.srcport", "-e", "tcp.dstport", "-e", "tcp.hdr_len").Output()
	if want := fmt.Sprintf("0x%04x\t1\t%d\t%d\t20\n", segment.Checksum, segment.SrcPort, segment.DstPort); err != nil || string(out) != want {
		t.Errorf("tshark says %q, %v; want %q", out, err, want)
	}
}

// The lengths are those of the recording.
func TestLengths(t *testing.T) {
	frames := recorded(t, "normal")
	text := rendered(lengthsTopic(), Style{})
	for _, n := range []int{1, 3, 4} {
		ip := frames[n-1][14:]
		total, header := int(ip[2])<<8|int(ip[3]), int(ip[0]&15)*4
		tcp := int(ip[header+12]>>4) * 4
		want := fmt.Sprintf("%d - %d = %4d = %5d + %3d\n", total, header, total-header, tcp, total-header-tcp)
		line := text[strings.Index(text, fmt.Sprintf("\n  %d ", n))+1:]
		if line, _, _ = strings.Cut(line, "\n"); !strings.HasSuffix(line+"\n", want) {
			t.Errorf("frame %d: %q, want %q", n, line, want)
		}
	}
}

// recorded are the frames of a scenario.
func recorded(t *testing.T, name string) (frames [][]byte) {
	t.Helper()
	s, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := capture.NewReader(bytes.NewReader(s.Capture()))
	if err != nil {
		t.Fatal(err)
	}
	for {
		var p capture.Packet
		err := file.Next(&p)
		if err == io.EOF {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, bytes.Clone(p.Data))
	}
}
