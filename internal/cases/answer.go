package cases

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An Answer is what a program says of a capture.
type Answer struct {
	Conversations, Segments, Story []Row  // the views of these names
	Messages                       string // on standard error
}

// A Row is a row of a view: texts, json.Numbers, bools, lists of them.
type Row = map[string]any

// subject is what claims are of.
type subject struct {
	kind    string // capture, conversation, frame
	numbers []int
	claims  []claim
}

func (s *subject) empty() bool { return len(s.claims) == 0 }

// claim is one thing that must hold.
type claim struct {
	line int
	text string
	// holds says what was found, and whether that is right. row is that of the
	// subject, nil for the capture.
	holds func(a *Answer, row Row) (said any, ok bool)
}

// Check tells which claims do not hold, one text each.
func (c *Case) Check(a *Answer) (wrong []string) {
	conversations, segments := rowsBy("tcp.stream", a.Conversations), rowsBy("frame.number", a.Segments)
	for _, s := range c.subjects {
		for _, cl := range s.claims {
			numbers, rows := s.numbers, segments
			switch s.kind {
			case "capture":
				numbers, rows = []int{0}, map[string]Row{"0": nil}
			case "conversation":
				rows = conversations
			}
			for _, n := range numbers {
				row, is := rows[strconv.Itoa(n)]
				said, ok := any("there is none"), false
				if is {
					said, ok = cl.holds(a, row)
				}
				if !ok {
					who := s.kind
					if who != "capture" {
						who += " " + strconv.Itoa(n)
					}
					wrong = append(wrong, fmt.Sprintf("line %d: %s: %s: said %v", cl.line, who, cl.text, text(said)))
				}
			}
		}
	}
	return wrong
}

func rowsBy(key string, rows []Row) map[string]Row {
	by := make(map[string]Row)
	for _, r := range rows {
		if n, ok := r[key]; ok {
			by[text(n)] = r
		}
	}
	return by
}

// text is a value as a script has it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case []any:
		var parts []string
		for _, m := range v {
			parts = append(parts, text(m))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}

// answer reads a line after ---.
func (c *Case) answer(line string, number, frames int) {
	if line[0] == ' ' || line[0] == '\t' {
		if len(c.subjects) == 0 {
			fail("a claim stands before its subject")
		}
		c.claims(line, number, frames)
		return
	}
	head, rest, ok := strings.Cut(line, ":")
	words := strings.Fields(strings.ReplaceAll(head, ",", " "))
	if !ok || len(words) == 0 {
		fail("a subject is missing: capture:, conversation 0: or frame 1:")
	}
	if len(c.subjects) > 0 && c.subjects[len(c.subjects)-1].empty() {
		fail("nothing is claimed of the subject before")
	}
	s := subject{kind: strings.TrimSuffix(words[0], "s")}
	for _, w := range words[1:] {
		from, to, isRange := strings.Cut(w, "-")
		first := parsed(from)
		last := first
		if isRange {
			last = parsed(to)
		}
		if last < first || last-first > 10000 {
			fail("%s is no range", w)
		}
		for n := first; n <= last; n++ {
			if s.kind == "frame" && (n < 1 || n > frames) {
				fail("there is no frame %d", n)
			}
			s.numbers = append(s.numbers, n)
		}
	}
	switch {
	case s.kind != "capture" && s.kind != "conversation" && s.kind != "frame":
		fail("%q is no subject: want capture, conversation or frame", words[0])
	case s.kind == "capture" && len(s.numbers) > 0:
		fail("the capture has no number")
	case s.kind != "capture" && len(s.numbers) == 0:
		fail("which %s? say %s 1:", s.kind, s.kind)
	}
	c.subjects = append(c.subjects, s)
	c.claims(rest, number, frames)
}

func parsed(digits string) int { return int(number(strings.TrimSpace(digits), math.MaxInt32)) }

// claims reads claims of the last subject.
func (c *Case) claims(line string, number, frames int) {
	s := &c.subjects[len(c.subjects)-1]
	for part := range strings.SplitSeq(line, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		s.claims = append(s.claims, claim{number, part, s.claim(part, frames)})
	}
}

type check = func(a *Answer, row Row) (said any, ok bool)

// claim reads one claim.
func (s *subject) claim(said string, frames int) check {
	word, rest, _ := strings.Cut(said, " ")
	rest = strings.TrimSpace(rest)
	if strings.Contains(word, ".") {
		return keyClaim(word, rest)
	}
	of, find := "", check(nil)
	switch word {
	case "conversations", "segments":
		of, find = "capture", rowCount(word, parsed(rest))
	case "says":
		of, find = "capture", pattern(rest, func(a *Answer, _ Row) string { return a.everything() })
	case "verdict":
		of, find = "conversation", pattern(rest, func(_ *Answer, row Row) string { return verdict(row) })
	case "frames":
		of, find = "conversation", members("lab.verdict_frames", rest, func(n string) string {
			if f := parsed(n); f < 1 || f > frames {
				fail("there is no frame %s", n)
			}
			return n
		})
	case "ending":
		of, find = "conversation", among("lab.ending", rest)
	case "sentence":
		of, find = "frame", pattern(rest, func(a *Answer, row Row) string { return a.sentence(row) })
	case "flags":
		of, find = "frame", members("tcp.analysis.flags", rest, oneOf(analysisFlags))
	case "client", "server":
		of, find = s.kind, among("lab."+word+"_state", rest)
		for _, state := range alternatives(strings.TrimPrefix(rest, "not ")) {
			oneOf(states)(state)
		}
		if s.kind == "capture" {
			of = "conversation"
		}
	default:
		fail("%q begins no claim", word)
	}
	if of != s.kind {
		fail("%s is claimed of a %s, not of a %s", word, of, s.kind)
	}
	return find
}

