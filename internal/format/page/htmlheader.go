package page

import (
	"fmt"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// header writes a header: as a grid of 32 bits a row, as bytes, and field by field. What
// belongs to field n has the class fn; of a field that is hovered over, chosen or
// focused all of that lights up. The fields of a grid are one group of radio buttons, so
// that the arrow keys go through them.
func (m *markup) header(h *header) {
	frame := strconv.Itoa(h.frame)
	m.raw(`<section class="header" id="header-`, frame, `" aria-labelledby="title-`, frame, `">`, "\n", `<h3 id="title-`, frame, `">`)
	m.say(h.title)
	m.raw("</h3>\n", `<div class="ruler" aria-hidden="true">`)
	for bit := range perRow {
		m.raw("<span>", strconv.Itoa(bit), "</span>")
	}
	m.raw("</div>\n", `<div class="bitmap" role="radiogroup" aria-labelledby="title-`, frame, `">`, "\n")
	next := 0
	for i := range h.fields {
		f := &h.fields[i]
		for ; next < f.first; next++ { // what is neither field nor option
			m.raw(`<span class="w1"></span>`)
		}
		m.field(f, i, frame)
		next = f.last + 1
	}
	m.raw("</div>\n", `<p><label class="nothing"><input type="radio" name="field-`, frame, `" checked="checked"/>mark nothing</label></p>`, "\n")
	m.bytes(h)
	m.fields(h)
	m.facts(h.filters)
	m.raw("</section>\n")
}

// classOfField is the class of what belongs to a field.
func classOfField(n int) string { return "f f" + strconv.Itoa(min(n, numberOfFields-1)) }

// field writes the boxes of a field: one for each row that it has bits in.
func (m *markup) field(f *field, n int, frame string) {
	longest := 0
	for from := f.first; from <= f.last; from = rowEnd(from) {
		longest = max(longest, min(rowEnd(from), f.last+1)-from)
	}
	named := false
	for from := f.first; from <= f.last; from = rowEnd(from) {
		size := min(rowEnd(from), f.last+1) - from
		class := classOfField(n) + " w" + strconv.Itoa(size)
		if f.isSet() {
			class += " set"
		}
		bits := f.bits[min(from-f.first, len(f.bits)):min(from-f.first+size, len(f.bits))]
		if named || size < longest {
			m.raw(`<span class="`, class, `" aria-hidden="true">`)
			m.columns(bits)
			m.raw("</span>\n")
			continue
		}
		named = true
		if size == 1 {
			class += " one"
		}
		m.raw(`<label class="`, class, `"><input type="radio" name="field-`, frame, `"/>`, `<span class="what">`)
		m.say(f.name)
		m.raw("</span>")
		if size > 1 {
			m.raw(`<span class="worth"><bdi`, classOf(f.tone, "value"), ">")
			m.say(f.value)
			m.raw("</bdi>")
			if f.meaning != "" && size > 4 {
				m.raw(` <bdi class="sense">`)
				m.say(f.meaning)
				m.raw("</bdi>")
			}
			m.raw("</span>")
		}
		m.columns(bits)
		m.raw("</label>\n")
	}
}

// columns writes bits, each in its column.
func (m *markup) columns(bits string) {
	m.raw(`<span class="bits">`)
	for _, bit := range bits {
		if bit == '1' {
			m.raw("<b>1</b>")
		} else {
			m.raw("<i>0</i>")
		}
	}
	m.raw("</span>")
}

// bytes writes the header as bytes, each with the fields that have bits in it.
func (m *markup) bytes(h *header) {
	m.raw(`<ol class="bytes mono" aria-label="the header's bytes">`)
	for i, b := range h.bytes {
		class := ""
		for n := range h.fields {
			if f := &h.fields[n]; f.first <= 8*i+7 && 8*i <= f.last {
				class += " " + classOfField(n)
			}
		}
		m.raw(`<li class="`, class[min(1, len(class)):], `">`, fmt.Sprintf("%02x", b), "</li>")
	}
	m.raw("</ol>\n")
	if h.size > 0 {
		m.raw(`<p class="quiet">data, bits `, strconv.Itoa(8*len(h.bytes)), "-", strconv.Itoa(8*(len(h.bytes)+h.size)-1), `: <bdi class="mono">"`)
		m.say(h.data)
		m.raw(`"</bdi></p>`, "\n")
	}
}

// fields writes a table of the fields.
func (m *markup) fields(h *header) {
	m.raw(`<table class="fields"><thead><tr><th scope="col">bits</th><th scope="col">field</th><th scope="col">as sent</th>`,
		`<th scope="col">value</th><th scope="col">meaning</th></tr></thead><tbody>`, "\n")
	for n := range h.fields {
		f := &h.fields[n]
		m.raw(`<tr class="`, classOfField(n), `"><td>`, f.bitRange(), `</td><th scope="row">`)
		m.say(f.name)
		if f.changed {
			m.raw(` <span class="good">*<span class="hidden"> changed</span></span>`)
		}
		m.raw(`</th><td class="asis">`, f.bits, "</td><td", classOf(f.tone, "worth"), "><bdi>")
		m.say(f.value)
		m.raw(`</bdi></td><td class="sense"><bdi>`)
		m.say(f.meaning)
		m.raw("</bdi></td></tr>\n")
	}
	m.raw("</tbody></table>\n")
}

// headersKey says what a header's parts mean.
func (m *markup) headersKey() {
	m.in("p", "quiet", view.HeaderKey+" Point at a field, its bits or its bytes, or go to it with the arrow keys, and all that belongs to it lights up.")
	m.raw("\n")
}

// htmlHeaders writes headers as a page, as they come.
type htmlHeaders struct {
	*headers
	markup
	w       io.Writer
	options present.Options
	section string
	began   bool
}

// Section implements Presenter.
func (p *htmlHeaders) Section(title string) error {
	p.section = title
	return nil
}

// Moment implements Presenter.
func (p *htmlHeaders) Moment(m timeline.Moment) error {
	p.open()
	if err := p.see(m); err != nil {
		return err
	}
	for i := range p.list {
		p.header(&p.list[i])
	}
	p.list = p.list[:0]
	return p.write()
}

// open writes the head of the page.
func (p *htmlHeaders) open() {
	if !p.began {
		p.began = true
		p.begin(pageTitle(p.section, "TCP headers", p.options))
		p.raw("<h2>Headers</h2>\n")
		p.headersKey()
	}
}

// Close implements Presenter.
func (p *htmlHeaders) Close() error {
	p.open()
	p.finish("")
	return p.write()
}

func (p *htmlHeaders) write() error {
	if len(p.buf) == 0 {
		return nil
	}
	_, err := p.w.Write(p.buf)
	p.buf = p.buf[:0]
	return err
}
