package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/readers"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// What is written is read here by the programs that it is for; `.ci/setup --tools`
// installs them.

// inBrowser gives texts to one of the scripts of .ci/readers, and returns what it
// found in each.
func inBrowser(t *testing.T, script string, texts []string) []found {
	t.Helper()
	var list []found
	if readers.Ask(t, 5*time.Minute, script, texts, &list); len(list) != len(texts) {
		t.Fatalf("%s: %d results of %d texts", script, len(list), len(texts))
	}
	return list
}

type found struct {
	Text, Error string
	Scripts     int // elements that are no text
	Seconds     float64
}

// hazards are texts that one format or another takes for more than text.
var hazards = []string{
	"a;b", "a#b", "%%{init: {}}%%", "%% comment", "&lt;b&gt;", "&amp; & &", "$$x^2$$", "wrap: me", "nowrap:x", "a\rb", "a\nb",
	`say "hi"`, `back\slash`, `\x1b`, `\end{document}`, `\input{/etc/passwd}`, "{}$&#%_^~", "``''\"--,,<<>>!`?`", "[opt]", "*", "\\\\[2em]",
	"<script>alert(1)</script>", "<br/>", "<img src=x onerror=alert(1)>", "]]>", "</script>", "<!--", "end", "loop x", "A->>B: hi", "日本語 😀 e\u0301",
	"\u202eevil\u202c\u200b", "\xff\xfe\x00\x7f", "=cmd|' /C calc'!A0", "```\n# head", "|a|b|", "@name", strings.Repeat("x", 3000),
	"click C1 href \"javascript:alert(1)\"", "participant X as Y", "é ÿ ß ÷ ×", "\x1b]0;owned\x07", "\t", "  ", "-->", "\u2028", "text with :colon: and = sign",
}

