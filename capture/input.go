package capture

import (
	"errors"
	"io"
)

// windowSize is the bytes asked for in one read: large enough that reading
// costs little beside the packets, small enough to stay in a core's cache.
const windowSize = 256 << 10

// input is a window that moves along a stream. What peek returns lies in the
// window itself and is valid until the next call of peek or skip.
type input struct {
	r        io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] has been read and not taken
	base     int64 // bytes of the stream before buf[0]
	err      error // what ended the stream; io.EOF where it simply ends
}

// offset is the bytes taken so far.
func (in *input) offset() int64 { return in.base + int64(in.pos) }

// peek returns the next n bytes without taking them; fewer where the stream
// ends before.
func (in *input) peek(n int) []byte {
	if in.end-in.pos < n {
		in.fill(n)
		n = min(n, in.end-in.pos)
	}
	return in.buf[in.pos : in.pos+n]
}

// take moves past n bytes that peek has shown.
func (in *input) take(n int) { in.pos += n }

// skip moves past n bytes without keeping them and reports how many there were.
func (in *input) skip(n int64) int64 {
	left := n
	for left > 0 {
		have := int64(len(in.peek(int(min(left, windowSize)))))
		if have == 0 {
			break
		}
		in.take(int(have))
		left -= have
	}
	return n - left
}

// fill reads until n bytes are there or the stream ends. The window grows only
// once it is full, so a length that the stream does not hold costs no memory.
func (in *input) fill(n int) {
	in.base += int64(in.pos)
	in.end = copy(in.buf, in.buf[in.pos:in.end])
	in.pos = 0
	for idle := 0; in.end < n && in.err == nil; {
		if in.end == len(in.buf) {
			grown := make([]byte, max(windowSize, 2*len(in.buf)))
			copy(grown, in.buf[:in.end])
			in.buf = grown
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
