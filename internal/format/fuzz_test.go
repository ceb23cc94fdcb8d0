package format

import (
	"encoding/csv"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// FuzzText: whatever a payload, a comment, a verdict or a label holds is text in every
// format, and none of the format's own signs.
func FuzzText(f *testing.F) {
	for _, hazard := range hazards {
		f.Add(hazard)
	}
	for _, payload := range hostilePayloads {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, text string) {
		manner := &view.Manner{Names: map[netip.Addr]string{netip.MustParseAddr("127.0.0.1"): text}}
		for i := range view.Views {
			v := &view.Views[i]
			for _, name := range Of(v) {
				out := shown(t, v.Name, name, present.Options{Width: 80, Manner: manner}, withHazard(text))
				if why := noText(name, out); why != "" {
					t.Fatalf("%s %s: %s", v.Name, name, why)
				}
				isSound(t, v.Name, name, out)
			}
		}
	})
}

// isSound reads what was written as strictly as can be done here; readers_test.go
// gives the same to the programs that it is for.
func isSound(t *testing.T, view, name, out string) {
	t.Helper()
	switch name {
	case "json":
		if !json.Valid([]byte(out)) {
			t.Fatalf("%s: no JSON:\n%s", view, out)
		}
	case "ndjson", "cast":
		for line := range strings.Lines(out) {
			if !json.Valid([]byte(line)) {
				t.Fatalf("%s %s: no JSON: %s", view, name, line)
			}
		}
	case "csv":
		if _, err := csv.NewReader(strings.NewReader(out)).ReadAll(); err != nil {
			t.Fatalf("%s: %v", view, err)
		}
	case "mermaid":
		for line := range strings.Lines(out) {
			if view != "header" && !isStatement(strings.TrimSuffix(line, "\n")) {
				t.Fatalf("%s: no statement of Mermaid: %s", view, line)
			}
		}
	case "latex":
		if why := unbalanced(out); why != "" {
			t.Fatalf("%s: %s in\n%s", view, why, out)
		}
	}
}

// isStatement reports whether a line is one statement of a sequence diagram: what
// stands in it is letters, what ends nothing, entities and our own breaks.
func isStatement(line string) bool {
	for _, own := range []string{"sequenceDiagram", "    accTitle: ", "    participant ", "    Note over "} {
		if strings.HasPrefix(line, own) {
			line = line[len(own):]
			break
		}
	}
	_, text, isMessage := strings.Cut(line, ": ")
	if !isMessage {
		text = line
	}
	text = strings.ReplaceAll(text, "<br/>", "")
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '#': // an entity: digits and a semicolon
			end := strings.IndexByte(text[i:], ';')
			if end < 2 || strings.Trim(text[i+1:i+end], "0123456789") != "" {
				return false
			}
			i += end
		case c >= utf8.RuneSelf, strings.IndexByte(`;:%{}<>$&\"'`, c) >= 0:
			return false
		}
	}
	return true
}

// unbalanced says what is wrong with the braces and environments of LaTeX.
func unbalanced(out string) string {
	depth := 0
	for i := 0; i < len(out); i++ {
		switch out[i] {
		case '\\':
			i++ // what follows is a command, or a sign that means itself
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return "a brace that closes nothing"
			}
		case '%':
			if i == 0 || out[i-1] == '\n' || out[i-1] == ' ' {
				for i < len(out) && out[i] != '\n' {
					i++
				}
				continue
			}
			return "a comment in the middle of a line"
		}
	}
	switch {
	case depth > 0:
		return "a brace that is not closed"
	case strings.Count(out, `\begin{`) != strings.Count(out, `\end{`):
		return "an environment that is not closed"
	case strings.Count(out, `\input`) > 1:
		return "a command that is not ours"
	}
	return ""
}
