package timeline

// A Sink takes moments in order; every Presenter is one.
type Sink interface {
	Moment(Moment) error
}

// Wants is what a sink has a use for.
type Wants struct {
	Kinds Kinds // the moments it has a use for; the others are not handed on

	// Behind: by the time the sink sees a segment, later ones may have been
	// followed. Only for a sink that looks at nothing of a segment's Conversation
	// but what never changes: its Stream, and its Ends.
	Behind bool
}

// A Chooser is a sink that says itself what it wants.
type Chooser interface {
	Sink
	Wants() Wants
}

// WantsOf is what a sink wants: one that does not say wants all moments, and each
// before the next segment is followed.
func WantsOf(s Sink) Wants {
	if c, ok := s.(Chooser); ok {
		return c.Wants()
	}
	return Wants{Kinds: AllKinds}
}
