package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// cast records the story as a terminal shows it, for asciinema to play (asciicast
// version 2): a line with the terminal's size, then a line a moment, with its time.
type cast struct {
	*story
	tape tape
}

// Cast opens a recording of the story.
func Cast(_ *view.View, w io.Writer, o present.Options) present.Presenter {
	o.Color, o.ASCII = true, false
	c := &cast{tape: tape{w: w, width: widthOf(o), pace: o.Pace}}
	c.story = newStory(&c.tape, o)
	return c
}

// Section implements Presenter.
func (c *cast) Section(title string) error {
	return errors.New(title + ": a recording has no sections")
}

// Moment implements Presenter.
func (c *cast) Moment(m timeline.Moment) error {
	if c.Shows(m) {
		c.tape.wind(m.At)
	}
	return c.story.Moment(m)
}

// Close implements Presenter.
func (c *cast) Close() error {
	if err := c.story.Close(); err != nil {
		return err
	}
	_, err := c.tape.Write(nil)
	return err
}

// tape writes what a terminal is given, each with the time that it is given at.
type tape struct {
	w     io.Writer
	width int
	pace  time.Duration // between two moments; 0: as long as it took
	start capture.Time  // of the first moment
	at    time.Duration // of the present one since then; never back
	began bool          // there was a moment
	buf   []byte
	led   bool // the head is written
}

// tapeHeight is how many lines the terminal has.
const tapeHeight = 24

// wind goes on to the time of a moment.
func (t *tape) wind(at capture.Time) {
	switch {
	case t.pace > 0 && t.began:
		t.at += t.pace
	case t.pace > 0 || !at.Known:
	case !t.start.Known:
		t.start = at
	default:
		if s := at.Since(t.start); s.Sec >= 0 && s.Sec < math.MaxInt64/int64(time.Second)-1 {
			t.at = max(t.at, time.Duration(s.Sec)*time.Second+time.Duration(s.Nsec))
		}
	}
	t.began = true
}

// head is the first line.
func (t *tape) head(dst []byte) []byte {
	dst = decimal.AppendInt(append(dst, `{"version":2,"width":`...), int64(t.width))
	dst = decimal.AppendInt(append(dst, `,"height":`...), tapeHeight)
	return append(dst, ",\"title\":\"handshake-lab\",\"env\":{\"TERM\":\"xterm-256color\"}}\n"...)
}

// Write implements io.Writer.
func (t *tape) Write(p []byte) (int, error) {
	t.buf = t.buf[:0]
	if !t.led {
		t.led = true
		t.buf = t.head(t.buf)
	}
	if len(p) > 0 {
		text, err := json.Marshal(string(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))))
		if err != nil {
			return 0, err
		}
		t.buf = append(decimal.AppendInt(append(t.buf, '['), int64(t.at/time.Second)), '.')
		t.buf = decimal.AppendNine(t.buf, uint32(t.at%time.Second))
		t.buf = append(t.buf[:len(t.buf)-3], `,"o",`...)
		t.buf = append(append(t.buf, text...), "]\n"...)
	}
	if len(t.buf) == 0 {
		return 0, nil
	}
	_, err := t.w.Write(t.buf)
	return len(p), err
}
