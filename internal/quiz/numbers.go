package quiz

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// number is the answer that is a sequence or acknowledgment number.
type number struct {
	raw         uint32
	relative    uint32
	hasRelative bool
	rule        string // its arithmetic, "x + 1"; "" where there is none
}

func (n number) String() string {
	text := strconv.FormatUint(uint64(n.raw), 10)
	var also []string
	if n.hasRelative && n.relative != n.raw {
		also = append(also, fmt.Sprintf("relative %d", n.relative))
	}
	if n.rule != "" {
		also = append(also, n.rule)
	}
	if also == nil {
		return text
	}
	return text + " (" + strings.Join(also, "; ") + ")"
}

func (n number) Want() string {
	if n.hasRelative {
		return "a number, raw or relative"
	}
	return "a number"
}

func (n number) Match(given string) (string, bool) {
	given, means := numberWords(given)
	if n.rule != "" && (tight(given) == tight(n.rule) || n.equals(given)) {
		return "arithmetic", true
	}
	read, ok := readNumber(given)
	switch {
	case !ok:
		return "", false
	case read == uint64(n.raw) && means != "relative" && n.hasRelative && n.raw != n.relative:
		return "raw", true
	case read == uint64(n.raw) && (means != "relative" || n.raw == n.relative):
		return "", true
	case n.hasRelative && read == uint64(n.relative) && means != "raw":
		return "relative", true
	}
	return "", false
}

// numberWords takes the words off that people write beside a number, and says which they
// mean, "raw" or "relative"; "" where they do not say.
func numberWords(given string) (number, means string) {
	var rest []string
	for _, word := range strings.Fields(numberSigns.Replace(strings.ToLower(given))) {
		switch word {
		case "raw", "absolute", "abs":
			means = "raw"
		case "relative", "rel":
			means = "relative"
		case "seq", "ack", "number", "sequence", "acknowledgment", "acknowledgement", "no", "nr", "is", "the", "isn":
		default:
			rest = append(rest, word)
		}
	}
	return strings.TrimSuffix(strings.Join(rest, " "), "."), means
}

var numberSigns = strings.NewReplacer("(", " ", ")", " ", "=", " ", ":", " ", ";", " ", "rel.", "rel", "no.", "no")

func (n number) reads(given string) bool {
	given, _ = numberWords(given)
	_, ok := readNumber(given)
	return ok || strings.ContainsAny(given, "xycs") && strings.Contains(given, "+") || len(given) == 1
}

// equals reports whether arithmetic comes to the number: "x + 1 + 9" and "x + 10" do
// where its rule is "x + 1 + 9".
func (n number) equals(given string) bool {
	if tight(given) == tight(firsts.Replace(n.rule)) {
		return true
	}
	letter, sum, ok := readSum(given)
	return ok && n.hasRelative && letter == n.rule[0] && sum == uint64(n.relative)
}

// firsts are the letters of connections whose SYN was not captured.
var firsts = strings.NewReplacer("client's first", "c", "server's first", "s")

// readSum reads x or y and what is added to it.
func readSum(given string) (letter byte, sum uint64, ok bool) {
	first, rest, adds := strings.Cut(tight(given), "+")
	if len(first) != 1 || !strings.Contains("xy", first) {
		return 0, 0, false
	}
	for adds {
		var term string
		term, rest, adds = strings.Cut(rest, "+")
		n, err := strconv.ParseUint(term, 10, 32)
		if err != nil {
			return 0, 0, false
		}
		sum += n
	}
	return first[0], sum, true
}

func tight(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// readNumber reads decimal digits, in groups or not, or 0x and hexadecimal ones.
func readNumber(given string) (uint64, bool) {
	given = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == ',' || r == '\'' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, given)
	if hex, isHex := strings.CutPrefix(given, "0x"); isHex {
		n, err := strconv.ParseUint(hex, 16, 64)
		return n, err == nil
	}
	if groups := strings.Split(given, "."); len(groups) > 1 && len(groups[0]) <= 3 && !slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
		given = strings.Join(groups, "")
	}
	n, err := strconv.ParseUint(given, 10, 64)
	return n, err == nil
}

// count is the answer that is a plain number of something.
type count struct {
	n    uint64
	unit string // what is counted, plural: "bytes"; "" for none
}

// length is the count that says how long a header is: words and bytes are easily taken for
// one another there.
type length struct{ count }

func (c count) String() string {
	if c.unit == "" {
		return strconv.FormatUint(c.n, 10)
	}
	return strconv.FormatUint(c.n, 10) + " " + c.unit
}

func (c count) Want() string {
	if c.unit == "" {
		return "a number"
	}
	return "a number of " + c.unit
}

func (c count) Match(given string) (string, bool) {
	read, ok := c.read(given)
	return "", ok && read == c.n
}

func (c count) reads(given string) bool { _, ok := c.read(given); return ok }

func (c count) read(given string) (uint64, bool) {
	given, _ = numberWords(given)
	digits := strings.TrimRight(given, "abcdefghijklmnopqrstuvwxyz× ")
	unit := strings.TrimSpace(given[len(digits):])
	if strings.HasPrefix(given, "0x") || slices.Contains(unitWords[c.unit], unit) {
		return readNumber(strings.TrimSuffix(given, unit))
	}
	return 0, false
}

// unitWords are the words and letters that may stand behind a number of something.
var unitWords = map[string][]string{
	"":      {"", "times", "time", "x", "×", "words", "word", "connections", "connection", "bytes", "byte"},
	"bytes": {"", "bytes", "byte", "b", "octets", "octet"},
}

// span is the answer that is a time between two frames, in nanoseconds.
type span float64

func (s span) String() string { return strconv.FormatFloat(float64(s)/1e6, 'f', 3, 64) + " ms" }
func (span) Want() string     { return "a time, as in 1.5 ms" }

// Match takes an answer that is right to 1 % or to a microsecond, whichever is
// more: what a table shows is rounded.
func (s span) Match(given string) (string, bool) {
	read, form, ok := s.read(given)
	return form, ok && math.Abs(read-float64(s)) <= max(float64(s)/100, 1000)
}

func (s span) reads(given string) bool { _, _, ok := s.read(given); return ok }

// read takes a number with its unit; without one it is milliseconds, as the
// tables have it.
func (span) read(given string) (nanoseconds float64, form string, ok bool) {
	given = strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(given, " ", "")), ".")
	if strings.Count(given, ",") == 1 && !strings.Contains(given, ".") {
		given = strings.Replace(given, ",", ".", 1)
	}
	for _, unit := range []struct {
		name string
		size float64
	}{{"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6}, {"seconds", 1e9}, {"sec", 1e9}, {"ns", 1}, {"µs", 1e3}, {"μs", 1e3}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}} {
		if value, found := strings.CutSuffix(given, unit.name); found {
			n, err := strconv.ParseFloat(value, 64)
			return n * unit.size, "", err == nil
		}
	}
	n, err := strconv.ParseFloat(given, 64)
	return n * 1e6, "milliseconds", err == nil
}
