package present_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// heard keeps the texts of notes.
type heard struct{ texts []string }

func (h *heard) Moment(m timeline.Moment) error {
	h.texts = append(h.texts, m.Text)
	return nil
}
func (h *heard) Section(string) error { return nil }
func (h *heard) Close() error         { return nil }

func TestSilences(t *testing.T) {
	var h heard
	p := present.Silences(&h, 2*time.Second)
	at := func(seconds float64) capture.Time { return capture.At(1_700_000_000_000_000_000 + int64(seconds*1e9)) }
	for _, m := range []timeline.Moment{
		{Kind: timeline.Note, Text: "a", At: at(0)},
		{Kind: timeline.Note, Text: "b", At: at(2)},
		{Kind: timeline.Note, Text: "no time"},
		{Kind: timeline.Ended, Text: "ended", At: at(30)}, // told later than it was
		{Kind: timeline.Note, Text: "c", At: at(60.3)},
		{Kind: timeline.Note, Text: "back", At: at(40)},
		{Kind: timeline.Note, Text: "d", At: at(62)},
		{Kind: timeline.Note, Text: "e", At: at(262)},
		{Kind: timeline.Note, Text: "f", At: at(262 + 7500)},
	} {
		if err := p.Moment(m); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"a", "b", "no time", "ended", "… 58.3 s of silence …", "c", "back", "d", "… 3 min 20 s of silence …", "e", "… 2 h 5 min of silence …", "f"}
	if !reflect.DeepEqual(h.texts, want) {
		t.Errorf("%q, want %q", h.texts, want)
	}
}
