package conversation

import (
	"fmt"
	"slices"

	"github.com/handshake-lab/handshake-lab/capture"
)

// Names of verdicts.
const (
	Fine              = "fine"
	Refused           = "refused"
	Filtered          = "filtered"
	Unreachable       = "unreachable"
	Unanswered        = "unanswered"
	HalfOpen          = "half-open"
	OlderConnection   = "older connection"
	Incomplete        = "incomplete"
	CaptureBeganLate  = "capture began late"
	OneDirection      = "one direction only"
	SYNLost           = "SYN lost"
	SYNACKLost        = "SYN+ACK lost"
	LastACKLost       = "last ACK lost"
	SYNACKNotTaken    = "SYN+ACK not taken"
	SignatureMismatch = "signature mismatch"
	AnsweredTwice     = "answered twice"
	AnsweredElsewhere = "answered from another address"
	AcceptQueueFull   = "accept queue full"
	LastACKNotTaken   = "last ACK not taken"
	SYNFlood          = "SYN flood suspected"
	SYNCookies        = "SYN cookies suspected"
	SimultaneousOpen  = "simultaneous open"
	SplitHandshake    = "split handshake"
	SimultaneousClose = "simultaneous close"
	HalfClose         = "half close"
	Aborted           = "aborted"
	ResetByAnother    = "reset in another's name"
	ChallengeACKLoop  = "challenge ACK loop"
	ACKLoop           = "ACK loop"
	SlowPath          = "slow path"
	OldDuplicateSYN   = "old duplicate SYN"
	SYNIgnored        = "SYN ignored"
	PortReused        = "port reused"
	PathMTU           = "path MTU trouble"
	PathMTUFound      = "path MTU found"
	WindowStalled     = "window stalled"
	DataNeverArrived  = "data never arrived"
	NotAcknowledged   = "not acknowledged"
	RejectedOnTheWay  = "rejected on the way"
	Probe             = "probe"
	Backscatter       = "backscatter"
	StillGoing        = "open"
)

// Mood says how good a verdict is.
type Mood uint8

// The moods.
const (
	Bad     Mood = iota // something went wrong
	Neutral             // open so far, unusual, or not seen to the end
	Good
)

// moods are those of all names.
var moods = map[string]Mood{
	Fine: Good,

	StillGoing: Neutral, CaptureBeganLate: Neutral, OneDirection: Neutral, Incomplete: Neutral,
	SimultaneousOpen: Neutral, SplitHandshake: Neutral, SimultaneousClose: Neutral, HalfClose: Neutral,
	PortReused: Neutral, OldDuplicateSYN: Neutral, SYNIgnored: Neutral, SlowPath: Neutral, Probe: Neutral,
	Backscatter: Neutral, PathMTUFound: Neutral,

	Refused: Bad, Filtered: Bad, Unreachable: Bad, Unanswered: Bad, HalfOpen: Bad, OlderConnection: Bad, SYNLost: Bad,
	SYNACKLost: Bad, LastACKLost: Bad, SYNACKNotTaken: Bad, SignatureMismatch: Bad, AnsweredTwice: Bad,
	AnsweredElsewhere: Bad, AcceptQueueFull: Bad, LastACKNotTaken: Bad, SYNFlood: Bad, SYNCookies: Bad,
	Aborted: Bad, ResetByAnother: Bad, ChallengeACKLoop: Bad, ACKLoop: Bad, PathMTU: Bad, WindowStalled: Bad,
	DataNeverArrived: Bad, NotAcknowledged: Bad, RejectedOnTheWay: Bad,
}

// Mood returns Good for what is fine, Bad for what went wrong, else Neutral.
func (v *Verdict) Mood() Mood { return moods[v.Name] }

// A diagnosis is one thing that can be said of a conversation, and what it rests
// on. Of those that apply the first in Diagnoses is the verdict.
type diagnosis struct {
	name  string
	needs kinds // marks that must all be there
	lacks kinds // marks of which none may be
	when  func(c *Conversation, now capture.Time) bool
	tell  func(c *Conversation, now capture.Time) (text string, frames []int)
}

