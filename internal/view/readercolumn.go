package view

// Kind is what the texts of a reader's column are.
type Kind uint8

// The kinds of columns.
const (
	Terms Kind = iota
	Figures
	Prose // as long as there is to say
)

// ReaderColumn is one column of a view's rows as people read them.
type ReaderColumn struct {
	Title string
	Size  int // characters that its texts have as a rule; of prose at least
	Kind  Kind
	Drop  int                             // where room is short, the highest goes first; 0 stays
	Text  func(dst []byte, r *Row) []byte // as it stands: it may be captured, and has to be made visible
	Tone  func(r *Row) Tone               // nil for Plain
}
