package view

// Entry is the segment that a row is of as the story tells one, without what only
// the entries before it show: who the client is, and which states are new.
func (r *Row) Entry() *Entry { return &Entry{Moment: r.moment} }
