package view

import (
	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// The two ends, as the columns name them.
var ends = [2]conversation.Side{conversation.Client, conversation.Server}

// How much of a header Wireshark needs, in bytes: below the first it shows the
// ports only; checksum and urgent pointer stand after that.
const (
	headerToWindow   = 16
	headerToChecksum = 18
	headerToUrgent   = 20
)

// Need is what a row must have for a column to apply: a set of bits, so that
// the columns that do not apply cost next to nothing.
type Need uint32

// What a row may have. IsSegment is all that formats ask for.
const (
	IsSegment  Need = 1 << iota // the row is of a segment
	inStream                    // it belongs to a conversation
	isFollowed                  // … and enough of its header was captured for numbers
	isWhole                     // … and what stands after its data offset can be believed
	isSized                     // its length is known
	isIPv4
	isIPv6
	isTimed
	hasChecksum
	hasUrgent
	hasScaleFactor
	hasMSS
	hasShift
	hasSACKOK
	hasSACK
	hasTimestamps
	acksFrame
	hasAckRTT
	repeatsFrame
	hasInitialRTT
	isAnalyzed
	clientKnown
	serverKnown
	isNoted
	hasAccounts // of both ends
	hasPassage  // its way is known at both ends
)

// Row is what a row of any view is made of. What it points to is valid until
// the next moment.
type Row struct {
	Has          Need
	Event        *conversation.Event
	Segment      *decode.Segment
	Conversation *conversation.Conversation
	Between      *Separators // by the format that asks for values
	Manner       *Manner     // by the format: how numbers and addresses are told
	Loose        bool        // by the format: a column is as wide as its texts need
	Alone        bool        // by the format: there is one client only, as far as it knows

	moment *timeline.Moment
	start  capture.Time // of the first moment with a time
	field  *fieldRow
	before int    // frame of the header that this one is held against; 0 for none
	echoes int    // the frame whose timestamp, the other end's latest, this one echoes; 0 where none is known
	text   []byte // of the dialogue

	sent  int      // how often the step was sent; 0 where that is not known
	first sighting // the first time

	accounts *accounts         // with hasAccounts
	end      conversation.Side // whose line of two it is
}

// Client is the number of the client that the row belongs to; 0 for none.
func (r *Row) Client() int {
	if r.moment.Client > 0 {
		return r.moment.Client
	}
	return timeline.ClientOf(r.Conversation)
}

// letters are those of its arithmetic.
func (r *Row) letters() letters {
	if r.Alone {
		return 0
	}
	return letters(r.Client())
}

// Separators are what stands between the members of a list.
type Separators struct{ Numbers, Words string }

// sighting is when something was captured, and in which frame.
type sighting struct {
	frame int
	time  capture.Time
}

// accounts are those of both ends, client first.
type accounts [2]conversation.Account

// fieldRow is one field or option of a header.
type fieldRow struct {
	key, name   string
	ref, help   string
	first, last int // bits
	bits        []byte
	value       []byte
	meaning     []byte
	changed     bool
	problem     bool
}

// A RowMaker makes the rows of a view out of moments. A row is valid until emit
// returns.
type RowMaker interface {
	Moment(m *timeline.Moment, emit func(*Row) error) error
}

// singles makes at most one row of a moment.
type singles struct {
	clock
	row      Row
	accounts accounts // room for those of the row
	fill     filler
}

// A filler makes the row of a moment, if there is one.
type filler = func(r *Row, m *timeline.Moment, start capture.Time, room *accounts) bool

func oneRow(fill filler) func() RowMaker { return func() RowMaker { return &singles{fill: fill} } }

func (s *singles) Moment(m *timeline.Moment, emit func(*Row) error) error {
	if !s.fill(&s.row, m, s.see(m), &s.accounts) {
		return nil
	}
	return emit(&s.row)
}

// clock keeps the time of the first moment.
type clock struct{ start capture.Time }

func (c *clock) see(m *timeline.Moment) capture.Time {
	if !c.start.Known && m.Kind != timeline.Ended {
		c.start = m.At
	}
	return c.start
}

// segmentRow makes the row of a segment's moment.
func segmentRow(m *timeline.Moment, start capture.Time) Row {
	e, s, c := m.Event, m.Event.Segment, m.Event.Conversation
	has := IsSegment
	set := func(bit Need, holds bool) {
		if holds {
			has |= bit
		}
	}
	set(inStream, c != nil)
	set(isSized, e.Sized)
	set(isIPv6, s.Src.IsValid() && s.IPVersion == 6)
	set(isIPv4, s.Src.IsValid() && s.IPVersion != 6)
	set(isTimed, s.Time.Known)
	if c != nil && len(s.Header) >= headerToWindow {
		has |= isFollowed
		if !s.Stunted() {
			has |= isWhole
			set(hasChecksum, len(s.Header) >= headerToChecksum)
			set(hasUrgent, len(s.Header) >= headerToUrgent)
			set(hasScaleFactor, e.WindowScale != 0)
		}
	}
	if len(s.Options.Raw) > 0 {
		set(hasMSS, s.Options.HasMSS)
		set(hasShift, s.Options.HasScale)
		set(hasSACKOK, s.Options.SACKPermitted)
		set(hasSACK, s.Options.SACKCount > 0)
		set(hasTimestamps, s.Options.HasTimestamps)
	}
	set(acksFrame, e.AcksFrame > 0)
	set(hasAckRTT, e.AckRTT != (capture.Span{}))
	set(repeatsFrame, e.RTO != (capture.Span{}))
	set(hasInitialRTT, e.InitialRTT != (capture.Span{}))
	set(isAnalyzed, e.Analysis != 0)
	set(clientKnown, e.After[conversation.Client] != conversation.Unknown)
	set(serverKnown, e.After[conversation.Server] != conversation.Unknown)
	set(isNoted, s.Problem != nil || s.Comment != "")
	set(hasPassage, m.Passage != nil)
	return Row{moment: m, Event: e, Segment: s, Conversation: c, start: start, Has: has}
}

// Moment is the one that the row was made of.
func (r *Row) Moment() *timeline.Moment { return r.moment }

// whole reports whether what stands after the data offset can be believed.
func (r *Row) whole() bool { return r.Has&isWhole != 0 }

// account gives a segment's row the accounts of both ends.
func (r *Row) account(room *accounts) {
	for _, side := range ends {
		room[side] = r.Conversation.Account(side)
	}
	r.accounts = room
	r.Has |= hasAccounts
}