var states = strings.Fields("CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT -")

// analysisFlags are Wireshark's words.
var analysisFlags = strings.Fields(`retransmission fast_retransmission spurious_retransmission out_of_order lost_segment
	ack_lost_segment duplicate_ack keep_alive keep_alive_ack zero_window zero_window_probe zero_window_probe_ack window_update
	window_full reused_ports`)

// oneOf passes what is in the list.
func oneOf(list []string) func(string) string {
	return func(w string) string {
		if !slices.Contains(list, w) {
			fail("%q is none of %s", w, strings.Join(list, ", "))
		}
		return w
	}
}

// alternatives are the parts of "A or B".
func alternatives(text string) []string {
	parts := strings.Split(text, " or ")
	for i, p := range parts {
		if parts[i] = strings.TrimSpace(p); parts[i] == "" {
			fail("%q: a value is missing", text)
		}
	}
	return parts
}

func rowCount(view string, want int) check {
	return func(a *Answer, _ Row) (any, bool) {
		rows := a.Segments
		if view == "conversations" {
			rows = a.Conversations
		}
		return len(rows), len(rows) == want
	}
}

var nameOfPattern = regexp.MustCompile(`@\w+`)

// pattern reads "~ PATTERN" or "!~ PATTERN", which is looked for in what in gives.
func pattern(rest string, in func(*Answer, Row) string) check {
	sign, expression, _ := strings.Cut(rest, " ")
	if sign != "~" && sign != "!~" {
		fail("a pattern stands after ~ or !~")
	}
	if expression = strings.TrimSpace(expression); expression == "" {
		fail("the pattern is missing")
	}
	expression = nameOfPattern.ReplaceAllStringFunc(expression, func(name string) string {
		if Words[name] == "" {
			fail("no pattern is called %s", name)
		}
		return "(?:" + Words[name] + ")"
	})
	find, err := regexp.Compile("(?i)" + expression)
	if err != nil {
		fail("%v", err)
	}
	return func(a *Answer, row Row) (any, bool) {
		text := in(a, row)
		return text, find.MatchString(text) == (sign == "~")
	}
}

// members reads "A, B", "A or B" or "not A, B" of the list that key holds.
func members(key, rest string, valid func(string) string) check {
	rest, not := strings.CutPrefix(rest, "not ")
	all := strings.Split(rest, ",")
	some := strings.Contains(rest, " or ")
	if some {
		all = alternatives(rest)
	}
	if some && not {
		fail("say not A, B")
	}
	for i, m := range all {
		all[i] = valid(strings.TrimSpace(m))
	}
	return func(_ *Answer, row Row) (any, bool) {
		list, _ := row[key].([]any)
		is := func(m string) bool { return slices.ContainsFunc(list, func(v any) bool { return text(v) == m }) }
		isNot := func(m string) bool { return !is(m) }
		switch {
		case some:
			return row[key], slices.ContainsFunc(all, is)
		case not:
			return row[key], !slices.ContainsFunc(all, is)
		}
		return row[key], !slices.ContainsFunc(all, isNot)
	}
}

// among reads "A or B" or "not A or B" of what key holds.
func among(key, rest string) check {
	rest, not := strings.CutPrefix(rest, "not ")
	values := alternatives(rest)
	return func(_ *Answer, row Row) (any, bool) {
		return row[key], slices.ContainsFunc(values, func(v string) bool { return equal(row[key], v) }) != not
	}
}

// keyClaim reads "= A or B" or "= A +- B" of a key.
func keyClaim(key, rest string) check {
	sign, value, _ := strings.Cut(rest, " ")
	if sign != "=" || strings.TrimSpace(value) == "" {
		fail("a key stands before = and its value")
	}
	middle, far, isNear := strings.Cut(value, "+-")
	if !isNear {
		return among(key, value)
	}
	a, fine := rational(middle)
	b, fine2 := rational(far)
	if !fine || !fine2 {
		fail("+- stands between numbers")
	}
	return func(_ *Answer, row Row) (any, bool) {
		is, ok := rational(text(row[key]))
		if !ok {
			return row[key], false
		}
		distance := is.Sub(is, a)
		return row[key], distance.Abs(distance).Cmp(b) <= 0
	}
}

func rational(text string) (*big.Rat, bool) { return new(big.Rat).SetString(strings.TrimSpace(text)) }

// equal reports whether a row's value is what a script says, numbers by what
// they amount to.
func equal(v any, want string) bool {
	said := text(v)
	if said == want {
		return true
	}
	a, isNumber := rational(said)
	b, wantsNumber := rational(want)
	return isNumber && wantsNumber && a.Cmp(b) == 0
}

// verdict is the verdict of a conversation's row, its name and its text.
func verdict(row Row) string { return text(row["lab.verdict"]) + ": " + text(row["lab.verdict_text"]) }

// sentence is the story's sentence about a segment.
func (a *Answer) sentence(segment Row) string {
	for _, row := range a.Story {
		if said, ok := row["lab.sentence"].(string); ok && text(row["frame.number"]) == text(segment["frame.number"]) {
			return said
		}
	}
	return ""
}

// everything is all that is said of the whole.
func (a *Answer) everything() string {
	var said []string
	for _, row := range a.Conversations {
		said = append(said, verdict(row))
	}
	for _, row := range a.Story {
		if remark, ok := row["lab.remark"].(string); ok {
			said = append(said, remark)
		}
	}
	return strings.Join(append(said, strings.TrimSpace(a.Messages)), " / ")
}
