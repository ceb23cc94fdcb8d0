package present

import (
	"bytes"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A moment looks the same whether the story remembers parts of those before it
// or not: of several clients, and with every single thing changed that a part
// depends on.
func TestParts(t *testing.T) {
	changes := []func(e *conversation.Event){
		func(*conversation.Event) {},
		func(e *conversation.Event) { e.From = e.From.Other() },
		func(e *conversation.Event) { e.Segment.PayloadLen++ },
		func(e *conversation.Event) { e.Segment.PayloadLen += 1 << 20 },
		func(e *conversation.Event) { e.Segment.Excerpt = true },
		func(e *conversation.Event) { e.Segment.HeaderLen += 4 },
		func(e *conversation.Event) { e.Analysis = conversation.Retransmission },
		func(e *conversation.Event) { e.Analysis = conversation.WindowUpdate },
		func(e *conversation.Event) { e.After[conversation.Client] = conversation.TimeWait },
		func(e *conversation.Event) { e.After[conversation.Server] = conversation.LastAck },
		func(e *conversation.Event) { e.After = [2]conversation.State{} },
	}
	for bit := range 12 {
		changes = append(changes, func(e *conversation.Event) { e.Segment.Flags ^= decode.Flags(1 << bit) })
	}
	var moments []timeline.Moment
	for _, m := range recorded(t) {
		for stream := range 3 {
			for _, change := range changes {
				if m.Kind == timeline.Segment {
					again := another(m, stream)
					change(again.Event)
					moments = append(moments, again)
				}
			}
		}
	}
	for _, m := range moments[:len(moments):len(moments)] { // with another ladder
		again := another(m, m.Event.Conversation.Stream)
		again.Event.Segment.Number += 1000
		moments = append(moments, again)
	}
	for _, o := range []Options{{Width: 80}, {Width: 80, Color: true}, {Width: 40}, {Width: 60, ASCII: true}, {Width: 140, Color: true}} {
		var kept, forgot bytes.Buffer
		remembers, forgets := newStory(&kept, o), newStory(&forgot, o)
		for i, m := range moments {
			*forgets.parts = parts{}
			remembers.Moment(m)
			forgets.Moment(m)
			if !bytes.Equal(kept.Bytes(), forgot.Bytes()) {
				t.Fatalf("%+v, moment %d is\n%s\nwith nothing remembered\n%s", o, i, &kept, &forgot)
			}
			kept.Reset()
			forgot.Reset()
		}
	}
}

// The head stands where it belongs even above nothing.
func TestHeadOfNothing(t *testing.T) {
	var full, empty bytes.Buffer
	m := recorded(t)[0]
	p := openStoryMarkdown(nil, &full, Options{})
	p.Moment(m)
	openStoryMarkdown(nil, &empty, Options{}).Close()
	want, _, _ := bytes.Cut(full.Bytes(), []byte(" server\n"))
	if !bytes.HasPrefix(empty.Bytes(), append(want, " server\n```\n"...)) {
		t.Errorf("%q, want the head of\n%s", empty.Bytes(), &full)
	}
}
