package sheet

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// sheetOf is a sheet of every kind of question that some captures have, under names
// that mean something to every format.
func sheetOf(t *testing.T, key bool) *Sheet {
	t.Helper()
	s := &Sheet{Title: `A & B <c> "d" {e} ~f = #g %h \i $j _k ^l`, Source: "the|capture`s", Student: "</title><script>alert(1)</script>", Again: "handshake-lab quiz x --seed 1", Key: key}
	for _, name := range []string{"greeting.pcapng", "ipv6.pcapng", "trouble/syn-lost.pcapng", "trouble/refused.pcapng"} {
		path := filepath.Join("../../../testdata", name)
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		source, err := capture.Open(path, file)
		if err != nil {
			t.Fatal(err)
		}
		c := new(quiz.Capture)
		flow := pipeline.Flow{Source: source, Sink: c}
		if _, err := flow.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		c.Finish()
		s.Questions = append(s.Questions, c.Questions(quiz.Choice{Seed: 5})...)
	}
	if len(s.Questions) < 60 {
		t.Fatalf("only %d questions", len(s.Questions))
	}
	return s
}

func written(t *testing.T, format string, key bool) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Named(format).Write(sheetOf(t, key), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A sheet without its key says no answer; with it, every one.
func TestKey(t *testing.T) {
	for _, format := range []string{"text", "markdown", "html", "latex"} {
		without, with := written(t, format, false), written(t, format, true)
		for _, proof := range []string{"takes one sequence number", "the next byte that is expected"} {
			flat := func(page []byte) string { return strings.Join(strings.Fields(string(page)), " ") }
			if strings.Contains(flat(without), proof) || !strings.Contains(flat(with), proof) {
				t.Errorf("%s: %q stands where it should not, or not where it should", format, proof)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	var list []struct {
		Number  int
		Ask     string
		Answer  string
		Choices []string
	}
	if err := json.Unmarshal(written(t, "json", false), &list); err != nil {
		t.Fatal(err)
	}
	for i, q := range list {
		if q.Number != i+1 || q.Ask == "" || q.Answer == "" {
			t.Errorf("question %d: %+v", i+1, q)
		}
	}
}

// A line feed in what is shown is none of the text: no format shows a picture of it.
func TestNoPictures(t *testing.T) {
	for _, f := range Formats {
		if i := bytes.Index(written(t, f.Name, true), []byte("⏎")); i >= 0 {
			t.Errorf("%s: a line feed is shown as text", f.Name)
		}
	}
}

// Moodle's XML and the page are well formed, and hold no script.
func TestMarkup(t *testing.T) {
	decoder := xml.NewDecoder(bytes.NewReader(written(t, "moodle-xml", false)))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []bool{false, true} {
		if page := written(t, "html", key); bytes.Contains(page, []byte("<script")) {
			t.Error("a name became a script")
		}
	}
}

// Each format is read by a program of its kind.
func TestReaders(t *testing.T) {
	folder := t.TempDir()
	write := func(name, format string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, written(t, format, true), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, reader := range []struct {
		format, file, program string
		args                  []string
	}{
		{"moodle-xml", "bank.xml", "xmllint", []string{"--noout"}},
		{"latex", "key.tex", "pdflatex", []string{"-interaction=nonstopmode", "-halt-on-error", "-output-directory", folder}},
	} {
		t.Run(reader.format, func(t *testing.T) {
			program, err := exec.LookPath(reader.program)
			if err != nil {
				t.Skipf("%s is not here", reader.program)
			}
			path := write(reader.file, reader.format)
			if out, err := exec.Command(program, append(reader.args, path)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out[max(0, len(out)-2000):])
			}
		})
	}
}

// In GIFT nothing of a text is taken for a mark: braces open and close once a question.
func TestGIFT(t *testing.T) {
	_, text, _ := strings.Cut(string(written(t, "gift", false)), "\n\n") // comments stand in front
	depth, questions := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '{':
			depth++
			questions++
		case '}':
			depth--
		}
		if depth < 0 || depth > 1 {
			t.Fatalf("a brace too many at %q", text[max(0, i-60):i+1])
		}
	}
	if want := len(sheetOf(t, false).Questions); questions != want || depth != 0 {
		t.Errorf("%d questions, want %d", questions, want)
	}
}
