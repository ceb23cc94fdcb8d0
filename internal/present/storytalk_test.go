package present

import (
	"bytes"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// What belongs to no conversation has no client's name, whatever was shown
// before; a quote has that of its conversation.
func TestWhose(t *testing.T) {
	first := recorded(t)[0]
	var out bytes.Buffer
	s := newStory(&out, Options{Clients: 2})
	shown := func(m timeline.Moment) string {
		out.Reset()
		m.At, m.Frame = first.At, 2
		s.Moment(m)
		return out.String()
	}
	s.Moment(another(first, 0))
	s.Moment(another(first, 1))
	if text := shown(timeline.Moment{Kind: timeline.Undecoded}); strings.Contains(text, "C") {
		t.Errorf("a frame that was not decoded:\n%s", text)
	}
	quote := timeline.Moment{Kind: timeline.Quote, Quote: &decode.Quote{Version: 4}, Conversation: another(first, 0).Event.Conversation}
	if text := shown(quote); !strings.HasPrefix(text, "   0.000   2 C1 ") {
		t.Errorf("a quote:\n%s", text)
	}
	if text := shown(timeline.Moment{Kind: timeline.Quote, Quote: quote.Quote}); strings.Contains(text, "C1") {
		t.Errorf("a quote of no conversation:\n%s", text)
	}
}

// A conversation whose end was told is told of anew where it goes on.
func TestBehindTheEnd(t *testing.T) {
	var out bytes.Buffer
	s := newStory(&out, Options{})
	for _, m := range recorded(t) {
		s.Moment(m)
	}
	late := recorded(t)[1]
	s.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: late.Event.Conversation})
	out.Reset()
	s.Moment(late)
	if !strings.HasPrefix(out.String(), "── C1  client ") {
		t.Errorf("it is told of as\n%s", &out)
	}
}
