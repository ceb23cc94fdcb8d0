package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// markup is a part of a page under way. A page is HTML that is well-formed XML as well,
// has no script, and refers to nothing outside.
type markup struct{ buf []byte }

// raw appends markup of our own.
func (m *markup) raw(parts ...string) {
	for _, part := range parts {
		m.buf = append(m.buf, part...)
	}
}

// say appends text.
func (m *markup) say(text string) { m.buf = appendEscaped(m.buf, text) }

// in appends an element with a text.
func (m *markup) in(element, class, text string) {
	m.raw("<", element)
	if class != "" {
		m.raw(` class="`, class, `"`)
	}
	m.raw(">")
	m.say(text)
	m.raw("</", element, ">")
}

//go:embed page.css
var layout string

// classes are those of tones.
var classes = [view.Tones]string{view.Strong: "strong", view.Quiet: "quiet", view.OfX: "x", view.OfY: "y", view.Called: "called",
	view.Good: "good", view.Bad: "bad", view.Remarked: "remarked"}

// numberOfFields is of how many fields and options a header can consist: the fixed ones,
// and 40 bytes of options.
const numberOfFields = 18 + 40

// style is the page's only style sheet.
var style = func() string {
	var b strings.Builder
	inks := func(onLight bool) {
		b.WriteString(":root {")
		for tone, class := range classes {
			if hex := palette.Hex(view.Tone(tone), onLight); class != "" && hex != "" {
				b.WriteString(" --" + class + ": " + hex + ";")
			}
		}
		for n := range numberOfClients {
			b.WriteString(" --client-" + strconv.Itoa(n) + ": " + palette.Hex(palette.Client(n), onLight) + ";")
		}
		b.WriteString(" }\n")
	}
	inks(true)
	b.WriteString("@media screen and (prefers-color-scheme: dark) {\n")
	inks(false)
	b.WriteString("}\n" + layout)
	for tone, class := range classes {
		if palette.Hex(view.Tone(tone), true) != "" {
			b.WriteString("." + class + " { color: var(--" + class + "); }\n")
		}
	}
	for n := range numberOfClients {
		is := strconv.Itoa(n)
		b.WriteString(".client-" + is + " { color: var(--client-" + is + "); }\n")
	}
	lit := make([]string, numberOfFields)
	for n := range lit {
		f := ".f" + strconv.Itoa(n)
		lit[n] = ".header:has(" + f + ":hover, " + f + " :checked, " + f + " :focus-visible) " + f
	}
	b.WriteString(strings.Join(lit, ",\n") + " { background: var(--lit); color: var(--ink); --quiet: var(--ink); --x: var(--ink); --y: var(--ink); --good: var(--ink); }\n")
	return b.String()
}()

// numberOfClients is how many inks clients have.
const numberOfClients = 6

// policy lets a page have this style, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}()

// begin appends what stands before a page's content: its head and its title.
func (m *markup) begin(title string, links ...string) {
	m.raw("<!DOCTYPE html>\n", `<html lang="en" xmlns="http://www.w3.org/1999/xhtml">`, "\n<head>\n", `<meta charset="utf-8"/>`, "\n",
		`<meta http-equiv="Content-Security-Policy" content="`, policy, `"/>`, "\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1"/>`, "\n<title>")
	m.say(title)
	m.raw("</title>\n<style>", style, "</style>\n</head>\n<body>\n<header>\n<h1>")
	m.say(title)
	m.raw("</h1>\n")
	if len(links) > 0 {
		m.raw(`<nav aria-label="On this page"><ul>`)
		for i := 0; i < len(links); i += 2 {
			m.raw(`<li><a href="#`, links[i], `">`, links[i+1], "</a></li>")
		}
		m.raw("</ul></nav>\n")
	}
	m.raw(`<fieldset class="size"><legend>Letters</legend>`)
	for i, name := range [...]string{"ordinary", "large", "for a hall"} {
		is := strconv.Itoa(i + 1)
		m.raw(`<label><input type="radio" name="size" id="size-`, is, `"`)
		if i == 0 {
			m.raw(` checked="checked"`)
		}
		m.raw("/> ", name, "</label> ")
	}
	m.raw("</fieldset>\n</header>\n<main>\n")
}

// finish appends what ends a page.
func (m *markup) finish(key string) {
	m.raw("</main>\n<footer>\n")
	if key != "" {
		m.in("p", "", key)
		m.raw("\n")
	}
	m.raw("<p>Written by handshake-lab. x and everything that counts from it is blue, y orange; words and numbers say the same.</p>\n</footer>\n</body>\n</html>\n")
}

// pageTitle is what a page is called.
func pageTitle(section, what string, o present.Options) string {
	return pictureTitle(section, what, o.Source, nil)
}

// classOf is a class attribute for a tone, with others before it.
func classOf(tone view.Tone, others string) string {
	is := strings.TrimSpace(others + " " + classes[tone])
	if is == "" {
		return ""
	}
	return ` class="` + is + `"`
}

// seen is text made visible.
func seen(text string) string { return string(visible.Append(nil, text, visible.Screen)) }
