package view

// An UnknownColumn is the error of a key that a view does not have.
type UnknownColumn struct {
	View, Key string
	Keys      []string // that it has
}

func (u *UnknownColumn) Error() string {
	return "view " + u.View + " has no column " + u.Key
}

// Pick is the view with some of its columns, by their keys, in that order: for
// readers, too.
func (v *View) Pick(keys []string) (*View, error) {
	other := *v
	other.Columns = make([]KeyColumn, 0, len(keys))
	for _, key := range keys {
		c := v.column(key)
		if c == nil {
			return nil, &UnknownColumn{v.Name, key, v.Keys()}
		}
		other.Columns = append(other.Columns, *c)
	}
	if v.IsStory() {
		return &other, nil
	}
	cells := make([]ReaderColumn, len(other.Columns))
	for i := range other.Columns {
		cells[i] = readerColumn(&other.Columns[i])
	}
	other.Lines, other.Legend, other.Below, other.Card = nil, "", nil, nil
	other.Cells = always(cells)
	return &other, nil
}

// column is that of a key; nil where there is none.
func (v *View) column(key string) *KeyColumn {
	for _, list := range [...][]KeyColumn{v.Columns, v.More} {
		for i := range list {
			if list[i].Key == key {
				return &list[i]
			}
		}
	}
	return nil
}

// Keys are those of all its columns.
func (v *View) Keys() (keys []string) {
	for _, list := range [...][]KeyColumn{v.Columns, v.More} {
		for i := range list {
			keys = append(keys, list[i].Key)
		}
	}
	return keys
}

// readerColumn shows a key's value to readers.
func readerColumn(c *KeyColumn) ReaderColumn {
	between := &Separators{Numbers: " ", Words: " "}
	is := ReaderColumn{Title: c.Key, Size: max(len(c.Key), 10), Text: func(dst []byte, r *Row) []byte {
		r.Between = between
		return c.value(dst, r)
	}}
	switch {
	case c.Type == Number:
		is.Kind = Figures
	case c.Type == Text, c.Type == Word && isLong[c.Key]:
		is.Kind, is.Size = Prose, max(is.Size, 24)
	case c.Type == Word && usual[c.Key] > 0:
		is.Size = max(is.Size, usual[c.Key])
	}
	return is
}

// usual is how many characters a value has as a rule, where that is more than most.
var usual = map[string]int{"frame.time_epoch": 20, "ip.src": 15, "ip.dst": 15, "ipv6.src": 24, "ipv6.dst": 24,
	"tcp.flags.str": 12, "lab.client_state": 12, "lab.server_state": 12, "lab.local": 21, "lab.remote": 21}

// isLong is what is a sentence, or as long as one.
var isLong = map[string]bool{"lab.rule": true, "lab.reception": true, "lab.sentence": true, "lab.bits": true, "lab.value": true,
	"lab.meaning": true, "lab.help": true, "lab.completeness_sum": true, "lab.bpf": true, "lab.bpf_flags": true, "lab.bpf_pair": true,
	"lab.display_filter": true, "lab.display_filter_flags": true, "lab.display_filter_pair": true}
