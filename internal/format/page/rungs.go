package page

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// A rung is an entry of the story as it is kept until the picture is drawn. Its texts
// may be captured, and are as they came.
type rung struct {
	kind     timeline.Kind
	frame    int
	since    string // when, in milliseconds
	pause    string // how long nothing had happened, where that is remarkable
	timed    bool
	client   int           // number of the client; 0 for none
	opens    *opening      // with it a connection begins
	before   [2]string     // the states before anything happened between the ends
	states   [2]string     // the new ones, client first
	from     dialogue.Role // who calls
	sender   conversation.Side
	title    string
	tone     view.Tone
	sentence string
	details  []detail
	remarks  []remark
	proof    []string
	fate     view.Fate // known at the end
}

// opening is a connection that begins.
type opening struct {
	client, server string
	stream         int
	guess          bool
}

// detail is a part of a segment: its name, bits and value, and why that is so.
type detail struct {
	name, bits, value, reason string
	tone                      view.Tone
	sum                       bool
}

type remark struct {
	tone view.Tone
	text string
}

// rungs collects what a ladder shows.
type rungs struct {
	teller *view.Teller
	fates  *view.Fates
	list   []rung
	last   capture.Span // when the latest timed one was
	began  bool         // there has been such
	most   int
	over   bool // there are more than the most
	m      timeline.Moment
	buf    []byte

	endpoints bool // Options.Endpoints
}

func newRungs(o present.Options, most int) *rungs {
	return &rungs{teller: view.NewTeller(o.Clients).In(o.Manner), fates: view.NewFates(), most: most, endpoints: o.Endpoints}
}

// pauseFrom is from how long on, in milliseconds, it is said that nothing happened.
const pauseFrom = 100

// dataMost is how many bytes of data and of other captured texts are kept.
const dataMost = 1 << 10

// add takes a moment up; nil where the story has nothing to tell of it.
func (r *rungs) add(m *timeline.Moment) *rung {
	e := r.teller.Tell(m)
	if e == nil {
		return nil
	}
	if len(r.list) == r.most {
		r.over = true
		return nil
	}
	r.fates.See(e)
	r.list = append(r.list, rung{kind: e.Kind, frame: e.FrameNumber(), client: e.Client, timed: e.Timed})
	is := &r.list[len(r.list)-1]
	r.time(is, e)
	if e.Opens != nil {
		is.opens = &opening{client: e.ClientName(), server: e.ServerName(), stream: e.Event.Conversation.Stream, guess: e.IsGuess()}
	}
	is.before, is.states = statesOf(e.Before), statesOf(e.Reached)
	title, tone := e.AppendTitle(r.buf[:0])
	is.title, is.tone = keep(title), tone
	for tone, text := range e.Remarks() {
		is.remarks = append(is.remarks, remark{tone, keep(text)})
	}
	switch e.Kind {
	case timeline.Segment:
		r.segment(is, e)
	case timeline.Arrival:
		r.proof(is, e)
	case timeline.Call:
		is.from = e.Call.Role
	}
	r.buf = title[:0]
	return is
}

// keep is a copy of a text, as far as it is kept.
func keep(text []byte) string { return string(text[:min(len(text), dataMost)]) }

// time notes when it was, and how long nothing had happened before.
func (r *rungs) time(is *rung, e *view.Entry) {
	if !e.Timed || e.Kind == timeline.Ended {
		return
	}
	is.since = string(view.AppendSince(nil, e.Since, len("1234567.890")))
	if gap := 1000 * (e.Since.Seconds() - r.last.Seconds()); r.began && gap >= pauseFrom {
		is.pause = string(view.AppendPause(nil, gap))
	}
	r.last, r.began = e.Since, true
}

func (r *rungs) segment(is *rung, e *view.Entry) {
	is.sender = e.Event.From
	is.sentence = string(e.AppendSentence(nil))
	for d := range e.Details() {
		const room = 60
		bits := d.Bits()
		is.details = append(is.details, detail{name: d.Part.String(), bits: string(bits.Append(nil)), value: keep(d.AppendValue(nil)),
			reason: strings.TrimSpace(string(d.AppendReason(nil, room))), tone: d.Tone, sum: d.Sum})
	}
	if r.endpoints {
		is.remarks = append(changesOf(e), is.remarks...)
	}
	r.proof(is, e)
}

// proof notes how it is known that a handshake is complete, where it is so with this
// entry.
func (r *rungs) proof(is *rung, e *view.Entry) {
	if e.Proves {
		is.proof = strings.Split(string(e.AppendProof(nil, false)), "\n")
	}
}

// changesOf says what a segment has changed of the numbers of both ends.
func changesOf(e *view.Entry) (list []remark) {
	const room = len("x+1+12345678+1?")
	for _, side := range [...]conversation.Side{conversation.Client, conversation.Server} {
		text := []byte(side.String() + ":")
		changes := e.Changes(side)
		for _, change := range changes {
			text = change.AppendTo(append(append(append(text, ' '), change.Name...), ' '), room)
			text = append(text, ',')
		}
		if len(changes) > 0 {
			list = append(list, remark{view.Quiet, string(text[:len(text)-1])})
		}
	}
	return list
}

// close finds out what became of each segment.
func (r *rungs) close() {
	for i := range r.list {
		if r.list[i].kind == timeline.Segment {
			r.list[i].fate = r.fates.Of(r.list[i].frame)
		}
	}
}

// statesOf are states as text, with a ? where they are assumed.
func statesOf(states view.States) (text [2]string) {
	for side, state := range states {
		if state == conversation.Unknown {
			continue
		}
		if text[side] = (state &^ view.Assumed).String(); state&view.Assumed != 0 {
			text[side] += "?"
		}
	}
	return text
}
