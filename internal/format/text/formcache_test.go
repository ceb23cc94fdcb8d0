package text

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format/scene"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// A segment looks the same whether the story has a form for it or not: of
// several clients, and with every single thing changed that its lines depend on.
func TestForms(t *testing.T) {
	changes := []func(e *conversation.Event){
		func(*conversation.Event) {},
		func(e *conversation.Event) { e.From = e.From.Other() },
		func(e *conversation.Event) { e.Segment.PayloadLen++ },
		func(e *conversation.Event) { e.Segment.PayloadLen += 1 << 20 },
		func(e *conversation.Event) { e.Segment.Payload = nil },
		func(e *conversation.Event) { e.Segment.Payload = []byte("\x1b é 山 " + strings.Repeat("long ", 40)) },
		func(e *conversation.Event) { e.Segment.Payload = bytes.Repeat([]byte("山"), len(e.Segment.Payload)/3) },
		func(e *conversation.Event) { e.Segment.Excerpt = true },
		func(e *conversation.Event) { e.Segment.HeaderLen += 4 },
		func(e *conversation.Event) { e.Segment.Header = e.Segment.Header[:8] },
		func(e *conversation.Event) { e.Segment.Number += 20 },
		func(e *conversation.Event) { e.Segment.Seq, e.Segment.Ack = 0, 7 },
		func(e *conversation.Event) { e.SeqRule.Bytes, e.AckRule.Bytes = 1<<40, 1<<40 },
		func(e *conversation.Event) { e.SeqRule.Bytes = 1 << 40 },
		func(e *conversation.Event) { e.SeqRule, e.AckRule = e.AckRule, e.SeqRule },
		func(e *conversation.Event) { e.SeqRule, e.AckRule = conversation.Rule{}, conversation.Rule{} },
		func(e *conversation.Event) { e.Step = conversation.StepSYN },
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
	for _, m := range scene.Recorded(t) {
		for _, change := range changes {
			for stream := range 3 {
				if m.Kind == timeline.Segment {
					again := ofClient(m, 1+64*stream)
					change(again.Event)
					moments = append(moments, again)
				}
			}
		}
	}
	for stream := range 13 { // so that there are names of several lengths and colours
		moments = append(moments, ofClient(moments[0], 1+stream))
	}
	slices.Reverse(moments)
	late := moments[0] // a time that takes more room
	for _, ms := range []time.Duration{9, 10_000, 10_000_000, 1 << 40} {
		again := ofClient(late, 1)
		again.At = capture.At(again.At.UnixNano() + int64(ms*time.Millisecond))
		moments = append(moments, again)
	}
	moments = append(moments, ofClient(late, 64*1_000_003+1)) // with a long name
	for _, m := range moments[:len(moments):len(moments)] {   // with another ladder
		again := ofClient(m, m.Client)
		again.Event.Segment.Number += 1_000_000_000
		moments = append(moments, again)
	}
	for _, o := range []present.Options{{Width: 80}, {Width: 80, Color: true}, {Width: 40}, {Width: 24, Color: true}, {Width: 60, ASCII: true}, {Width: 140, Color: true}} {
		var kept, forgot bytes.Buffer
		remembers, forgets := newStory(&kept, o), newStory(&forgot, o)
		for i, m := range moments {
			forgets.forms.forget()
			*forgets.names = clientNames{}
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

// ofClient is a segment of another client, in a conversation of its own.
func ofClient(m timeline.Moment, client int) timeline.Moment {
	m = scene.Another(m, client-1)
	m.Client = client
	m.Event.Conversation.Ends[conversation.Client].Port = uint16(client)
	return m
}

// Data begin behind the header, whatever options that has; an excerpt, which has
// no length of its own, is as long as what was captured.
func TestDataBits(t *testing.T) {
	for _, m := range scene.Recorded(t) {
		if m.Kind != timeline.Segment || len(m.Event.Segment.Payload) == 0 {
			continue
		}
		seg := m.Event.Segment
		seg.HeaderLen, seg.PayloadLen, seg.Excerpt = 44, 0, true
		var out bytes.Buffer
		newStory(&out, present.Options{}).Moment(m)
		if want := fmt.Sprintf(" data  352-%d ", 352+8*len(seg.Payload)-1); !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
		return
	}
	t.Error("no segment has data")
}

// What was drawn for one client is a form for the next, whatever the numbers: no
// two forms of a dialogue take turns in one place.
func TestFormsAreUsed(t *testing.T) {
	for _, o := range []present.Options{{Width: 80}, {Width: 80, Color: true}, {Width: 60}, {Width: 140}} {
		o.Clients = func() int { return 2 }
		s := newStory(io.Discard, o)
		for stream := range 9 {
			drawn := s.forms.drawn
			for _, m := range scene.Recorded(t) {
				if m.Kind != timeline.Segment {
					continue
				}
				m = ofClient(m, 1+stream)
				if e := m.Event; e.Step != conversation.StepSYN {
					e.Segment.Seq += uint32(stream) << 20
				}
				s.Moment(m)
			}
			// The names of clients have two lengths in colour.
			if now := s.forms.drawn; now == 0 || stream > 2 && now != drawn {
				t.Errorf("%+v: %d forms were drawn for client %d", o, now-drawn, stream+1)
			}
		}
	}
}

// The head stands where it belongs even above nothing.
func TestHeadOfNothing(t *testing.T) {
	var full, empty bytes.Buffer
	m := scene.Recorded(t)[0]
	p := MarkdownStory(nil, &full, present.Options{})
	p.Moment(m)
	MarkdownStory(nil, &empty, present.Options{}).Close()
	want, _, _ := bytes.Cut(full.Bytes(), []byte(" server\n"))
	if !bytes.HasPrefix(empty.Bytes(), append(want, " server\n```\n"...)) {
		t.Errorf("%q, want the head of\n%s", empty.Bytes(), &full)
	}
}