// applies reports whether all that the diagnosis rests on was seen.
func (d *diagnosis) applies(c *Conversation, now capture.Time) bool {
	return c.marks.set.hasAll(d.needs) && !c.marks.set.hasAny(d.lacks) && (d.when == nil || d.when(c, now))
}

// diagnoses is the table of all there are, the most telling first.
var diagnoses = slices.Concat(strays, attempts, unanswered, openings, transfers, endings, middles)

// VerdictNames are the names of all verdicts there can be, the most telling
// first, each once.
func VerdictNames() (names []string) {
	for i := range diagnoses {
		if name := diagnoses[i].name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return append(names, Fine, StillGoing)
}

// judge sums the conversation up: the most telling finding first. now is the
// time of the capture's latest segment.
func (c *Conversation) judge(now capture.Time) {
	if c.judged {
		return
	}
	if c.isUnremarkable() {
		c.Verdict = c.plainVerdict()
		return
	}
	for i := range diagnoses {
		if d := &diagnoses[i]; d.applies(c, now) {
			text, frames := d.tell(c, now)
			text, frames = c.aside(d, text, frames)
			c.Verdict = Verdict{d.name, text, inOrder(frames)}
			return
		}
	}
	v := c.plainVerdict()
	text, frames := c.aside(nil, v.Text, slices.Clone(v.Frames))
	c.Verdict = Verdict{v.Name, text, inOrder(frames)}
}

// inOrder sorts frames, each once; 0 is none.
func inOrder(frames []int) []int {
	frames = slices.DeleteFunc(frames, func(n int) bool { return n == 0 })
	slices.Sort(frames)
	return slices.Compact(frames)
}

// isUnremarkable reports at a glance what most conversations are: no diagnosis
// has anything to say of them.
func (c *Conversation) isUnremarkable() bool {
	return c.marks.set == kinds{} && c.Ending == ClosedByFIN && c.Handshake.Complete && c.Handshake.SYNFrame != 0 && !c.Reused &&
		c.Flows[Client].Segments != 0 && c.Flows[Server].Segments != 0 && !c.late() && !c.forgetful() && !c.lags()
}

// IsRemarkable reports whether there is more to say of a conversation that has
// ended than that all was well.
func (c *Conversation) IsRemarkable() bool { return !c.isUnremarkable() }

// IsOver reports whether both directions are closed, or the connection is reset.
func (c *Conversation) IsOver() bool { return c.closed }

// prejudge finds the verdict of a conversation that closes while all of it is
// still in the processor's cache; nearly always it stays the verdict.
func (c *Conversation) prejudge() {
	if c.judged = c.isUnremarkable(); c.judged {
		c.Verdict = c.plainVerdict()
	}
}

// plainVerdict is for a conversation with nothing to remark. It allocates
// nothing: most conversations are such.
func (c *Conversation) plainVerdict() Verdict {
	h := &c.Handshake
	c.frames = [5]int{h.SYNFrame, h.SYNACKFrame, h.ACKFrame, c.Flows[Client].FINAcked, c.Flows[Server].FINAcked}
	slices.Sort(c.frames[:3])
	switch c.Ending {
	case ClosedByFIN:
		slices.Sort(c.frames[:])
		return Verdict{Fine, fineText[c.ClosedBy], slices.Compact(c.frames[:])}
	case HalfClosed, ClosedUnacked:
		return Verdict{StillGoing, "fine so far: being closed when the capture ended", c.frames[:3]}
	}
	return Verdict{StillGoing, "fine so far: opened in three steps and still open when the capture ended", c.frames[:3]}
}

var fineText = [2]string{
	Client: "fine: opened in three steps, closed by the client first, every FIN acknowledged",
	Server: "fine: opened in three steps, closed by the server first, every FIN acknowledged",
}

// were says how many there were: "one SYN was", "3 SYNs were".
func were(n int, what string) string {
	if n == 1 {
		return "one " + what + " was"
	}
	return fmt.Sprintf("%d %ss were", n, what)
}

// countOf is a number with what it counts: "one SYN", "3 SYNs".
func countOf(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// times says how often: "once", "twice", "5 times".
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
