package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/stepper"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// status is the last line.
func (m *Model) status() string {
	switch {
	case m.prompt != nil:
		line := " " + m.paint(view.Quiet, m.prompt.label+" ("+m.prompt.help+")") + m.paint(view.Strong, " > ") + m.visible([]byte(m.prompt.text)) + m.sign("▏", "_")
		if stepper.Width(bare(line)) > m.width { // what is typed is seen
			line = " " + m.paint(view.Strong, m.prompt.label+" > ") + m.visible([]byte(m.prompt.text)) + m.sign("▏", "_")
		}
		return line
	case m.message.text != "":
		keys := m.dot() + "? keys"
		text := m.pad(" "+m.paint(m.message.tone, m.visible([]byte(m.message.text))), m.width-stepper.Width(keys))
		return text + m.paint(view.Quiet, keys)
	}
	parts := m.keys()
	for _, less := range [...]string{"Tab all", "p predict", "/ find", "b back", "space next"} { // as the screen is narrow
		if stepper.Width(" "+strings.Join(parts, m.dot())) <= m.width {
			break
		}
		parts = slices.DeleteFunc(parts, func(part string) bool { return part == less })
	}
	return m.paint(view.Quiet, " "+strings.Join(parts, m.dot()))
}

// keys are where the viewer is, and the keys that there are.
func (m *Model) keys() (parts []string) {
	where := fmt.Sprintf("%d of %d", min(m.at+1, m.shown()), len(m.entries))
	if len(m.entries) > 0 && !m.isOver {
		where += " so far"
	}
	if m.foresee != nil {
		where = fmt.Sprintf("%d shown, %d of %d right", m.shown(), m.foresee.right, m.foresee.of)
	}
	parts = append(parts, where)
	if m.left > 0 {
		parts = append(parts, fmt.Sprintf("%d more left out", m.left))
	}
	return append(parts, "space next", "b back", "/ find", "p predict", "Tab all", "? keys", "q end")
}

// helpLines are the page of the keys.
func (m *Model) helpLines() []string {
	lines := []string{"", "  The keys", ""}
	for _, k := range [...][2]string{
		{"space, n, right, down", "on by one"},
		{"b, left, up", "back by one"},
		{"PageDown, PageUp", "on and back by a screen"},
		{"Home, End", "the beginning; the end, and follow what comes"},
		{"12 Enter", "frame #12"},
		{"/", "search: flags (SYN+ACK, [S.]), #12, a text (\"ack\")"},
		{"> and <", "the next match, the one before"},
		{"p", "predict: hide what comes next until you have told it"},
		{"Tab", "the whole header; the ladder alone; both"},
		{"d, u", "scroll what is below"},
		{"q, Ctrl-C", "the end"},
		{"Ctrl-Z", "stops; the shell's fg goes on"},
	} {
		lines = append(lines, fmt.Sprintf("  %-24s%s", k[0], k[1]))
	}
	return append(lines, "", "  * marks what changed since the header before in the same direction.")
}
