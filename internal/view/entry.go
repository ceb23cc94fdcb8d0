package view

import (
	"cmp"
	"errors"
	"io"
	"net/netip"
	"strconv"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/decimal"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// An Entry is one moment as the story tells it: what every format shows, and
// nothing of how. What it knows is here; what it says can be asked for. It is
// valid until the next one.
type Entry struct {
	*timeline.Moment
	Since capture.Span // the first moment; Timed reports whether that is known
	Timed bool

	Client  int      // number of the client it is about; 0 for none
	Opens   *Sockets // its connection, where it is the first segment of it
	Before  States   // where both ends were before anything happened between them
	Reached States   // the states that are new
	Proves  bool     // with it the three-way handshake is complete

	manner *Manner // how numbers and addresses are told

	talk *talk  // of its conversation; nil for none
	room []byte // for texts
}

// Sockets is a connection as its client sees it.
type Sockets struct{ Client, Server netip.AddrPort }

// States are where the two ends are, client first: each with Assumed where no
// segment of that end has shown it yet; Unknown where there is nothing to tell.
type States [2]conversation.State

// Assumed is part of a state that is not proved.
const Assumed conversation.State = 1 << 7

// statesOf are the states after a segment.
func statesOf(e *conversation.Event) (states States) {
	for side, state := range e.After {
		if states[side] = state; state != conversation.Unknown && !e.Proved[side] {
			states[side] |= Assumed
		}
	}
	return states
}

// FrameNumber is that of the frame the entry is about; 0 for none.
func (e *Entry) FrameNumber() int {
	if e.Event != nil {
		return e.Event.Segment.Number
	}
	return e.Frame
}

// IsGuess reports whether the entry opens a connection of which no SYN was
// captured.
func (e *Entry) IsGuess() bool {
	return e.Opens != nil && e.Event != nil && e.Event.Conversation.Guessed
}

// GuessNote says what that means.
const GuessNote = "capture began late: no SYN was seen, so who is the client is a guess; c and s are the first numbers seen of client and server"

// talk is what the story knows of a conversation.
type talk struct {
	stream  int
	client  int // its number
	letters letters
	shown   States
	sockets Sockets
	proved  bool

	accounts *accounts // those that were shown last; nil for none
}

// change takes the new states of both ends and returns those that changed.
func (t *talk) change(after States) (changed States) {
	for side, state := range after {
		if shown := t.shown[side]; shown != conversation.Unknown && state == shown|Assumed {
			after[side] = shown // what has been told as proved is not taken back
		} else if state != shown {
			changed[side] = state
		}
	}
	t.shown = after
	return changed
}

// AppendTitle appends what an entry is called: the flags of a segment, with the
// size of its data; a call; a verdict; what an ICMP error says.
func (e *Entry) AppendTitle(dst []byte) ([]byte, Tone) {
	switch e.Kind {
	case timeline.Segment:
		return appendFlagsAndSize(dst, e.Event)
	case timeline.Arrival:
		dst, tone := appendFlagsAndSize(dst, e.Event)
		return append(dst, " arrives"...), tone
	case timeline.Call:
		tone := Called
		if e.Call.Phase == dialogue.End && e.Call.Err != nil && !errors.Is(e.Call.Err, io.EOF) {
			tone = Bad
		}
		return append(dst, callText(e.Call)...), tone
	case timeline.Ended:
		return e.talk.letters.markAll(appendVerdict(dst, e.Conversation), len(dst)), toneOfVerdict(&e.Conversation.Verdict)
	case timeline.Quote:
		return append(dst, quoteText(e.Moment, e.manner)...), Bad
	case timeline.Undecoded:
		dst = append(dst, "frame not decoded"...)
		if e.Problem != nil {
			dst = appendProblem(append(dst, ": "...), e.Problem)
		}
		return dst, Bad
	}
	return append(dst, e.Text...), Neutral
}

// appendFlagsAndSize appends what a segment is called: "PSH+ACK, 9 bytes".
func appendFlagsAndSize(dst []byte, e *conversation.Event) ([]byte, Tone) {
	dst = e.Segment.Flags.Append(dst)
	if n := e.Segment.PayloadLen; n > 0 && !e.Segment.Excerpt {
		dst = decimal.AppendBytes(append(dst, ", "...), uint64(n))
	}
	return dst, toneOfEvent(e)
}

// Tone is that of the title of a segment.
func (e *Entry) Tone() Tone { return toneOfEvent(e.Event) }

// AppendSentence appends what a segment means, in one sentence, and the text it
// rests on.
func (e *Entry) AppendSentence(dst []byte) []byte {
	from := len(dst)
	if said, is := appendPassageSentence(dst, e.Moment); is {
		return e.talk.letters.markAll(said, from)
	}
	dst = append(e.talk.letters.markAll(e.Event.AppendSentence(dst), len(dst)), " ("...)
	return append(append(dst, e.Event.Section()...), ')')
}

// callText is the call as C writes it, with what it carries or returned.
func callText(c *dialogue.Call) string {
	text := c.Name + "(" + c.Args + ")"
	data := ""
	if len(c.Data) > 0 {
		data = ` "` + string(c.Data[:min(len(c.Data), 1024)]) + `"`
	}
	switch {
	case c.Phase == dialogue.Begin:
		return text + data
	case errors.Is(c.Err, io.EOF):
		return text + " = 0, end of stream"
	case c.Err != nil:
		return c.Name + "() = " + c.Err.Error()
	case c.Name == "accept":
		return c.Name + "() = " + cmp.Or(addressText(c.Remote), "ok")
	case c.Name == "recv":
		return text + " = " + strconv.Itoa(c.N) + data
	case c.Name == "send":
		return text + " = " + strconv.Itoa(c.N)
	case c.Name == "connect":
		return c.Name + "() = ok"
	}
	return text + " = ok"
}

// quoteText is what an ICMP error says, and of which segment.
func quoteText(m *timeline.Moment, manner *Manner) string {
	q := m.Quote
	text := "ICMP"
	if q.Version == 6 {
		text = "ICMPv6"
	}
	text += " " + strconv.Itoa(int(q.Type)) + "/" + strconv.Itoa(int(q.Code)) + " from " + string(manner.appendAddr(nil, q.Src)) + ": " + q.Text
	if q.MTU > 0 {
		text += ", next-hop MTU " + strconv.Itoa(q.MTU)
	}
	if seg := m.Quoted; seg != nil {
		text += "; it quotes " + string(appendEndpoint(nil, seg, false, manner)) + " to " + string(appendEndpoint(nil, seg, true, manner))
		if len(seg.Header) >= 8 {
			text += ", seq " + strconv.FormatUint(uint64(seg.Seq), 10)
		}
	}
	return text
}
