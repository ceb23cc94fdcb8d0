package view

import (
	"cmp"
	"slices"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// MostSorted is up to how many conversations rows are sorted by their clients'
// numbers. More stay in the order in which they end: what is held back is bounded.
const MostSorted = 1000

// Finish emits the rows that were held back until the end.
func Finish(rows RowMaker, emit func(*Row) error) error {
	if f, ok := rows.(interface {
		finish(func(*Row) error) error
	}); ok {
		return f.finish(emit)
	}
	return nil
}

// RowsFor makes the rows for programs, sorted by clients where the view has an order
// of its own.
func (v *View) RowsFor(sort bool) RowMaker {
	if sort && v.Sortable {
		return newSorted(v.Rows())
	}
	return v.Rows()
}

// ReaderRows makes the rows for readers, sorted in the same way. Where there are
// several clients the letters carry their numbers; nil is for clients that nobody
// has counted.
func (v *View) ReaderRows(sort bool, clients func() int) RowMaker {
	r := &reading{rows: v.RowsFor(sort), company: NewCompany(clients), isHeld: sort && v.Sortable}
	if v.Lines != nil {
		r.rows = v.Lines()
	}
	r.each = r.row
	return r
}

// reading are rows for readers.
type reading struct {
	rows    RowMaker
	company Company
	isHeld  bool // no row is written before all clients are known
	each    func(*Row) error
	emit    func(*Row) error
}

func (r *reading) Moment(m *timeline.Moment, emit func(*Row) error) error {
	if r.isHeld {
		r.company.Meet(m.Client)
	}
	r.emit = emit
	return r.rows.Moment(m, r.each)
}

func (r *reading) finish(emit func(*Row) error) error {
	r.emit = emit
	return Finish(r.rows, r.each)
}

func (r *reading) row(row *Row) error {
	row.Alone = r.company.IsAlone(row)
	return r.emit(row)
}

// sorted holds rows back, to sort them by the numbers of their clients.
type sorted struct {
	rows    RowMaker
	held    []*Row
	streams map[int]struct{} // conversations that the held rows are of
	spilled bool             // there are too many: nothing is held any more
	hold    func(*Row) error
}

func newSorted(rows RowMaker) *sorted {
	s := &sorted{rows: rows, streams: map[int]struct{}{}}
	s.hold = func(r *Row) error {
		s.streams[r.Conversation.Stream] = struct{}{}
		s.held = append(s.held, s.keep(r))
		return nil
	}
	return s
}

func (s *sorted) Moment(m *timeline.Moment, emit func(*Row) error) error {
	if s.spilled {
		return s.rows.Moment(m, emit)
	}
	if err := s.rows.Moment(m, s.hold); err != nil || len(s.streams) <= MostSorted {
		return err
	}
	s.spilled = true
	return s.emitHeld(emit)
}

func (s *sorted) finish(emit func(*Row) error) error {
	if !s.spilled {
		slices.SortStableFunc(s.held, func(a, b *Row) int {
			return cmp.Or(cmp.Compare(a.Client(), b.Client()), cmp.Compare(a.Conversation.Stream, b.Conversation.Stream))
		})
	}
	return s.emitHeld(emit)
}

func (s *sorted) emitHeld(emit func(*Row) error) error {
	for _, r := range s.held {
		if err := emit(r); err != nil {
			return err
		}
	}
	s.held, s.streams = nil, nil
	return nil
}

// Keep is a copy of a row of a conversation that stays valid.
func (r *Row) Keep() *Row { return r.keep(new(conversation.Conversation)) }

// keep is a copy with room for the conversation.
func (r *Row) keep(c *conversation.Conversation) *Row {
	kept, m := *r, *r.moment
	c.Keep(r.Conversation)
	kept.moment, kept.Conversation = &m, c
	if m.Conversation != nil {
		m.Conversation = c
	}
	if r.Event != nil {
		event, segment := *r.Event, new(decode.Segment)
		*segment = *r.Segment
		segment.Keep(nil)
		event.Segment, event.Conversation, event.Settled = segment, c, nil
		kept.Event, kept.Segment, m.Event = &event, segment, &event
	}
	return &kept
}

// keep is a copy of a row. It shares the conversation with the row before, where
// that is the same.
func (s *sorted) keep(r *Row) *Row {
	c := new(conversation.Conversation)
	if n := len(s.held); n > 0 && s.held[n-1].Conversation.Stream == r.Conversation.Stream {
		c = s.held[n-1].Conversation
	}
	return r.keep(c)
}
