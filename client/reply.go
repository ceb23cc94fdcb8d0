package client

import (
	"bytes"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// A reply finds the end of the server's answer to what was sent, in a stream
// that may be cut and joined anywhere.
//
// Looking for the question alone would not do, as a name may contain it. But
// the client knows the name, so it knows what must come back: one answer or
// several,
//
//	Hello PIECE!\nWhat's your name?
//
// whose pieces, one after another, are the name. Where the server cuts is up
// to it: at line ends, which may then be missing, and wherever one of its
// reads ended. So the reply follows every way of reading the stream at the
// same time, byte by byte, and is complete when on one of them the whole name
// has come back and the question stands behind it.
//
// A server with words of its own fits none of them. Then the reply is
// complete when what has been received ends with the question.
type reply struct {
	sent    []byte
	readers []reader // ways to read the stream so far; none left: unknown words
	next    []reader
}

// reader is one way to read the stream: where in the answer it stands, and how
// much of the name it has seen.
type reader struct {
	part part
	at   int // bytes of the part's words seen
	name int // bytes of the name seen
}

type part uint8

// The parts of an answer.
const (
	opening  part = iota // "Welcome!\nWhat's your name?"
	hello                // "Hello "
	piece                // some of the name
	bang                 // "!\n"
	question             // "What's your name?"
)

var words = [...]string{opening: dialogue.Welcome + dialogue.Question, hello: "Hello ", bang: "!\n",
	question: dialogue.Question}

// mostReaders bounds the work for a name made up to be read in many ways.
const mostReaders = 1024

// expectWelcome begins the wait for the welcome and the first question.
func (r *reply) expectWelcome() {
	r.sent = nil
	r.readers = append(r.readers[:0], reader{part: opening})
}

// expectAnswer begins the wait for the answer to a name.
func (r *reply) expectAnswer(name []byte) {
	r.sent = name
	r.readers = append(r.readers[:0], reader{part: hello})
}

// feed takes one byte and reports whether the reply is complete with it.
func (r *reply) feed(b byte) (complete bool) {
	r.next = r.next[:0]
	for _, reader := range r.readers {
		complete = r.step(reader, b) || complete
	}
	if len(r.next) > mostReaders {
		r.next = r.next[:0]
	}
	r.readers, r.next = r.next, r.readers
	return complete
}

// lost reports whether the server uses words of its own.
func (r *reply) lost() bool { return len(r.readers) == 0 }

// step moves one reader on by a byte, to wherever it can stand then.
func (r *reply) step(at reader, b byte) (complete bool) {
	if at.part == piece {
		for i := at.name; i < len(r.sent); i++ {
			if r.sent[i] == b {
				r.add(reader{part: piece, name: i + 1})
			}
			if !r.optional(r.sent[i]) {
				break
			}
		}
		at.part, at.at = bang, 0
	}
	word := words[at.part]
	if b != word[at.at] {
		return false
	}
	at.at++
	if at.at < len(word) {
		r.add(at)
		return false
	}
	switch at.part {
	case opening:
		return true
	case hello:
		r.add(reader{part: piece, name: at.name})
	case bang: // a server may ask again after every piece, or after the last
		r.add(reader{part: question, name: at.name})
		r.add(reader{part: hello, name: at.name})
	case question:
		r.add(reader{part: hello, name: at.name})
		return r.whole(at.name)
	}
	return false
}

func (r *reply) add(at reader) {
	for _, known := range r.next {
		if known == at {
			return
		}
	}
	r.next = append(r.next, at)
}

// whole reports whether nothing is left of the name from byte i on.
func (r *reply) whole(i int) bool {
	for ; i < len(r.sent); i++ {
		if !r.optional(r.sent[i]) {
			return false
		}
	}
	return true
}

// optional reports whether the server may leave b out of its answer: a line
// end, or a blank that it trims. A name longer than one read keeps its blanks,
// as one of them may be all that the server's last read returns.
func (r *reply) optional(b byte) bool {
	switch b {
	case '\r', '\n':
		return true
	case ' ', '\t', '\v', '\f':
		return len(r.sent) <= dialogue.ReadSize
	}
	return false
}

// endsWithQuestion is the rule for servers with words of their own.
func endsWithQuestion(received []byte) bool {
	return bytes.HasSuffix(received, []byte(dialogue.Question))
}
