package view

// Entry is the segment that a row is of as the story tells one, without what only
// the entries before it show: who the client is, and which states are new.
func (r *Row) Entry() *Entry {
	e := &Entry{Moment: r.moment, Client: r.Client(), manner: r.Manner}
	if r.Conversation != nil {
		e.talk = &talk{stream: r.Conversation.Stream, client: e.Client, letters: r.letters()}
	}
	return e
}
