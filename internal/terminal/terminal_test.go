package terminal

import (
	"os"
	"path/filepath"
	"testing"
)

func TestUTF8(t *testing.T) {
	tests := []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", unnamedIsUTF8},
		{"", "", "C", false},
		{"", "", "en_GB.UTF-8", true},
		{"", "", "de_DE.utf8", true},
		{"", "", "de_DE.ISO-8859-1", false},
		{"", "C.UTF-8", "C", true},
		{"", "C", "en_GB.UTF-8", false},
		{"C", "en_GB.UTF-8", "en_GB.UTF-8", false},
		{"C.UTF-8", "C", "C", true},
	}
	for _, test := range tests {
		env := map[string]string{"LC_ALL": test.all, "LC_CTYPE": test.ctype, "LANG": test.lang}
		if got := UTF8(func(name string) string { return env[name] }); got != test.want {
			t.Errorf("%v: %t, want %t", env, got, test.want)
		}
	}
}

func TestColor(t *testing.T) {
	tests := []struct {
		mode          ColorMode
		terminal      bool
		noColor, term string
		want          bool
	}{
		{"", true, "", "xterm", true},
		{ColorAuto, true, "", "xterm", true},
		{ColorAuto, true, "", "", true},
		{ColorAuto, false, "", "xterm", false},
		{ColorAuto, true, "1", "xterm", false},
		{ColorAuto, true, "0", "xterm", false},
		{ColorAuto, true, "", "dumb", false},
		{ColorAlways, false, "1", "dumb", true},
		{ColorNever, true, "", "xterm", false},
	}
	for _, test := range tests {
		env := map[string]string{"NO_COLOR": test.noColor, "TERM": test.term}
		if got := test.mode.decide(test.terminal, func(name string) string { return env[name] }); got != test.want {
			t.Errorf("%+v: %t", test, got)
		}
	}
	var mode ColorMode
	if err := mode.Set("never"); err != nil || mode.String() != "never" {
		t.Errorf("Set: %v, %v", err, mode)
	}
	if err := mode.Set("sometimes"); err == nil || err.Error() != "want auto, always or never" {
		t.Errorf("Set: %v", err)
	}
}

func TestWidthWithoutTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for columns, want := range map[string]int{"": 80, "120": 120, "0": 80, "-3": 80, "wide": 80,
		"1000000000": MaxWidth, "99999999999999999999": MaxWidth} {
		t.Setenv("COLUMNS", columns)
		if got := Width(f); got != want {
			t.Errorf("COLUMNS=%q: %d, want %d", columns, got, want)
		}
	}
	if Is(f) || Is(nil) {
		t.Error("a file, or none, is taken for a terminal")
	}
}

func TestKeyOf(t *testing.T) {
	for text, want := range map[string]Key{" ": Space, "nN\r\n": Next, "qQ\x04": Quit, "bB": Back, "fF": Forward, "?hH": Help,
		"g": First, "G": Last, "j": Down, "k": Up, "xyz\x1b\x00\xff": None} {
		for _, b := range []byte(text) {
			if got := keyOf(b); got != want {
				t.Errorf("%q: %d, want %d", b, got, want)
			}
		}
	}
}
