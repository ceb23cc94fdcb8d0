package explain

import (
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// twin is the same in two languages, side by side where there is room.
type twin struct {
	heads  [2]string
	bodies [2][]string
}

// gutter is what stands between the two.
const gutter = 3

// lines are one of the two as it is shown: tabs are four columns.
func (t twin) lines(i int) []string {
	lines := make([]string, len(t.bodies[i]))
	for n, line := range t.bodies[i] {
		lines[n] = strings.ReplaceAll(line, "\t", "    ")
	}
	return lines
}

func (t twin) render(p *page) {
	left, right := t.lines(0), t.lines(1)
	beside, behind := columns(t.heads[0]), columns(t.heads[1])
	for _, line := range left {
		beside = max(beside, columns(p.text(line)))
	}
	for _, line := range right {
		behind = max(behind, columns(p.text(line)))
	}
	if 2+beside+gutter+behind > p.width {
		for i, lines := range [...][]string{left, right} {
			if i > 0 {
				p.gap()
			}
			p.line(view.Strong, t.heads[i])
			code(lines).render(p)
		}
		return
	}
	pad := func(s string) string { return s + strings.Repeat(" ", beside+gutter-columns(p.text(s))) }
	p.line(view.Strong, "  "+pad(t.heads[0])+t.heads[1])
	for i := range max(len(left), len(right)) {
		line := "  "
		if i < len(left) {
			line += pad(left[i])
		} else {
			line += pad("")
		}
		if i < len(right) {
			line += right[i]
		}
		p.line(view.Plain, line)
	}
}
