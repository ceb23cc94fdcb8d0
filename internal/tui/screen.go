package tui

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// wide is from how many columns on the ladder has what belongs to it beside it.
const wide = 160

// ladderWidth is how many columns the ladder has.
func (m *Model) ladderWidth() int {
	if m.width >= wide {
		return min(m.width/2, 100)
	}
	return m.width
}

// rooms are how many lines what belongs to the chosen entry has, and the ladder below
// its head.
func (m *Model) rooms() (below, ladder int) {
	lines := m.height - 1 // the last is the status
	switch {
	case m.layout == headerAlone:
		return max(lines-1, 1), 0
	case m.layout == ladderAlone:
		return 0, max(lines-1, 1)
	case m.width >= wide:
		return lines, max(lines-1, 1)
	}
	below = min((lines-1)/2+1, 14) // as much as most headers need
	return below, max(lines-below-2, 1)
}

// View is the screen, line by line.
func (m *Model) View() string {
	lines := m.lines()
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	lines = append(lines[:max(m.height-1, 0)], m.status())
	for i := range lines {
		lines[i] = m.fit(lines[i], m.width)
	}
	return strings.Join(lines, "\n")
}

// fit cuts a line to so many columns; no colour goes on beyond it.
func (m *Model) fit(line string, columns int) string {
	cut := stepper.Cut(line, columns)
	if len(cut) < len(line) && m.ink != nil {
		cut += palette.Off
	}
	return cut
}

// pad is fit with blanks behind it.
func (m *Model) pad(line string, columns int) string {
	line = m.fit(line, columns)
	return line + strings.Repeat(" ", max(columns-stepper.Width(bare(line)), 0))
}

