package dialogue

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestNextName(t *testing.T) {
	full := strings.Repeat("n", ReadSize)
	for _, test := range []struct {
		what  string
		reads []string
		want  []string
	}{
		{"a name without an end mark", []string{"Alice"}, []string{"Alice"}},
		{"nc ends a line with LF", []string{"Alice\n"}, []string{"Alice"}},
		{"telnet with CR LF", []string{"Alice\r\n"}, []string{"Alice"}},
		{"CR alone", []string{"Alice\r"}, []string{"Alice"}},
		{"LF of a CR LF in the next read", []string{"Alice\r", "\nBob\r\n"}, []string{"Alice", "Bob"}},
		{"several in one read", []string{"Alice\nBob\r\nCarol\rDave"}, []string{"Alice", "Bob", "Carol", "Dave"}},
		{"empty lines", []string{"\n", "\r\n\r\n", "\n\nAlice\n\n"}, []string{"Alice"}},
		{"LF then CR are two end marks", []string{"Alice\n\rBob"}, []string{"Alice", "Bob"}},
		{"a full read and its LF", []string{full, "\n"}, []string{full}},
		{"a full read and its CR LF", []string{full, "\r\n"}, []string{full}},
		{"a full read that ends in CR", []string{full[1:] + "\r", "\nAlice"}, []string{full[1:], "Alice"}},
		{"a full read goes on", []string{full, "n\n"}, []string{full, "n"}},
		{"one byte each", []string{"A", "B"}, []string{"A", "B"}},
		{"blanks are part of a name", []string{" A b \n"}, []string{" A b "}},
		{"binary", []string{"\x00\xff\x1b[2J\n\x80"}, []string{"\x00\xff\x1b[2J", "\x80"}},
		{"UTF-8 cut within a character", []string{"J\xc3", "\xbcrgen\n"}, []string{"J\xc3", "\xbcrgen"}},
		{"exit among names", []string{"Alice\nexit\nBob"}, []string{"Alice", "exit", "Bob"}},
		{"nothing", []string{""}, nil},
	} {
		var got []string
		for _, read := range test.reads {
			name, rest := NextName([]byte(read))
			for ; name != nil; name, rest = NextName(rest) {
				got = append(got, string(name))
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q gives names %q, want %q", test.what, test.reads, got, test.want)
		}
	}
}

func TestNextNameAllocatesNothing(t *testing.T) {
	read := []byte("Alice\r\nBob\n")
	buffer := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() {
		name, rest := NextName(read)
		for ; name != nil; name, rest = NextName(rest) {
			buffer = AppendHello(buffer[:0], name)
		}
	}); n != 0 {
		t.Errorf("%v allocations a read, want none", n)
	}
}

func TestHello(t *testing.T) {
	name := bytes.Repeat([]byte{0xff}, ReadSize)
	got := AppendHello(nil, name)
	if want := "Hello " + string(name) + "!\n"; string(got) != want || len(got) != len(name)+HelloSize {
		t.Errorf("answer is %q (%d bytes), want %q", got, len(got), want)
	}
}

func TestBeginAndEndShareAnIDAndFollowTheClock(t *testing.T) {
	var calls []Call
	observer := Observer(func(c Call) { calls = append(calls, c) })
	before := Now()
	for range 2 {
		call := observer.Begin(Call{Name: "recv", Args: "1024"})
		call.N = 9
		observer.End(call)
	}
	if len(calls) != 4 {
		t.Fatalf("%d reports, want 4", len(calls))
	}
	begin, end, second := calls[0], calls[1], calls[2]
	if begin.Phase != Begin || end.Phase != End || begin.ID != end.ID || begin.ID == 0 || second.ID == begin.ID {
		t.Errorf("phases %v %v, ids %d %d, next id %d", begin.Phase, end.Phase, begin.ID, end.ID, second.ID)
	}
	if begin.N != 0 || end.N != 9 || end.Args != "1024" {
		t.Errorf("begin %+v, end %+v", begin, end)
	}
	if begin.At < before || end.At < begin.At || end.At > Now() {
		t.Errorf("times are out of order: %d %d %d", before, begin.At, end.At)
	}
	Observer(nil).End(Observer(nil).Begin(Call{})) // no observer: nobody is called
}
