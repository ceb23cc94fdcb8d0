package capture

import (
	"errors"
	"io"
)

// windowSize is the bytes asked for in one read: large enough that reading
// costs little beside the packets, small enough to stay in a core's cache.
const windowSize = 128 << 10

// input is a window that moves along a stream. What peek returns lies in the
// window itself and is valid until the next call of peek or skip.
type input struct {
	r        io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] has been read and not taken
	base     int64 // bytes of the stream before buf[0]
	err      error // what ended the stream; io.EOF where it simply ends
	slow     bool  // what comes next may be long in coming: a pipe
}

// offset is the bytes taken so far.
func (in *input) offset() int64 { return in.base + int64(in.pos) }

// peek returns the next n bytes without taking them; fewer where the stream
// ends before.
func (in *input) peek(n int) []byte {
	all := in.all(n)
	return all[:min(n, len(all))]
}

// all returns what has been read and not taken, at least n bytes; fewer where
// the stream ends before.
func (in *input) all(n int) []byte {
	if in.end-in.pos < n {
		in.fill(n)
	}
	return in.buf[in.pos:in.end]
}

// ahead is all for looking further than what is needed now. Where the stream
// is slow it returns what is there; ended reports whether no more will come.
func (in *input) ahead(n int) (b []byte, ended bool) {
	if in.slow {
		n = 0
	}
	return in.all(n), in.err != nil
}

// take moves past n bytes that peek has shown.
func (in *input) take(n int) { in.pos += n }

// skip moves past n bytes without keeping them and reports how many there were.
// What is skipped is read over again, so that it takes no more than a window.
func (in *input) skip(n int64) int64 {
	left := n
	for left > 0 {
		all := int64(len(in.all(int(min(left, windowSize)))))
		switch {
		case all == 0:
			return n - left
		case all > left:
			in.take(int(left))
			return n
		}
		in.end = in.pos
		in.base += all
		left -= all
	}
	return n
}

// fill reads until n bytes are there or the stream ends. The window grows only
// once it is full, so a length that the stream does not hold costs no memory.
func (in *input) fill(n int) {
	if in.err == nil && in.pos+n > len(in.buf) {
		in.move(windowSize)
	}
	for idle := 0; in.end-in.pos < n && in.err == nil; {
		if in.end == len(in.buf) {
			in.move(2 * len(in.buf))
		}
		got, err := in.r.Read(in.buf[in.end:])
		in.end += got
		in.err = err
		if idle++; got > 0 {
			idle = 0
		} else if idle == 100 && err == nil {
			in.err = io.ErrNoProgress
		}
	}
}

// move makes a window of at least so many bytes begin with what has not been
// taken yet.
func (in *input) move(least int) {
	to := in.buf
	if len(to) < least {
		to = make([]byte, least)
	}
	in.end = copy(to, in.buf[in.pos:in.end])
	in.base += int64(in.pos)
	in.buf, in.pos = to, 0
}

// Read makes the input a reader again, for the decompressors.
func (in *input) Read(p []byte) (int, error) {
	head := in.peek(1)
	if len(head) == 0 {
		return 0, in.err
	}
	n := copy(p, in.buf[in.pos:in.end])
	in.take(n)
	return n, nil
}

// readError is the error that ended the stream, nil where it was its plain end.
func (in *input) readError() error {
	if in.err == nil || errors.Is(in.err, io.EOF) {
		return nil
	}
	return in.err
}
