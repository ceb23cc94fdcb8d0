package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/handshake-lab/handshake-lab/decode"
)

// headerEnd is the last bit that a header can have: 15 words.
const headerEnd = 15*32 - 1

// Made when they are needed: no other command has to wait for them.
var (
	bitWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:bits?)? *([0-9]+) *(?:(?:-|–|\.\.|:|to) *([0-9]+))?$`)
	})
	byteWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:byte *|tcp *\[ *)([0-9]+) *\]?$`)
	})
)

// bits reads "bits 104-111", "104-111", "bit 110", "byte 13" and "tcp[13]".
func bits(words string) (Topic, bool, error) {
	var first, last int
	if m := byteWords().FindStringSubmatch(words); m != nil {
		n := atoi(m[1])
		first, last = 8*n, 8*n+7
	} else if m := bitWords().FindStringSubmatch(words); m != nil {
		first = atoi(m[1])
		last = first
		if m[2] != "" {
			last = atoi(m[2])
		}
	} else {
		return Topic{}, false, nil
	}
	if last < first {
		return Topic{}, false, fmt.Errorf("bits %d-%d: the first must not be behind the last", first, last)
	}
	if last > headerEnd {
		return Topic{}, false, fmt.Errorf("%s: a TCP header has at most %d bits, 0-%d (RFC 9293 §3.1)", words, headerEnd+1, headerEnd)
	}
	return bitsTopic(first, last), true, nil
}

// bitsTopic explains a range of bits: which fields it holds or touches.
func bitsTopic(first, last int) Topic {
	if first == decode.FlagsField.Offset && last == decode.FlagsField.End() {
		return flagTopics()[0]
	}
	var touched []decode.Field
	for _, f := range decode.Fields {
		if f.Offset == first && f.End() == last {
			return fieldTopic(f)
		}
		if f.Offset <= last && first <= f.End() {
			touched = append(touched, f)
		}
	}
	t := Topic{Name: spanText(first, last), Group: groupHeader, Ref: decode.Fields[0].Ref,
		body: []block{grid{first, last}}}
	optionsAt := decode.Fields[len(decode.Fields)-1].End() + 1
	switch {
	case len(touched) == 0:
		t.Title = "Options, " + spanText(first, last)
		t.Help = fmt.Sprintf("Options stand from bit %d to the end of the header, which the Data Offset tells; "+
			"behind it the data begins.", optionsAt)
	case len(touched) == 1 && last < optionsAt:
		f := touched[0]
		t.Title = fmt.Sprintf("%s of %s", capital(spanText(first, last)), f.Name)
		t.Help = fmt.Sprintf("Bit %d is the highest of the field, bit %d the lowest: TCP is big-endian.", f.Offset, f.End())
		t.body = append(t.body, fieldRows(touched))
	default:
		t.Title = capital(spanText(first, last))
		t.body = append(t.body, fieldRows(touched))
	}
	if last >= optionsAt && len(touched) > 0 {
		t.body = append(t.body, rows{{spanText(optionsAt, last), "Options and padding, then the data"}})
	}
	return t
}

// number reads a number alone: as an option, else as a completeness, else as a
// bit. The page names the readings that it passes over.
func number(words string) (Topic, bool, error) {
	n, err := strconv.Atoi(words)
	if err != nil || n < 0 || n > headerEnd || len(words) >= 8 {
		return Topic{}, false, nil
	}
	type reading struct {
		words string // that ask for this one alone
		topic Topic
	}
	var readings []reading
	if t, ok := optionByKind(n); ok {
		readings = append(readings, reading{"option " + words, t})
	}
	if n < 1<<len(completenessBits) {
		readings = append(readings, reading{"completeness " + words, completenessTopic(n)})
	}
	readings = append(readings, reading{"bit " + words, bitsTopic(n, n)})
	t := readings[0].topic
	if len(readings) > 1 {
		also := rows{}
		for _, r := range readings[1:] {
			also = append(also, [2]string{"explain " + r.words, r.topic.Title})
		}
		t.body = append(slices.Clone(t.body), heading("Other readings of "+words), also)
	}
	return t, true, nil
}

func capital(s string) string { return string(s[0]-'a'+'A') + s[1:] }

// atoi reads digits; what does not fit is beyond every header.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > 1<<20 {
		return 1 << 20
	}
	return n
}
