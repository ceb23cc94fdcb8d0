package quiz

import (
	"slices"
	"strings"
)

// optionSet is the answer that names TCP options, in any order.
type optionSet []string

func (s optionSet) String() string { return strings.Join(s, ", ") }
func (optionSet) Want() string     { return "names, as in mss, sackOK, timestamps, wscale" }

func (s optionSet) Match(given string) (string, bool) {
	read, ok := s.read(given)
	return "", ok && slices.Equal(read, s)
}

func (s optionSet) reads(given string) bool { _, ok := s.read(given); return ok }

// optionWords are the names that options go by, without blanks and in small
// letters.
var optionWords = map[string]string{
	"mss": "mss", "maximumsegmentsize": "mss", "2": "mss",
	"wscale": "wscale", "windowscale": "wscale", "windowscaling": "wscale", "ws": "wscale", "3": "wscale",
	"sackok": "sackOK", "sackpermitted": "sackOK", "sack": "sackOK", "sackperm": "sackOK", "4": "sackOK",
	"timestamps": "timestamps", "timestamp": "timestamps", "ts": "timestamps", "8": "timestamps",
}

// read takes names with commas between them; NOP and the end of the list are
// passed over.
func (optionSet) read(given string) (read optionSet, ok bool) {
	between := func(r rune) bool { return strings.ContainsRune(",;+/", r) }
	if !strings.ContainsAny(given, ",;+/") {
		between = func(r rune) bool { return r == ' ' }
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(given), between) {
		word = strings.NewReplacer(" ", "", "_", "", "-", "").Replace(word)
		if word == "nop" || word == "eol" || word == "and" || word == "end" {
			continue
		}
		name, known := optionWords[word]
		if !known {
			return nil, false
		}
		read = append(read, name)
	}
	slices.Sort(read)
	return slices.Compact(read), len(read) > 0
}
