package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// prompt is a line that the viewer types.
type prompt struct {
	label, help string
	text        string
	enter       func(text string)
	leave       func() // where it is left without an answer; may be nil
}

// mostTyped is how long a line may be, in bytes.
const mostTyped = 200

// typed edits the line, and ends it.
func (m *Model) typed(key, text string) {
	p := m.prompt
	switch key {
	case "enter":
		m.prompt = nil
		p.enter(strings.TrimSpace(p.text))
	case "esc", "ctrl+d":
		m.prompt = nil
		if p.leave != nil {
			p.leave()
		}
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(p.text)
		p.text = p.text[:len(p.text)-size]
	case "ctrl+u":
		p.text = ""
	default:
		p.insert(text)
	}
}

// insert puts text at the end of the line, without what does not belong on one.
func (p *prompt) insert(text string) {
	for _, r := range text {
		if unicode.IsPrint(r) && len(p.text)+utf8.RuneLen(r) <= mostTyped {
			p.text += string(r)
		}
	}
}

// Paste takes text that was pasted.
func (m *Model) Paste(text string) {
	if m.prompt != nil {
		m.prompt.insert(text)
	}
}

func (m *Model) tell(text string) { m.message = words{tone: view.Quiet, text: text} }
func (m *Model) warn(text string) { m.message = words{tone: view.Bad, text: text} }
