package packets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// open opens a capture of testdata.
func open(t *testing.T, path string) *capture.File {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// annotated is a capture with comments.
func annotated(t *testing.T, path string) []byte {
	t.Helper()
	verdicts := NewVerdicts()
	first := pipeline.Flow{Source: open(t, path), Sink: verdicts}
	_, _ = first.Run(context.Background())
	source := open(t, path)
	var out bytes.Buffer
	w := NewWriter(&out, source, verdicts)
	flow := pipeline.Flow{Source: source, Sink: w, Tap: w.Packet}
	_, err := flow.Run(context.Background())
	if damage := new(capture.Damage); err != nil && !errors.As(err, &damage) {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// all are the packets of a capture.
func all(t *testing.T, f *capture.File) (list []capture.Packet) {
	t.Helper()
	for {
		var p capture.Packet
		err := f.Next(&p)
		if damage := new(capture.Damage); err == io.EOF || errors.As(err, &damage) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Data = bytes.Clone(p.Data)
		list = append(list, p)
	}
}

func captures(t *testing.T) (paths []string) {
	for _, pattern := range []string{"../../../testdata/*.pcap*", "../../../testdata/trouble/*.pcapng"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	if len(paths) < 20 {
		t.Fatalf("%d captures", len(paths))
	}
	return paths
}

// TestEveryPacket: all packets are there, as they were but for their comments.
func TestEveryPacket(t *testing.T) {
	for _, path := range captures(t) {
		out := annotated(t, path)
		f, err := capture.NewReader(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		before, after := all(t, open(t, path)), all(t, f)
		if n := utf8.RuneCountInString(f.Section().Comment); n == 0 || n > summaryMost {
			t.Errorf("%s: a summary of %d characters", path, n)
		}
		if len(before) != len(after) {
			t.Fatalf("%s: %d packets, were %d", path, len(after), len(before))
		}
		for i := range before {
			a, b := before[i], after[i]
			if a.Comment != "" && !strings.HasPrefix(b.Comment, a.Comment) {
				t.Errorf("%s, packet %d: its comment is gone", path, a.Number)
			}
			a.Comment, b.Comment = "", ""
			if a.Number != b.Number || a.Time != b.Time || a.Link != b.Link || a.Length != b.Length || !bytes.Equal(a.Data, b.Data) {
				t.Errorf("%s, packet %d: was %v, is %v", path, i+1, a, b)
			}
		}
	}
}

// TestTshark: tshark shows the comments, each at its frame.
func TestTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	for _, path := range []string{"greeting.pcapng", "ipv6.pcapng", "refused.pcapng", "trouble/path-mtu.pcapng", "trouble/flood.pcapng"} {
		path = filepath.Join("../../../testdata", path)
		name := filepath.Join(t.TempDir(), "annotated.pcapng")
		out := annotated(t, path)
		if err := os.WriteFile(name, out, 0o644); err != nil {
			t.Fatal(err)
		}
		shown, err := exec.Command("tshark", "-n", "-r", name, "-T", "fields", "-e", "frame.number", "-e", "frame.comment").Output()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		f, _ := capture.NewReader(bytes.NewReader(out))
		verdicts := 0
		lines := strings.Split(strings.TrimSuffix(string(shown), "\n"), "\n")
		for i, p := range all(t, f) {
			want := strings.ReplaceAll(p.Comment, "\n", `\n`)
			if _, got, _ := strings.Cut(lines[i], "\t"); got != want {
				t.Errorf("%s: tshark says of frame %d %q, want %q", path, p.Number, got, want)
			}
			verdicts += strings.Count(p.Comment, "stream ")
		}
		if verdicts == 0 {
			t.Errorf("%s: no verdict", path)
		}
	}
}

// TestHazards: what a capture puts into a comment is text in it.
func TestHazards(t *testing.T) {
	for _, hazard := range []string{"\x1b]0;owned\x07", "a\x00b", "\xff\xfe", "\u202eevil", strings.Repeat("界", 40_000)} {
		v := NewVerdicts()
		c := &conversation.Conversation{Verdict: conversation.Verdict{Name: "fine", Text: hazard}}
		c.LastFrame = 1
		if err := v.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: c}); err != nil {
			t.Fatal(err)
		}
		text := v.of(1)[0]
		for _, r := range text {
			if r < ' ' || r == 0x7f || r == '\u202e' || r == utf8.RuneError {
				t.Errorf("%.20q gets out of %.20q", r, hazard)
			}
		}
		if n := utf8.RuneCountInString(v.Summary()); n > summaryMost {
			t.Errorf("a summary of %d characters", n)
		}
		var out bytes.Buffer
		if _, err := savefile.NewWriter(&out, capture.PCAPNG, capture.Section{Comment: v.Summary()}, []capture.Interface{{Link: 1}}); err != nil {
			t.Error(err)
		}
	}
}