func (m *Model) lines() []string {
	below, ladder := m.rooms()
	switch {
	case m.help:
		return m.from(m.helpLines(), m.height-1)
	case len(m.entries) == 0:
		return m.awaiting()
	case m.layout == headerAlone:
		return append([]string{m.rule(m.width)}, m.whole(m.width, below)...)
	case m.layout == ladderAlone:
		return m.drawLadder(ladder)
	case m.width >= wide:
		left := m.drawLadder(ladder)
		const apart = 1
		right := m.whole(m.width-m.ladderWidth()-2*apart-1, below)
		var lines []string
		bar := m.paint(view.Quiet, m.sign("│", "|"))
		for i := range m.height - 1 {
			line := m.pad(at(left, i), m.ladderWidth()) + " " + bar + " " + at(right, i)
			lines = append(lines, line)
		}
		return lines
	}
	lines := m.drawLadder(ladder)
	for len(lines) < ladder+1 {
		lines = append(lines, "")
	}
	return append(append(lines, m.rule(m.width)), m.short(m.width, below)...)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func (m *Model) paint(tone view.Tone, text string) string {
	return string(m.ink.Append(nil, tone, []byte(text)))
}

func (m *Model) sign(drawn, ascii string) string {
	if m.options.ASCII {
		return ascii
	}
	return drawn
}

// awaiting is seen before the first moment.
func (m *Model) awaiting() []string {
	text := "Nothing has come yet: the first moment is shown as soon as it does."
	if m.isOver {
		text = "There is nothing to show."
	}
	p := say(view.Plain, text)
	return append([]string{""}, p.lines(m.ink, m.width)...)
}

// drawLadder draws so many lines of the ladder, below its head: the chosen entry and
// what stands around it.
func (m *Model) drawLadder(room int) []string {
	lines := []string{"  " + m.artist.head}
	shown := m.shown()
	if shown == 0 {
		return lines
	}
	// The chosen entry is whole, if there is room, and a third of the screen is for
	// what comes after it.
	size, behind := len(m.entries[m.at].lines), 0
	for i := m.at + 1; i < shown && behind < room/3; i++ {
		behind += len(m.entries[i].lines)
	}
	behind = min(behind, room/3)
	var above []string
	most := max(room-size-behind, 0)
	for i := m.at - 1; i >= 0 && len(above) < most; i-- {
		above = append(m.entryLines(i), above...)
	}
	above = above[max(len(above)-most, 0):]
	lines = append(append(lines, above...), m.entryLines(m.at)...)
	for i := m.at + 1; i < shown && len(lines) < room+1; i++ {
		lines = append(lines, m.entryLines(i)...)
	}
	return lines[:min(len(lines), room+1)]
}

// entryLines are the lines of an entry, with a mark where it is chosen.
func (m *Model) entryLines(i int) []string {
	mark := "  "
	if i == m.at && m.shown() > 0 {
		mark = m.paint(view.Strong, m.sign("▌", ">")) + " "
	}
	lines := make([]string, len(m.entries[i].lines))
	for n, line := range m.entries[i].lines {
		lines[n] = mark + line
	}
	return lines
}

// rule is the line between the ladder and what belongs to the chosen entry.
func (m *Model) rule(width int) string {
	dash := m.sign("─", "-")
	title := m.name()
	line := m.paint(view.Quiet, strings.Repeat(dash, 2)) + " " + m.paint(palette.Title, title) + " "
	rest := max(width-3-stepper.Width(title)-1, 0)
	return line + m.paint(view.Quiet, strings.Repeat(dash, rest))
}

// name is what the chosen entry is called.
func (m *Model) name() string {
	if m.shown() == 0 {
		return "What comes first?"
	}
	if m.isAsking() {
		return "What comes next?"
	}
	if title, _ := m.header(); title != "" {
		return title
	}
	return m.entries[m.at].title.text
}

// isAsking reports whether what comes next is asked for, or was just answered.
func (m *Model) isAsking() bool {
	return m.foresee != nil && (m.prompt != nil && m.foresee.questions != nil && m.foresee.asked < len(m.foresee.questions))
}

// short is what belongs to the chosen entry, where there is little room.
func (m *Model) short(width, room int) []string {
	if lines, ok := m.predicted(width, room); ok {
		return lines
	}
	lines := m.meaning(width)
	_, fields := m.header()
	list := m.words32(fields)
	if len(list) > 0 && len(lines)+len(list) > room {
		list = list[1:] // the ports, which are those of the whole connection
	}
	for _, word := range list {
		lines = append(lines, word.lines(m.ink, width)...)
	}
	return m.from(lines, room)
}

// whole is what belongs to the chosen entry, all of it.
func (m *Model) whole(width, room int) []string {
	if lines, ok := m.predicted(width, room); ok {
		return lines
	}
	lines := m.meaning(width)
	for _, name := range [...]string{"endpoints", "header"} {
		if table := m.table(name, width); table != nil {
			lines = append(append(lines, ""), table...)
		}
	}
	return m.from(lines, room)
}

// meaning is what the chosen entry means, and where both ends are then.
func (m *Model) meaning(width int) (lines []string) {
	e := &m.entries[m.at]
	add := func(p paragraph) { lines = append(lines, p.lines(m.ink, width)...) }
	if e.sentence != "" {
		add(say(view.Plain, e.sentence))
	} else {
		add(say(e.title.tone, e.title.text))
	}
	for _, remark := range e.remarks {
		add(say(remark.tone, remark.text))
	}
	if len(e.states) > 0 {
		add(m.sides())
	}
	return lines
}

// predicted is what is asked for, and what was said about the answers.
func (m *Model) predicted(width, room int) ([]string, bool) {
	f := m.foresee
	if f == nil {
		return nil, false
	}
	if f.log == nil && !m.isAsking() {
		if m.shown() == 0 {
			p := say(view.Quiet, "All is hidden yet: space asks what comes first.")
			return p.lines(m.ink, width), true
		}
		return nil, false
	}
	var lines []string
	for _, p := range f.log {
		lines = append(lines, p.lines(m.ink, width)...)
	}
	if m.isAsking() {
		p := say(view.Strong, f.questions[f.asked].Ask)
		lines = append(lines, p.lines(m.ink, width)...)
	}
	return lines[max(len(lines)-room, 0):], true
}

// from are the lines that there is room for, from where the viewer has scrolled to.
func (m *Model) from(lines []string, room int) []string {
	m.scroll = max(min(m.scroll, len(lines)-room), 0)
	lines = lines[m.scroll:]
	if len(lines) <= room {
		return lines
	}
	lines = append([]string(nil), lines[:room]...)
	if room > 1 {
		lines[room-1] = m.paint(view.Quiet, m.sign("… ", "... ")+"d on, u back, Tab: all of it")
	}
	return lines
}
