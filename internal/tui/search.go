package tui

import (
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// search finds the next entry: a frame by its number, a segment by its flags, or any
// by its text.
func (m *Model) search(text string) {
	if text == "" {
		text = m.found
	}
	if m.found = text; text == "" {
		return
	}
	m.find(text, 1)
}

// find looks from the chosen entry on, over the end too.
func (m *Model) find(text string, by int) {
	if text == "" {
		m.tell("nothing was searched for yet: / does")
		return
	}
	if strings.HasPrefix(text, "#") {
		m.jump(text)
		return
	}
	matches, what := m.matcher(text)
	n := m.shown()
	for step := 1; step <= n; step++ {
		at := ((m.at+by*step)%n + n) % n
		if !matches(&m.entries[at]) {
			continue
		}
		switch {
		case at == m.at:
			m.tell("only here: " + what)
		case by > 0 && at < m.at:
			m.tell("from the beginning again: " + what)
		case by < 0 && at > m.at:
			m.tell("from the end again: " + what)
		default:
			m.tell(what)
		}
		m.at, m.follows = at, false
		return
	}
	m.warn("not found: " + what)
}

// matcher is what an entry must be like. Flags are meant exactly, as far as there are
// such segments; "quotes" mean a text.
func (m *Model) matcher(text string) (matches func(*entry) bool, what string) {
	if set, ok := quiz.ReadFlags(text); ok {
		exactly := func(e *entry) bool { return e.event() != nil && e.event().Segment.Flags&^reserved == set }
		for i := range m.shown() {
			if exactly(&m.entries[i]) {
				return exactly, fmt.Sprintf("segments with %s and no other flag", set)
			}
		}
		return func(e *entry) bool { return e.event() != nil && e.event().Segment.Flags.Has(set) }, fmt.Sprintf("segments with %s", set)
	}
	text = strings.ToLower(strings.Trim(text, `"`))
	return func(e *entry) bool {
		all := e.title.text + "\n" + e.sentence
		for _, line := range e.lines {
			all += "\n" + bare(line)
		}
		for _, remark := range e.remarks {
			all += "\n" + remark.text
		}
		return strings.Contains(strings.ToLower(all), text)
	}, fmt.Sprintf("%q", text)
}

// reserved are the bits before the flags that have no name.
const reserved = ^decode.Flags(0x1ff)

// bare is a line without its colours.
func bare(line string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(line, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, line, _ = strings.Cut(after, "m")
	}
}
