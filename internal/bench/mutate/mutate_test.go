package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// A few of the cases that make hostile runs, from the project's own captures.
func TestMutatedCaptures(t *testing.T) {
	captures, err := load([]string{"../../../testdata"})
	if err != nil {
		t.Fatal(err)
	}
	var d driver
	for seed := range uint64(300) {
		c := newCase(seed, captures)
		if err := d.within(c); err != nil {
			t.Errorf("seed %d, %s, %s %s: %v", seed, c.story, c.view, c.format, err)
		}
	}
	if d.segments.Load() < 300 {
		t.Errorf("%d segments read: the captures are damaged beyond use", d.segments.Load())
	}
}

func TestCasesRepeat(t *testing.T) {
	captures, err := load([]string{"../../../testdata"})
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := newCase(7, captures), newCase(7, captures), newCase(8, captures)
	if !bytes.Equal(a.data, b.data) || a.story != b.story || a.view != b.view {
		t.Error("the same seed makes two cases")
	}
	if bytes.Equal(a.data, c.data) {
		t.Error("two seeds make one case")
	}
}

// nasty are bytes that must not reach a terminal, a table or a parser as they
// are: escape sequences, controls of both kinds, marks that turn the direction
// of writing, invalid UTF-8, and what spreadsheets and JSON take for their own.
const nasty = "=\x1b[31mred\x1b]0;title\a\x00\b\r\n\t\x7f\u009b31m\u0085\u202e\u2066\u200b\u2028\ufeff\xff\xc3\"',;|<b>`$\\"

// escapes is a capture with nasty bytes wherever a capture can hold text.
func escapes() []byte {
	var b bytes.Buffer
	w := &writer{Writer: bufio.NewWriter(&b)}
	w.pcapng()
	w.block(1, idb(nasty))
	said := func(client bool, flags byte, seq, ack uint32, text string) {
		packet := append(tcp(1, client, flags, seq, ack, len(text)), text...)
		option := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, 1), uint16(len(nasty)))
		option = append(append(option, nasty...), make([]byte, 8-len(nasty)%4)...)
		w.block(6, append(epb(packet), option...))
	}
	said(true, 2, 99, 0, "")
	said(false, 18, 199, 100, "")
	said(true, 24, 100, 200, nasty)
	said(false, 24, 200, 100+uint32(len(nasty)), strings.Repeat(nasty, 20))
	said(false, 17, 200+20*uint32(len(nasty)), 100+uint32(len(nasty)), "")
	w.block(6, epb(icmp(1)))
	w.block(6, epb([]byte(nasty)))
	w.Flush()
	return b.Bytes()
}

// Whatever text a capture holds, in every view and format it is shown as text.
func TestEscapesAreVisible(t *testing.T) {
	data := escapes()
	for _, v := range view.Views {
		for _, name := range format.Of(&v) {
			for _, ascii := range []bool{false, true} {
				var d driver
				c := &trial{data: data, view: v.Name, format: name, width: 120, ascii: ascii}
				if err := d.within(c); err != nil {
					t.Errorf("%s %s, ascii %t: %v", v.Name, name, ascii, err)
				}
				if d.segments.Load() != 5 {
					t.Fatalf("%d segments read, want 5", d.segments.Load())
				}
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		format, out, want string
		ascii             bool
	}{
		{"text", "fine\n", "", false},
		{"text", "\x1b[1mbold\x1b[0m\n", "a control character", false},
		{"text", "bell \u009b\n", "a control character", false},
		{"text", "turned \u202e\n", "an invisible character", false},
		{"text", "bad \xff\n", "invalid UTF-8", false},
		{"text", "│\n", "more than ASCII", true},
		{"text", "no end", "has no end", false},
		{"ndjson", "{\"a\":1}\n{}\n", "", false},
		{"ndjson", "{\"a\":01}\n", "line 1 is no JSON object", false},
		{"ndjson", "{}\n\n", "line 2 is no JSON object", false},
		{"csv", "a,b\n1,-2\n", "", false},
		{"csv", "a,b\n1\n", "wrong number of fields", false},
		{"csv", "a,b\n1,=2\n", "formula", false},
		{"csv", "a,b\n1,-x\n", "formula", false},
	} {
		err := check(c.format, c.ascii, []byte(c.out))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %q: %v, want %q", c.format, c.out, err, c.want)
		}
	}
}
