package tui

import (
	"bytes"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// entry is a moment as it is told, and drawn at the present width.
type entry struct {
	moment   timeline.Moment
	lines    []string // of the ladder
	title    words
	sentence string // of a segment; "" for none
	states   []words
	remarks  []words
}

// words are text of a tone, made visible.
type words struct {
	tone view.Tone
	text string
	bits bool // digits or letters of bits, of which those that are set stand out
}

// event is that of the segment that an entry is about; nil for none.
func (e *entry) event() *conversation.Event {
	if e.moment.Kind == timeline.Segment || e.moment.Kind == timeline.Arrival {
		return e.moment.Event
	}
	return nil
}

// frame is the number of the frame that it is about; 0 for none.
func (e *entry) frame() int {
	if event := e.event(); event != nil {
		return event.Segment.Number
	}
	return e.moment.Frame
}

// artist tells moments and draws them on the ladder, one after another.
type artist struct {
	teller *view.Teller
	story  present.Presenter
	page   bytes.Buffer
	head   string // above the ladder
	set    visible.Charset
}

func newArtist(o present.Options, width int) *artist {
	a := &artist{teller: view.NewTeller(o.Clients).In(o.Manner), set: visible.Screen}
	if o.ASCII {
		a.set = visible.ASCII
	}
	o.Width = min(width, maxLadder)
	a.story = text.Story(nil, &a.page, o)
	return a
}

// maxLadder is how wide the ladder is at most: from 120 columns on it would say
// beside itself what stands below it here.
const maxLadder = 110

// draw makes the entry of a moment; false where there is nothing to tell.
func (a *artist) draw(m timeline.Moment) (e entry, ok bool) {
	told := a.teller.Tell(&m)
	if told == nil {
		return entry{}, false
	}
	e.moment = m
	title, tone := told.AppendTitle(nil)
	e.title = a.say(tone, title)
	if e.event() != nil {
		e.sentence = a.say(view.Plain, told.AppendSentence(nil)).text
		for _, side := range []conversation.Side{conversation.Client, conversation.Server} {
			state, tone := told.AppendState(nil, side)
			e.states = append(e.states, a.say(tone, append([]byte(side.String()+" "), state...)))
		}
	}
	for tone, text := range told.Remarks() {
		e.remarks = append(e.remarks, a.say(tone, text))
	}
	if a.head == "" { // a moment without a word makes it draw what stands above all
		_ = a.story.Moment(timeline.Moment{Kind: timeline.Note})
		a.head, _, _ = strings.Cut(a.page.String(), "\n")
	}
	a.page.Reset()
	_ = a.story.Moment(m) // a buffer takes all
	e.lines = strings.Split(strings.TrimRight(a.page.String(), "\n"), "\n")
	return e, true
}

func (a *artist) say(tone view.Tone, text []byte) words {
	return words{tone: tone, text: string(visible.Append(nil, text, a.set))}
}