// withHazard gives a presenter a segment, a note and a verdict with a text in
// each place that a capture can put it.
func withHazard(hazard string) func(testing.TB, present.Presenter) {
	return func(t testing.TB, p present.Presenter) {
		e := hostile(hazard)
		e.Segment.Options = decode.Options{}
		c := &conversation.Conversation{Verdict: conversation.Verdict{Name: "fine", Text: hazard}}
		e.Conversation = c
		for _, m := range []timeline.Moment{
			timeline.Of(e), {Kind: timeline.Note, Text: hazard}, {Kind: timeline.Undecoded, Frame: 2, Problem: e.Segment.Problem},
			{Kind: timeline.Ended, Conversation: c},
		} {
			if err := p.Moment(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

var blanks = regexp.MustCompile(`\s+`)

// TestMermaid: Mermaid draws each diagram, and shows hostile text as text.
func TestMermaid(t *testing.T) {
	var sources, wants []string
	add := func(source, want string) { sources, wants = append(sources, source), append(wants, want) }
	for _, v := range []string{"story", "handshake", "header"} {
		for name, s := range map[string]func(testing.TB, present.Presenter){"one": scene.One, "three": scene.Three, "lost": scene.Lost, "again": scene.Again} {
			want := "SYN"
			if name == "lost" && v == "story" {
				want = "unreachable"
			}
			add(shown(t, v, "mermaid", present.Options{}, s), want)
		}
	}
	for _, hazard := range hazards {
		want := string(visible.Append(nil, hazard, visible.Screen))
		add(shown(t, "story", "mermaid", present.Options{}, withHazard(hazard)), string([]rune(want)[:min(50, len([]rune(want)))]))
	}
	for i, f := range inBrowser(t, "mermaid.js", sources) {
		if f.Error != "" {
			t.Errorf("Mermaid says %s to\n%.600s", f.Error, sources[i])
			continue
		}
		if f.Scripts > 0 {
			t.Errorf("%d elements that are no text in\n%.600s", f.Scripts, sources[i])
		}
		squeeze := func(s string) string { return blanks.ReplaceAllString(s, "") } // Mermaid wraps and joins blanks
		if !strings.Contains(squeeze(f.Text), squeeze(wants[i])) {
			t.Errorf("Mermaid does not show %q:\n%.600s", wants[i], f.Text)
		}
	}
}

// TestCast: the player of asciinema plays a recording to its end, and shows the same
// as a terminal.
func TestCast(t *testing.T) {
	var casts []string
	for _, s := range []func(testing.TB, present.Presenter){scene.One, withHazard("\x1b[2J\x1b]0;owned\x07</script>")} {
		casts = append(casts, shown(t, "story", "cast", present.Options{Width: 80, Pace: 20 * time.Millisecond}, s))
	}
	screens := []string{shown(t, "story", "text", present.Options{Width: 80}, scene.One), `␛[2J␛]0;owned␇</script>`}
	for i, f := range inBrowser(t, "cast.js", casts) {
		if f.Error != "" {
			t.Errorf("the player says %s to\n%.600s", f.Error, casts[i])
			continue
		}
		lines := strings.Split(strings.TrimSpace(screens[i]), "\n")
		for _, line := range lines[max(len(lines)-10, 0):] {
			if !strings.Contains(f.Text, strings.TrimSpace(line)) {
				t.Errorf("the player does not show %q:\n%s", line, f.Text)
			}
		}
		if f.Seconds <= 0 {
			t.Errorf("it takes %v seconds", f.Seconds)
		}
	}
}

// TestCastTime: a recording takes as long as what happened, or a step a moment.
func TestCastTime(t *testing.T) {
	for _, pace := range []time.Duration{0, 400 * time.Millisecond} {
		out := shown(t, "story", "cast", present.Options{Width: 80, Pace: pace}, scene.One)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		var head struct{ Version, Width, Height int }
		if err := json.Unmarshal([]byte(lines[0]), &head); err != nil || head.Version != 2 || head.Width != 80 || head.Height != 24 {
			t.Errorf("head %s: %v", lines[0], err)
		}
		before, want := 0.0, 0.00075
		if pace > 0 {
			want = pace.Seconds() * float64(len(lines)-2)
		}
		for _, line := range lines[1:] {
			var event []any
			if err := json.Unmarshal([]byte(line), &event); err != nil || len(event) != 3 || event[1] != "o" || event[0].(float64) < before {
				t.Fatalf("event %s: %v", line, err)
			}
			before = event[0].(float64)
		}
		if math.Abs(before-want) > 1e-6 {
			t.Errorf("with a pace of %v the last moment is at %v, want %v", pace, before, want)
		}
	}
}

// TestLaTeX: pdflatex takes every view as it stands and as a part of a document, and
// hostile text is shown in it.
func TestLaTeX(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	for _, tool := range []string{"pdflatex", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compile := func(name string) string {
		cmd := exec.CommandContext(t.Context(), "pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name)
		cmd.Dir, cmd.WaitDelay = folder, time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			source, _ := os.ReadFile(filepath.Join(folder, name))
			t.Fatalf("%s: %v\n%s\n%.3000s", name, err, out[max(0, len(out)-1500):], source)
		}
		text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-enc", "UTF-8", filepath.Join(folder, strings.TrimSuffix(name, ".tex")+".pdf"), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var document strings.Builder
	document.WriteString("\\documentclass{article}\n")
	for _, v := range view.Views {
		if !Named("latex").Shows(&v) {
			continue
		}
		out := shown(t, v.Name, "latex", present.Options{}, scene.Three)
		if document.Len() < 30 { // the preamble that its first lines name
			for line := range strings.Lines(out) {
				if packages, ok := strings.CutPrefix(line, "%   "); ok {
					document.WriteString(packages)
				}
			}
			document.WriteString("\\begin{document}\n")
		}
		write(v.Name+".tex", out)
		fmt.Fprintf(&document, "\\section{%s}\n\\input{%s.tex}\n", v.Name, v.Name)
		if text := compile(v.Name + ".tex"); !strings.Contains(text, "SYN") && !strings.Contains(text, "fine") && v.Name != "dialogue" && !v.Both {
			t.Errorf("%s shows neither a SYN nor a verdict:\n%s", v.Name, text)
		}
	}
	document.WriteString("The end of the document.\n\\end{document}\n")
	write("document.tex", document.String())
	if text := compile("document.tex"); !strings.Contains(text, "The end of the document.") {
		t.Errorf("the document ends with a part of it")
	}
	for i, hazard := range hazards {
		for _, v := range []string{"story", "segments", "dialogue"} {
			name := fmt.Sprintf("hazard%d-%s.tex", i, v)
			if i%3 != len(v)%3 { // a third of them each: pdflatex takes its time
				continue
			}
			write(name, shown(t, v, "latex", present.Options{}, withHazard(hazard)))
			compile(name)
		}
	}
	// One document with them all, so that what is shown can be looked at.
	all := shown(t, "story", "latex", present.Options{}, func(t testing.TB, p present.Presenter) {
		for i, hazard := range hazards {
			if err := p.Moment(timeline.Moment{Kind: timeline.Note, Text: fmt.Sprintf("%d %.60s", i, hazard)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	})
	write("all.tex", all)
	text := blanks.ReplaceAllString(compile("all.tex"), "")
	for _, want := range []string{`{}$&#%_^~`, `\input{/etc/passwd}`, `\end{document}`, "``''\"--,,<<>>!`?`", "<script>alert(1)</script>", `\u65e5`, `a\nb`, `say"hi"`, "[opt]", "%%{init:{}}%%", "éÿß"} {
		if !strings.Contains(text, want) {
			t.Errorf("LaTeX does not show %s:\n%s", want, text)
		}
	}
}

// TestJSON: one document, the array of the objects that ndjson has lines for.
func TestJSON(t *testing.T) {
	for _, v := range view.Views {
		for name, s := range map[string]func(testing.TB, present.Presenter){"one": scene.One, "lost": scene.Lost, "hazard": withHazard(hazards[1]),
			"nothing": func(t testing.TB, p present.Presenter) {
				if err := p.Close(); err != nil {
					t.Fatal(err)
				}
			}} {
			var document, lines []any
			if err := json.Unmarshal([]byte(shown(t, v.Name, "json", present.Options{}, s)), &document); err != nil {
				t.Errorf("%s of %s: %v", v.Name, name, err)
			}
			for line := range strings.Lines(shown(t, v.Name, "ndjson", present.Options{}, s)) {
				var o any
				if err := json.Unmarshal([]byte(line), &o); err != nil {
					t.Fatal(err)
				}
				lines = append(lines, o)
			}
			if fmt.Sprint(document) != fmt.Sprint(lines) {
				t.Errorf("%s of %s: json and ndjson differ", v.Name, name)
			}
		}
	}
}

// TestDiagram: Markdown has the diagram in a block of its own, above what it tells.
func TestDiagram(t *testing.T) {
	for _, v := range []string{"story", "handshake", "header"} {
		out := shown(t, v, "markdown", present.Options{Diagram: true}, scene.One)
		plain := shown(t, v, "markdown", present.Options{}, scene.One)
		blocks := regexp.MustCompile("(?s)```mermaid\n.*?```\n\n").FindAllString(out, -1)
		want := 1
		if v == "header" {
			want = strings.Count(plain, "### ")
		}
		if len(blocks) != want {
			t.Errorf("%s: %d diagrams, want %d", v, len(blocks), want)
		}
		for _, b := range blocks {
			out = strings.Replace(out, b, "", 1)
		}
		if out != plain {
			t.Errorf("%s: without its diagrams it is another text:\n%s", v, out)
		}
	}
	// More than a diagram has room for: the rest is told without.
	many := func(t testing.TB, p present.Presenter) {
		for range 300 {
			for _, m := range scene.Recorded(t) {
				if err := p.Moment(m); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	out := shown(t, "story", "markdown", present.Options{Diagram: true, Width: 80}, many)
	if !strings.Contains(out, "The diagram shows the first ") || len(out) < 300*1000 {
		t.Errorf("of a long story: %d bytes, %.200s", len(out), out)
	}
	var alone bytes.Buffer
	p, err := Open("story", "mermaid", &alone, present.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var limit error
	for range 300 {
		for _, m := range scene.Recorded(t) {
			if err := p.Moment(m); err != nil {
				limit = err
			}
		}
	}
	if _, ok := limit.(*present.TooMuch); !ok || p.Close() != nil || alone.Len() > 0 {
		t.Errorf("a story that is too long for a diagram: %v, and %d bytes are written", limit, alone.Len())
	}
}
