package visible

import "testing"

func TestAppend(t *testing.T) {
	for _, c := range []struct {
		in                              string
		screen, ascii, machine, message string
	}{
		{"Welcome!\n", "Welcome!⏎", `Welcome!\n`, `Welcome!\n`, `Welcome!\n`},
		{"a\r\tb", "a␍⇥b", `a\r\tb`, `a\r\tb`, `a\r\tb`},
		{"\x1b[31m", "␛[31m", `\x1b[31m`, `\x1b[31m`, `\x1b[31m`},
		{"\x00\x7f", "␀␡", `\x00\x7f`, `\x00\x7f`, `\x00\x7f`},
		{`a\b`, `a\b`, `a\b`, `a\\b`, `a\b`},
		{"é😀", "é😀", `\u00e9\U0001f600`, "é😀", "é😀"},
		{"\xc3", `\xc3`, `\xc3`, `\xc3`, `\xc3`},
		{"\u0085\u202e\u200b", `\u0085\u202e\u200b`, `\u0085\u202e\u200b`, `\u0085\u202e\u200b`, `\u0085\u202e\u200b`},
		{"§3.5 → x", "§3.5 → x", "section 3.5 -> x", "§3.5 → x", "§3.5 → x"},
	} {
		for set, want := range []string{c.screen, c.ascii, c.machine, c.message} {
			if got := string(Append(nil, c.in, Charset(set))); got != want {
				t.Errorf("%q in character set %d: %s, want %s", c.in, set, got, want)
			}
		}
	}
}

func TestString(t *testing.T) {
	for text, want := range map[string]string{
		"greeting.pcap":      "greeting.pcap",
		`C:\captures`:        `C:\captures`,
		"Übung 1.pcap":       "Übung 1.pcap",
		"\x1b[31mred\a.pcap": `\x1b[31mred\x07.pcap`,
		"two\nlines":         `two\nlines`,
		"\xff\xfe":           `\xff\xfe`,
		"\u202egnp.pcap":     `\u202egnp.pcap`,
		"\u009b31m\x7f":      `\u009b31m\x7f`,
	} {
		if got := String(text); got != want {
			t.Errorf("String(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	for in, want := range map[string]string{
		"Hello Jürgen!\n": "Hello Jürgen!\n", "\x1b[2J": `\x1b[2J`, "\r\x00\x7f": `\r\x00\x7f`, "a\n\nb": "a\n\nb",
		"\xff\xc3": `\xff\xc3`, "\u202eabc\u0085": `\u202eabc\u0085`, "": "",
	} {
		if got := Lines([]byte(in)); got != want {
			t.Errorf("Lines(%q) = %q, want %q", in, got, want)
		}
	}
}
