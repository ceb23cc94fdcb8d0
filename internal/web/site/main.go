// Command site builds the page with the decoder inside: a folder that any static host
// serves, with the handbook and the recordings, and one html file that needs nothing. make
// site runs it.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/web"
	"github.com/handshake-lab/handshake-lab/internal/web/app"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("site: ")
	out := flag.String("o", "dist/site", "folder to write")
	flag.Parse()
	if err := build(*out); err != nil {
		log.Fatal(err)
	}
}

func build(out string) error {
	if err := os.MkdirAll(filepath.Join(out, "recordings"), 0o755); err != nil {
		return err
	}
	program, err := decoder()
	if err != nil {
		return err
	}
	support, err := goSupport()
	if err != nil {
		return err
	}
	var names []string
	for _, s := range scenarios.All() {
		names = append(names, s.Name)
		if err := writeRecording(filepath.Join(out, "recordings", s.Name), s); err != nil {
			return err
		}
	}
	if err := copyPage(out, names); err != nil {
		return err
	}
	if err := handbook(filepath.Join(out, "handbook.html")); err != nil {
		return err
	}
	for name, data := range map[string][]byte{"decoder.wasm": program, "wasm_exec.js": support} {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
	}
	single, err := os.Create(filepath.Join(out, "handshake-lab.html"))
	if err != nil {
		return err
	}
	packed := new(bytes.Buffer)
	z, _ := gzip.NewWriterLevel(packed, gzip.BestCompression)
	if _, err := z.Write(program); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Printf("decoder.wasm: %d bytes, %d packed\n", len(program), packed.Len())
	if err := app.WriteDecoder(single, packed.Bytes(), support); err != nil {
		return err
	}
	return single.Close()
}

// writeRecording writes a recording, of both ends where both were recorded, and the lesson
// that it was staged for.
func writeRecording(path string, s scenarios.Scenario) error {
	recording := s.Both()
	if recording == nil {
		recording = s.Capture()
	}
	lesson := []byte("null")
	if of, err := staged.Find(s.Name); err == nil && of.Rule != "" {
		lesson, _ = json.Marshal(web.Lesson{Name: of.Name, Happened: of.Lesson, Rule: of.Rule, Question: of.Question})
	}
	if err := os.WriteFile(path+".json", lesson, 0o644); err != nil {
		return err
	}
	return os.WriteFile(path+".pcapng", recording, 0o644)
}

// handbook writes the whole reference.
func handbook(path string) error {
	all := explain.All()
	for _, f := range explain.DocumentFormats {
		if f.Name == "html" {
			return os.WriteFile(path, f.Append(&all, nil), 0o644)
		}
	}
	return errors.New("the reference has no format html")
}

// copyPage writes the page's own files, with what makes it a page for one's own captures.
func copyPage(out string, recordings []string) error {
	return fs.WalkDir(app.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(app.Files(), path)
		if err != nil {
			return err
		}
		if path == "index.html" {
			text = []byte(strings.Replace(string(text), `<meta charset="utf-8">`, `<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="feed" content="decoder">
<meta name="recordings" content="`+strings.Join(recordings, " ")+`">`, 1))
		}
		return os.WriteFile(filepath.Join(out, path), text, 0o644)
	})
}

// decoder compiles the decoder.
func decoder() ([]byte, error) {
	folder, err := os.MkdirTemp("", "handshake-lab-site-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "decoder.wasm")
	c := exec.Command("go", "build", "-pgo=off", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", path, "github.com/handshake-lab/handshake-lab/internal/web/decoder")
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if said, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the decoder: %w\n%s", err, said)
	}
	return os.ReadFile(path)
}

// goSupport is the script that starts a Go program in a browser; it comes with Go.
func goSupport() ([]byte, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find Go: %w", err)
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}
