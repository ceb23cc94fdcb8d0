package client

import (
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// greetingServer is what our server answers to a name that arrives in the
// given reads.
func greetingServer(reads ...string) string {
	var out []byte
	for _, read := range reads {
		name, rest := dialogue.NextName([]byte(read))
		for ; name != nil; name, rest = dialogue.NextName(rest) {
			out = append(dialogue.AppendHello(out, name), dialogue.Question...)
		}
	}
	return string(out)
}

// plainServer answers whatever one read returned as one name.
func plainServer(reads ...string) string {
	var out string
	for _, read := range reads {
		out += "Hello " + read + "!\n" + dialogue.Question
	}
	return out
}

// The reply must be complete with the last byte and not before, whatever the
// name is and however the server reads it.
func TestReplyEndsWithItsLastByte(t *testing.T) {
	long := strings.Repeat("n", dialogue.ReadSize)
	question := dialogue.Question
	for _, test := range []struct{ what, name, stream string }{
		{"a name", "Alice", "Hello Alice!\n" + question},
		{"one byte", "A", "Hello A!\n" + question},
		{"1024 bytes", long, greetingServer(long)},
		{"2049 bytes in three reads", long + long + "x", greetingServer(long, long, "x")},
		{"a name cut by the network", "Alice", greetingServer("Al", "ice")},
		{"binary", "\x00\xff\x80", "Hello \x00\xff\x80!\n" + question},
		{"UTF-8 cut within a character", "Jürgen", greetingServer("J\xc3", "\xbcrgen")},
		{"the question as a name", question, greetingServer(question)},
		{"the question within a name", "A" + question + "B", greetingServer("A" + question + "B")},
		{"an answer as a name", "Hello A!\n" + question, greetingServer("Hello A!\n" + question)},
		{"the same to a plain server", "Hello A!\n" + question, plainServer("Hello A!\n" + question)},
		{"the end of an answer as a name", "!\n" + question, greetingServer("!\n" + question)},
		{"the same to a plain server", "!\n" + question, plainServer("!\n" + question)},
		{"an answer that seems to end early", "A!\n" + question + "Hello A", plainServer("A!\n" + question + "Hello A")},
		{"exclamation marks", "!!!", greetingServer("!!!")},
		{"two lines", "Alice\nBob", greetingServer("Alice\nBob")},
		{"two lines to a plain server", "Alice\nBob", plainServer("Alice\nBob")},
		{"two lines, asked once a read", "Alice\nBob", "Hello Alice!\nHello Bob!\n" + question},
		{"lines with CR LF", "\r\nAlice\r\n\r\nBob\r\n", greetingServer("\r\nAlice\r\n\r\nBob\r\n")},
		{"a line end at the end", "Alice\n", greetingServer("Alice\n")},
		{"a line end kept", "Alice\n", plainServer("Alice\n")},
		{"blanks", "  Alice  ", greetingServer("  Alice  ")},
		{"blanks trimmed", "  Alice  ", "Hello Alice!\n" + question},
		{"only blanks", "  ", greetingServer("  ")},
		{"a blank as byte 1025", long + " ", greetingServer(long, " ")},
		{"good bye as a name", dialogue.GoodBye, greetingServer(dialogue.GoodBye)},
	} {
		var r reply
		r.expectAnswer([]byte(test.name))
		for i := range test.stream {
			complete, last := r.feed(test.stream[i]), i == len(test.stream)-1
			if r.lost() && !last {
				t.Errorf("%s: %.60q is not understood at byte %d", test.what, test.stream, i)
				break
			}
			if complete != last {
				t.Errorf("%s: complete %t at byte %d of %d of %.60q", test.what, complete, i+1, len(test.stream), test.stream)
				break
			}
		}
	}
}

func TestWelcome(t *testing.T) {
	var r reply
	r.expectWelcome()
	stream := dialogue.Welcome + dialogue.Question
	for i := range stream {
		if complete := r.feed(stream[i]); complete != (i == len(stream)-1) {
			t.Fatalf("complete %t at byte %d", complete, i)
		}
	}
}

func TestAServerWithWordsOfItsOwn(t *testing.T) {
	var r reply
	r.expectAnswer([]byte("Alice"))
	for _, b := range []byte("Hello ALICE!\n" + dialogue.Question) {
		if r.feed(b) {
			t.Fatal("complete, although the name did not come back")
		}
	}
	if !r.lost() {
		t.Error("not lost, although the name did not come back")
	}
}

// A name made up to be read in very many ways costs a bounded amount of work.
func TestManyReadersAreBounded(t *testing.T) {
	var r reply
	r.expectAnswer([]byte(strings.Repeat("!\n", 5000) + "x"))
	for range 5000 {
		r.feed('!')
		r.feed('\n')
		if len(r.readers) > mostReaders {
			t.Fatalf("%d readers", len(r.readers))
		}
	}
}
