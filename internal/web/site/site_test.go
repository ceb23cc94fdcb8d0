package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Captures that are dropped on the page are read there, from a host and from one file.
func TestSite(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the decoder and starts a browser")
	}
	folder, err := filepath.Abs("../../../.ci/readers")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Skip("the packages of .ci/readers are not installed")
	}
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
	type capture struct {
		Path   string `json:"path"`
		Frames int    `json:"frames"`
		Wrong  string `json:"wrong,omitempty"`
	}
	absolute := func(path string) string {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	in, _ := json.Marshal(map[string]any{"site": host.URL + "/index.html", "single": "file://" + filepath.Join(out, "handshake-lab.html"),
		"captures": []capture{{absolute("../../../testdata/greeting.pcapng"), 22, ""}, {absolute("../../../testdata/ipv6.pcapng"), 22, ""}, {broken, 0, "not a capture"}}})
	ctx, end := context.WithTimeout(t.Context(), 3*time.Minute)
	defer end()
	var errs bytes.Buffer
	node := exec.CommandContext(ctx, "node", "site.js")
	node.Dir, node.Stdin, node.Stderr, node.WaitDelay = folder, bytes.NewReader(in), &errs, time.Second
	said, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes())
	}
	var found struct {
		Wrong    []string
		Measured map[string]float64
	}
	if err := json.Unmarshal(said, &found); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range found.Wrong {
		t.Error(wrong)
	}
	t.Logf("measured in ms: %v", found.Measured)
}
