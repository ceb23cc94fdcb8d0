package tui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// Model is what is seen, and where its viewer is: a pure function of the moments, the
// size and the keys.
type Model struct {
	options present.Options
	ink     *palette.Palette // nil for no colours
	width   int
	height  int

	artist  *artist
	entries []entry
	taken   int  // moments of the book
	left    int  // that were left out
	isOver  bool // there will be no more

	at      int    // the chosen entry
	follows bool   // the end, as it comes
	layout  layout // what has the screen
	scroll  int    // lines of what is below, or of the help
	help    bool
	prompt  *prompt // nil where nothing is typed
	found   string  // what was searched for last
	message words   // at the bottom, until the next key
	foresee *foresee

	quits, interrupts bool // the viewer has left
}

// layout is what has the screen.
type layout uint8

const (
	both layout = iota
	headerAlone
	ladderAlone
	layouts
)

// New is a model without moments.
func New(o present.Options, width, height int) *Model {
	m := &Model{options: o}
	if o.Color {
		m.ink = palette.For(o.Screen)
	}
	m.Resize(width, height)
	return m
}

// Resize draws everything anew for another size.
func (m *Model) Resize(width, height int) {
	if width == m.width && height == m.height {
		return
	}
	m.height = height
	if width == m.width {
		return
	}
	m.width = width
	m.artist = newArtist(m.options, m.ladderWidth()-gutter)
	old := m.entries
	m.entries = nil
	for i := range old {
		m.take(old[i].moment)
	}
}

// gutter is the mark of the chosen entry, at the left of the ladder.
const gutter = 2

// Take takes further moments.
func (m *Model) Take(moments []timeline.Moment, left int, isOver bool) {
	for i := range moments {
		m.take(moments[i])
	}
	m.taken += len(moments)
	m.left, m.isOver = left, isOver
	if m.follows && m.foresee == nil {
		m.at = max(len(m.entries)-1, 0)
	}
}

func (m *Model) take(moment timeline.Moment) {
	if e, ok := m.artist.draw(moment); ok {
		m.entries = append(m.entries, e)
	}
}

// shown is how many entries may be seen.
func (m *Model) shown() int {
	if m.foresee != nil {
		return min(m.foresee.shown, len(m.entries))
	}
	return len(m.entries)
}

// Press does what a key says: its name, and what it writes, "" for nothing.
func (m *Model) Press(key, text string) {
	m.message = words{}
	switch {
	case key == "ctrl+c":
		m.quits, m.interrupts = true, true
	case m.prompt != nil:
		m.typed(key, text)
	case m.help:
		m.inHelp(key)
	case key == "q" || key == "ctrl+d":
		m.quits = true
	default:
		m.command(key, text)
	}
}

func (m *Model) inHelp(key string) {
	switch key {
	case "down", "j", "space", "pgdown", "f", "d":
		m.scroll++
	case "up", "k", "b", "pgup", "u":
		m.scroll = max(m.scroll-1, 0)
	default:
		m.help, m.scroll = false, 0
	}
}

// command does what a key says where nothing is typed.
func (m *Model) command(key, text string) {
	read := m.foresee != nil && m.foresee.wait // what was said about the answers
	if read {
		m.foresee.wait, m.foresee.log = false, nil
	}
	scroll := m.scroll
	m.scroll = 0
	switch key {
	case "space", "n", "right", "down", "j", "enter":
		if !read { // first the segment itself is seen
			m.next()
		}
	case "b", "left", "up", "k", "backspace":
		m.move(-1)
	case "pgdown", "f":
		m.page(1)
	case "pgup":
		m.page(-1)
	case "home", "g":
		m.move(-m.at)
	case "end", "G", "shift+g":
		m.move(m.shown())
		m.follows = true
	case "tab":
		m.layout = (m.layout + 1) % layouts
	case "shift+down", "]", "d":
		m.scroll = scroll + 1
	case "shift+up", "[", "u":
		m.scroll = max(scroll-1, 0)
	case "/":
		m.prompt = &prompt{label: "search", help: "flags, a frame or a text: SYN+ACK, [S.], #12, Alice", enter: m.search}
	case ">", "N", "shift+n":
		m.search(m.found)
	case "<":
		m.find(m.found, -1)
	case "p":
		m.predict()
	case "esc":
		if m.foresee != nil {
			m.endForesee()
		}
	case "?", "h":
		m.help = true
	default:
		if len(text) == 1 && text[0] >= '0' && text[0] <= '9' || text == "#" {
			m.prompt = &prompt{label: "frame", text: strings.TrimPrefix(text, "#"), help: "its number", enter: m.jump}
		}
	}
}

// next goes on by one, or asks what comes next.
func (m *Model) next() {
	if m.foresee != nil && m.at == m.shown()-1 || m.foresee != nil && m.shown() == 0 {
		m.ask()
		return
	}
	m.move(1)
}

func (m *Model) move(by int) {
	before := m.at
	m.at = max(min(m.at+by, m.shown()-1), 0)
	m.follows = false
	switch {
	case before != m.at:
	case by > 0 && !m.isOver:
		m.tell("that is all so far: more is awaited")
	case by > 0:
		m.tell("that is the end")
	case by < 0:
		m.tell("that is the beginning")
	}
}

// page goes on by as many entries as fill the ladder.
func (m *Model) page(by int) {
	_, room := m.rooms()
	used, n := 0, 0
	for i := m.at; i >= 0 && i < m.shown() && used < room; i += by {
		used += len(m.entries[i].lines)
		n++
	}
	m.move(by * max(n-1, 1))
}

// jump goes to a frame.
func (m *Model) jump(text string) {
	number, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(text), "#"))
	if err != nil {
		m.warn(fmt.Sprintf("%q is no number", text))
		return
	}
	for i := range m.shown() {
		if m.entries[i].frame() == number {
			m.at, m.follows = i, false
			return
		}
	}
	m.warn(fmt.Sprintf("there is no frame #%d here", number))
}
