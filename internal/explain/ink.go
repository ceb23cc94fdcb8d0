package explain

import (
	"regexp"
	"sync"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// special is what has colours of its own wherever the reference speaks of it, as it
// has them in the story: numbers that count from x or y, and flag bytes.
var special = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[ (=+-])(?:([xy](?: \+ 1)?)(?:[ ),.;:]|$)|([01]{8}|[CEUAPRSF·]{8})(?:[ ):,.;]|$))`)
})

// paint appends text of a tone, and what is special in it in colours of its own.
func (p *page) paint(dst []byte, tone view.Tone, s string) []byte {
	text := []byte(s)
	if p.ink == nil || tone != view.Plain && tone != palette.Label {
		return p.ink.Append(dst, tone, text)
	}
	for {
		m := special().FindSubmatchIndex(text)
		if m == nil {
			return p.ink.Append(dst, tone, text)
		}
		if begin, end := m[2], m[3]; begin >= 0 {
			of := view.OfX
			if text[begin] == 'y' {
				of = view.OfY
			}
			dst = p.ink.Append(p.ink.Append(dst, tone, text[:begin]), of, text[begin:end])
			text = text[end:]
		} else {
			begin, end := m[4], m[5]
			dst = p.ink.AppendBits(p.ink.Append(dst, tone, text[:begin]), view.Strong, text[begin:end])
			text = text[end:]
		}
	}
}
