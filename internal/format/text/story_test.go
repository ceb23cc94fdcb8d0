package text

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// What belongs to no conversation has no client's name, whatever was shown
// before; a quote has that of its conversation.
func TestWhose(t *testing.T) {
	first := scene.Recorded(t)[0]
	var out bytes.Buffer
	s := newStory(&out, present.Options{Clients: func() int { return 2 }})
	shown := func(m timeline.Moment) string {
		out.Reset()
		m.At, m.Frame = first.At, 2
		s.Moment(m)
		return out.String()
	}
	s.Moment(scene.Another(first, 0))
	s.Moment(scene.Another(first, 1))
	if text := shown(timeline.Moment{Kind: timeline.Undecoded}); strings.Contains(text, "C") {
		t.Errorf("a frame that was not decoded:\n%s", text)
	}
	quote := timeline.Moment{Kind: timeline.Quote, Quote: &decode.Quote{Version: 4}, Conversation: scene.Another(first, 0).Event.Conversation}
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
	s := newStory(&out, present.Options{})
	for _, m := range scene.Recorded(t) {
		s.Moment(m)
	}
	late := scene.Recorded(t)[1]
	s.Moment(timeline.Moment{Kind: timeline.Ended, Conversation: late.Event.Conversation})
	out.Reset()
	s.Moment(late)
	if !strings.HasPrefix(out.String(), "── C1 (stream 0)  client ") {
		t.Errorf("it is told of as\n%s", &out)
	}
}

// However little room a narrow page and many clients leave, the story goes on.
func TestNarrowStoryOfManyClients(t *testing.T) {
	for _, last := range []int{1, 1000, 100_000_000, math.MaxInt - 1} {
		for _, ascii := range []bool{false, true} {
			var out strings.Builder
			s := newStory(&out, present.Options{Width: 1, ASCII: ascii})
			s.Moment(timeline.Moment{Kind: timeline.Call, Call: &dialogue.Call{Name: "connect"}, Client: last})
			scene.Tell(t, s, scene.Greeting(100, 42101, 0))
			if !strings.Contains(out.String(), "stream") && !strings.Contains(out.String(), "C") {
				t.Errorf("after %d clients: %q", last, out.String())
			}
		}
	}
}

// Where a longer frame number moves the columns their heads are written again.
func TestHeadsOfWiderColumns(t *testing.T) {
	for _, width := range []int{50, 80, 100, 140} {
		var out strings.Builder
		s := newStory(&out, present.Options{Width: width})
		recorded := scene.Recorded(t)
		s.Moment(recorded[0])
		before := strings.Count(out.String(), "client   ")
		late := recorded[1]
		event, segment := *late.Event, *late.Event.Segment
		segment.Number, event.Segment = 1000, &segment
		late.Event = &event
		s.Moment(late)
		if heads := strings.Count(out.String(), "client   "); heads != before+1 {
			t.Errorf("%d columns: %d heads, before %d\n%s", width, heads, before, &out)
		}
	}
}

// What is shown stands under its title, where there is any.
func TestSections(t *testing.T) {
	for _, open := range []func(*view.View, io.Writer, present.Options) present.Presenter{Table, Markdown} {
		for _, name := range []string{"segments", "conversations"} {
			var out bytes.Buffer
			p := open(view.Named(name), &out, present.Options{})
			p.Section("The title")
			scene.One(t, p)
			if text := out.String(); !strings.HasPrefix(text, "\n━━ The title ━━━") && !strings.HasPrefix(text, "\n## The title\n\n") {
				t.Errorf("%s begins with %.40q", name, text)
			}
			out.Reset()
			p = open(view.Named(name), &out, present.Options{})
			p.Section("The title")
			if p.Close(); out.Len() > 0 {
				t.Errorf("nothing of %s is %q", name, &out)
			}
		}
	}
}
