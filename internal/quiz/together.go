package quiz

import "slices"

// A fact is something about a capture that a question asks for, or lets see.
type fact struct {
	column Column // Seq for the number that stands as a seq or an ack; Number for the place in the order
	frame  int    // 0 for a number
	number uint32
}

// numbered is the fact that a sequence number is this one, in whichever segment it
// stands.
func numbered(n uint32) fact { return fact{column: Seq, number: n} }

// secondStep is the fact that the second step of any handshake has SYN and ACK.
var secondStep = fact{column: Flags, frame: -2}

// facts are what a cell shows.
func (f *Frame) facts(column Column) []fact {
	switch column {
	case Seq:
		return []fact{numbered(f.Segment.Seq)}
	case Ack:
		if f.Flags.Has(ackFlag) {
			return []fact{numbered(f.Segment.Ack)}
		}
	case Flags, Byte:
		return []fact{{column: Flags, frame: f.Number}}
	case Time, Clock:
		return []fact{{column: Time, frame: f.Number}}
	case Options:
		return []fact{{column: Options, frame: f.Number}, {column: Echo, frame: f.Number}}
	case Len, IPLen, Echo:
		return []fact{{column: column, frame: f.Number}}
	}
	return nil
}

// asked are the facts that a question asks for.
func (q *Question) asked() []fact {
	list := slices.Clone(q.asks)
	for i := range q.Show {
		for _, f := range q.Show[i].Frames {
			for _, cell := range q.Show[i].Hidden {
				if cell.Frame == f.Number {
					list = append(list, f.facts(cell.Column)...)
				}
			}
		}
	}
	return list
}

// told are the facts that a question cannot but give away: in its text, and by showing
// in which order segments stand and which options they have.
func (q *Question) told() []fact {
	list := slices.Clone(q.tells)
	for i := range q.Show {
		e := &q.Show[i]
		for _, f := range e.Frames {
			if e.Bytes {
				list = append(list, fact{column: Number, frame: f.Number}, fact{column: IPLen, frame: f.Number})
			}
			for _, column := range e.Columns {
				switch column {
				case Flags, Byte, Seq, Ack, Time, Clock:
					list = append(list, fact{column: Number, frame: f.Number})
				case Options:
					list = append(list, fact{column: Options, frame: f.Number})
				}
			}
		}
	}
	return list
}

// shown goes over what the cells of a question show, but for its own answer.
func (q *Question) shown(visit func(e *Exhibit, at Cell, shows fact)) {
	own := q.asked()
	for i := range q.Show {
		e := &q.Show[i]
		columns := e.Columns
		if e.Bytes {
			columns = []Column{Seq, Ack, Flags, Options}
		}
		for _, f := range e.Frames {
			for _, column := range columns {
				for _, shows := range f.facts(column) {
					if !slices.Contains(own, shows) && !slices.Contains(e.Hidden, Cell{f.Number, column}) {
						at := Cell{f.Number, column}
						if shows.column == Echo {
							at.Column = Echo
						}
						visit(e, at, shows)
					}
				}
			}
		}
	}
}

// givesAway reports whether a question gives away the answer to another one, and
// nothing can be done about it.
func (q *Question) givesAway(other *Question) bool {
	told := q.told()
	return slices.ContainsFunc(other.asked(), func(f fact) bool { return slices.Contains(told, f) })
}

// asksTheSame reports whether two questions have the same answer for the same reason.
func (q *Question) asksTheSame(other *Question) bool {
	for i := range q.Show {
		for k := range other.Show {
			if slices.ContainsFunc(q.Show[i].Hidden, func(c Cell) bool { return slices.Contains(other.Show[k].Hidden, c) }) {
				return true
			}
		}
	}
	asks := other.asks
	return slices.ContainsFunc(q.asks, func(f fact) bool { return slices.Contains(asks, f) })
}

// fit reports whether two questions may stand on one sheet.
func fit(q, other *Question) bool {
	return !q.givesAway(other) && !other.givesAway(q) && !q.asksTheSame(other)
}

// needs reports whether the answer to a question needs what another one asks for.
func (q *Question) needs(other *Question) (yes bool) {
	asked := other.asked()
	q.shown(func(e *Exhibit, at Cell, shows fact) {
		isNeeded := !e.Bytes && !slices.Contains(e.aside, at.Column)
		yes = yes || isNeeded && slices.Contains(asked, shows)
	})
	return yes
}

// fitsAmong reports whether a question may stand on a sheet with others: none gives
// away the answer to another, and each can be answered once those are that it needs.
func (q *Question) fitsAmong(list []*Question) bool {
	for _, other := range list {
		if !fit(q, other) {
			return false
		}
	}
	seen := map[*Question]bool{}
	var leadsBack func(from *Question) bool
	leadsBack = func(from *Question) bool {
		for _, other := range list {
			if !seen[other] && from.needs(other) {
				seen[other] = true
				if other.needs(q) || leadsBack(other) {
					return true
				}
			}
		}
		return false
	}
	return !leadsBack(q)
}

// inTurn puts questions in an order in which each stands after those whose answers it
// needs, and else leaves them as they stand.
func inTurn(list []*Question) (turns []*Question) {
	needed := make(map[*Question][]*Question)
	for _, q := range list {
		for _, other := range list {
			if other != q && q.needs(other) {
				needed[q] = append(needed[q], other)
			}
		}
	}
	rest := slices.Clone(list)
	for len(rest) > 0 {
		i := slices.IndexFunc(rest, func(q *Question) bool {
			return !slices.ContainsFunc(needed[q], func(other *Question) bool { return slices.Contains(rest, other) })
		})
		i = max(i, 0) // there is always one: fitsAmong keeps circles out
		turns = append(turns, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	return turns
}

// refer makes the exhibits of a sheet's questions refer to the question that asks for
// what they would show.
func refer(list []*Question) {
	for _, q := range list {
		q.Show = slices.Clone(q.Show)
		for i := range q.Show {
			q.Show[i].elsewhere = map[Cell]int{}
		}
		for i, other := range list {
			if other == q {
				continue
			}
			asked := other.asked()
			q.shown(func(e *Exhibit, at Cell, shows fact) {
				if slices.Contains(asked, shows) && !(e.Bytes && other.showsBytes(at.Frame)) {
					e.elsewhere[at] = i + 1
				}
			})
		}
	}
}

// showsBytes reports whether a question shows the header of a frame in bytes.
func (q *Question) showsBytes(frame int) bool {
	return slices.ContainsFunc(q.Show, func(e Exhibit) bool { return e.Bytes && e.Frames[0].Number == frame })
}
