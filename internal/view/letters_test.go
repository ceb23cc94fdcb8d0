package view

import (
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
)

// The number of a client stands behind the letters of arithmetic, and behind no
// other letter.
func TestLetters(t *testing.T) {
	for _, c := range []struct {
		rule        conversation.Rule
		number      letters
		want, tight string
	}{
		{conversation.Rule{Base: conversation.X}, 0, "x", "x"},
		{conversation.Rule{Base: conversation.X, SYN: true, Bytes: 9, FIN: true}, 1, "x₁ + 1 + 9 + 1", "x₁+1+9+1"},
		{conversation.Rule{Base: conversation.Y, SYN: true}, 1000, "y₁₀₀₀ + 1", "y₁₀₀₀+1"},
		{conversation.Rule{Base: conversation.ClientAt}, 7, "client's first", "c₇"},
		{conversation.Rule{Base: conversation.ServerAt, Bytes: 2}, 7, "server's first + 2", "s₇+2"},
		{conversation.Rule{Base: conversation.Zero}, 7, "0", "0"},
		{conversation.Rule{}, 7, "", ""},
	} {
		if got := string(c.number.append([]byte("seq = "), &c.rule)); got != "seq = "+c.want {
			t.Errorf("%v of client %d is %q, want %q", c.rule, c.number, got, c.want)
		}
		if got := string(c.number.mark(c.rule.AppendTight(nil), 0)); got != c.tight {
			t.Errorf("%v of client %d is %q, want %q", c.rule, c.number, got, c.tight)
		}
	}
	for text, want := range map[string]string{
		"The server acknowledges x by x + 1 and names y.":                   "The server acknowledges x₂₃ by x₂₃ + 1 and names y₂₃.",
		"the next of 2001:db8::x, a box, x-ray; (x + 1) 0x10 y's fe80::y%y": "the next of 2001:db8::x, a box, x-ray; (x₂₃ + 1) 0x10 y's fe80::y%y",
		"": "",
	} {
		if got := string(letters(23).markAll([]byte("x "+text), 2)); got != "x "+want {
			t.Errorf("%q is %q", text, got)
		}
		if got := string(letters(0).markAll([]byte(text), 0)); got != text {
			t.Errorf("of the only client %q is %q", text, got)
		}
	}
}
