package main

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/internal/readers"
)

// hostileTexts are what a capture may say to reach the page.
var hostileTexts = []string{"</script><script>owned=1</script>", `<img src=x onerror="owned=1">`, "<!-- <script>", "]]>", "\x1b]0;owned\x07", "\u202eevil\u2066",
	"javascript:owned=1", "${owned=1}", "&lt;b&gt;", "\xff\xfe\x00\x7f", strings.Repeat("W", 1200), "__proto__"}

// hostileCapture is a capture whose payloads and comments are hostile.
func hostileCapture(t *testing.T, path string) (frames int) {
	t.Helper()
	var out bytes.Buffer
	w, err := savefile.NewWriter(&out, capture.PCAPNG, capture.Section{}, []capture.Interface{{Name: hostileTexts[0], Link: capture.LinkRaw}})
	if err != nil {
		t.Fatal(err)
	}
	seq := uint32(1000)
	for i, text := range append([]string{""}, hostileTexts...) {
		packet := make([]byte, 40, 40+len(text))
		packet[0], packet[8], packet[9] = 0x45, 64, 6
		binary.BigEndian.PutUint16(packet[2:], uint16(40+len(text)))
		copy(packet[12:], []byte{192, 0, 2, 1, 192, 0, 2, 2})
		binary.BigEndian.PutUint16(packet[20:], 40000)
		binary.BigEndian.PutUint16(packet[22:], 80)
		binary.BigEndian.PutUint32(packet[24:], seq)
		packet[32], packet[33] = 5<<4, 0x10
		if seq++; i == 0 {
			packet[33] = 0x02
		} else {
			seq += uint32(len(text)) - 1
		}
		packet = append(packet, text...)
		if err := w.Write(&capture.Packet{Number: i + 1, Time: capture.At(int64(i+1) * 1e9), Link: capture.LinkRaw, Length: len(packet), Data: packet, Comment: text}); err != nil {
			t.Fatal(err)
		}
		frames++
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return frames
}

// Captures that are dropped on the page are read there, from a host and from one file.
func TestSite(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the decoder and starts a browser")
	}
	readers.Installed(t)
	out := t.TempDir()
	if err := build(out); err != nil {
		t.Fatal(err)
	}
	if book, err := os.ReadFile(filepath.Join(out, "handbook.html")); err != nil || !bytes.Contains(book, []byte("TIME-WAIT")) {
		t.Errorf("the handbook: %d bytes, %v", len(book), err)
	}
	host := httptest.NewServer(http.FileServer(http.Dir(out)))
	defer host.Close()
	broken := filepath.Join(t.TempDir(), "broken.pcap")
	if err := os.WriteFile(broken, []byte("no capture"), 0o644); err != nil {
		t.Fatal(err)
	}
	type dropped struct {
		Path    string `json:"path"`
		Moments int    `json:"moments"`
		Wrong   string `json:"wrong,omitempty"`
		Hostile bool   `json:"hostile,omitempty"`
	}
	hostile := filepath.Join(t.TempDir(), `<img src=x onerror="owned=1">.pcapng`)
	moments := hostileCapture(t, hostile) + 1 // and the end
	absolute := func(path string) string {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	asked := map[string]any{"site": host.URL + "/index.html", "single": "file://" + filepath.Join(out, "handshake-lab.html"),
		"captures": []dropped{{absolute("../../../testdata/greeting.pcapng"), 22, "", false}, {absolute("../../../testdata/ipv6.pcapng"), 22, "", false},
			{broken, 0, "not a capture", false}, {hostile, moments, "", true}}}
	var found struct {
		Wrong    []string
		Measured map[string]float64
	}
	readers.Ask(t, 3*time.Minute, "site.js", asked, &found)
	for _, wrong := range found.Wrong {
		t.Error(wrong)
	}
	t.Logf("measured in ms: %v", found.Measured)
}
