package text

import (
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// TestNarrow: what is measured in short measures what it does in full.
func TestNarrow(t *testing.T) {
	for r := rune(' '); r < 0x3000; r++ {
		if isNarrow(r) && (runeWidths.StringWidth(string(r)) != 1 || runeWidths.StringWidth("e"+string(r)+"e") != 3) {
			t.Errorf("%q is not one column wide", r)
		}
	}
	for _, text := range []string{"", "plain", "a → b", "⏎⏎⏎⏎⏎⏎", "née …", "e\u0301e\u0301e\u0301e\u0301", "日本語日本語", "ab日c", "abcd\u0301ef", "👩‍👩‍👧x", "abcd\u200dx", "\xff\xfeabc",
		"The client has 1 byte more to send (RFC 9293 §3.4)", "eightletters→and more日of them", "12345678\u0301"} {
		if got, want := width(text), runeWidths.StringWidth(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
		for columns := 1; columns <= runeWidths.StringWidth(text); columns++ {
			fits := len(runeWidths.Truncate(text, columns, ""))
			if blank := strings.LastIndexByte(text[:min(fits+1, len(text))], ' '); fits < len(text) && blank > 0 && blank < fits {
				fits = blank
			} else if fits == 0 {
				fits = len(text)
			}
			if head, rest := breakAt([]byte(text), columns); string(head) != text[:fits] || string(rest) != strings.TrimPrefix(text[fits:], " ") {
				t.Errorf("%q broken at %d columns: %q and %q, want %q", text, columns, head, rest, text[:fits])
			}
		}
		for columns := 1; columns < runeWidths.StringWidth(text); columns++ {
			for set, mark := range map[visible.Charset]string{visible.Screen: "…", visible.ASCII: "~"} {
				if got, want := string(appendCut(nil, []byte(text), columns, set)), runeWidths.Truncate(text, columns, mark); got != want {
					t.Errorf("%q to %d columns: %q, want %q", text, columns, got, want)
				}
			}
		}
	}
}

// A comment of 64 KiB is broken into lines in time that grows with its length.
func TestWrapIsLinear(t *testing.T) {
	for _, text := range []string{strings.Repeat("word ", 40000), strings.Repeat("␛", 70000), strings.Repeat("\u0301", 100000)} {
		lines := wrap(text, 40)
		if got := strings.Join(lines, " "); len(lines) < 2 || len(strings.ReplaceAll(got, " ", "")) != len(strings.ReplaceAll(text, " ", "")) {
			t.Errorf("%d lines, %d bytes of %d", len(lines), len(got), len(text))
		}
	}
	measured := func(n int) float64 {
		return float64(testing.Benchmark(func(b *testing.B) {
			text := strings.Repeat("␛", n)
			for b.Loop() {
				wrap(text, 40)
			}
		}).NsPerOp())
	}
	if testing.Short() {
		t.Skip("measuring takes a while")
	}
	if few, many := measured(2000), measured(20000); many > 40*few {
		t.Errorf("ten times the text takes %.0f times as long", many/few)
	}
}
