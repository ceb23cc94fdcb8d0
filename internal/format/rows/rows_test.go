package rows

import (
	"bytes"
	"io"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// A spreadsheet takes no text for a formula, and numbers stay numbers.
func TestFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "a=1": "a=1", `=a,"b"`: `"'=a,""b"""`, `x"y`: `"x""y"`,
	} {
		if got := string(appendCell(nil, []byte(text))); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

// TestNeedsEscape: every byte at every place is looked at.
func TestNeedsEscape(t *testing.T) {
	for at := range 19 {
		for c := range 256 {
			text := bytes.Repeat([]byte(" ~"), 10)[:19]
			text[at] = byte(c)
			want := c < ' ' || c > '~' || c == '"' || c == '\\'
			if needsEscape(text) != want {
				t.Errorf("byte %#x at %d: %v, want %v", c, at, !want, want)
			}
		}
	}
}

// Rows for programs have no sections.
func TestSection(t *testing.T) {
	if err := CSV(view.Named("segments"), io.Discard, present.Options{}).Section("The three steps"); err == nil {
		t.Error("csv takes a section")
	}
}
