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
	"wscale": "wscale", "windowscale": "wscale", "windowscaling": "wscale", "windowscalefactor": "wscale", "ws": "wscale", "3": "wscale",
	"sackok": "sackOK", "sackpermitted": "sackOK", "sack": "sackOK", "sackperm": "sackOK", "selectiveacknowledgmentpermitted": "sackOK", "selectiveacknowledgment": "sackOK", "4": "sackOK",
	"timestamps": "timestamps", "timestamp": "timestamps", "ts": "timestamps", "tsval": "timestamps", "tsecr": "timestamps", "tsvalecr": "timestamps", "8": "timestamps",
}

// read takes names with commas between them, as tcpdump and Wireshark write them too: what
// they are set to, NOP and the end of the list are passed over.
func (optionSet) read(given string) (read optionSet, ok bool) {
	given = strings.ReplaceAll(strings.ToLower(given), " and ", ",")
	words := strings.FieldsFunc(given, func(r rune) bool { return strings.ContainsRune(",;+/", r) })
	if fields := strings.Fields(given); len(words) == 1 && (optionWords[optionWord(given)] == "" || strings.Contains(fields[0], "=")) {
		words = fields
	}
	for _, word := range words {
		word = optionWord(word)
		if word == "nop" || word == "nooperation" || word == "eol" || word == "end" {
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

// optionWord is a name without blanks and without what stands behind it; a number alone
// is a kind.
func optionWord(word string) string {
	word, _, _ = strings.Cut(strings.TrimSpace(word), "=")
	word = strings.NewReplacer(" ", "", "_", "", "-", "", ".", "").Replace(word)
	if name := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, word); name != "" {
		return name
	}
	return word
}
