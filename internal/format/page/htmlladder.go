package page

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// htmlLadder writes rungs as a list, between lifelines that the style sheet draws.
type htmlLadder struct {
	markup
	several bool
	single  *opening
	headers map[int]bool // frames whose header is on the page
}

// figure writes the whole ladder.
func (l *htmlLadder) figure(list []rung) {
	l.raw("<figure>\n")
	l.raw(`<ol class="ladder">`, "\n")
	l.ends()
	for i := range list {
		l.rung(&list[i])
	}
	l.raw("</ol>\n")
	l.in("figcaption", "", ladderKey(list))
	l.raw("\n</figure>\n")
}

// ends writes whose the lifelines are.
func (l *htmlLadder) ends() {
	l.raw(`<li class="ends"><div><span><b>client</b>`)
	if l.single != nil {
		l.in("code", "x", l.single.client)
	}
	l.raw(`</span><span><b>server</b>`)
	if l.single != nil {
		l.in("code", "y", l.single.server)
	}
	l.raw("</span></div></li>\n")
}

func (l *htmlLadder) rung(r *rung) {
	if r.pause != "" {
		l.raw(`<li><div class="way pause">`)
		l.say(r.pause)
		l.raw("</div></li>\n")
	}
	if r.opens != nil && l.single == nil {
		l.banner(r)
	}
	switch r.kind {
	case timeline.Segment:
		l.segment(r)
	case timeline.Call:
		l.call(r)
	case timeline.Ended:
		l.ended(r)
	default:
		l.raw("<li>")
		l.lead(r)
		l.raw(`<div class="way">`)
		l.said(r.tone, sign(r.tone), r.title)
		l.proof(r.proof)
		l.raw("</div>")
		l.states(r.states) // where a segment arrives
		l.raw("</li>\n")
	}
}

func (l *htmlLadder) banner(r *rung) {
	l.raw(`<li><div class="wide">`)
	l.client(r)
	l.raw(" client ")
	l.in("code", "x", r.opens.client)
	l.raw(", server ")
	l.in("code", "y", r.opens.server)
	if r.opens.stream >= 0 {
		l.raw(", stream ", strconv.Itoa(r.opens.stream))
	}
	l.raw("</div></li>\n")
	if r.opens.guess {
		l.raw(`<li><div class="way">`)
		l.said(view.Quiet, sign(view.Quiet), view.GuessNote)
		l.raw("</div></li>\n")
	}
}

func (l *htmlLadder) client(r *rung) {
	if r.client > 0 {
		l.in("b", "client-"+strconv.Itoa(r.client%numberOfClients), clientText(r.client))
	}
}

// lead writes when it was, in which frame, and whose it is.
func (l *htmlLadder) lead(r *rung) {
	l.raw(`<span class="which">`)
	if r.frame > 0 {
		l.raw("#", strconv.Itoa(r.frame), " ")
	}
	if l.several {
		l.client(r)
	}
	l.raw(`</span><span class="when">`)
	if r.since != "" {
		if l.raw(r.since); r.since[len(r.since)-1] <= '9' { // else its unit is another one
			l.raw(" ms")
		}
	}
	l.raw("</span>")
}

// states writes the states that both ends have reached.
func (l *htmlLadder) states(states [2]string) {
	for side, state := range states {
		if state == "" {
			continue
		}
		tone := view.Good
		if state[len(state)-1] == '?' {
			tone = view.Quiet
		}
		name := conversation.Side(side).String()
		l.raw("<span", classOf(tone, "state "+name), `><span class="hidden">`, name, ": </span>", state, "</span>")
	}
}

// shafts are the ways of arrows, to the server and to the client, whole and as far as a
// lost segment is drawn.
const (
	shaft = `<svg class="shaft" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><line vector-effect="non-scaling-stroke" `
	head  = `<svg class="head" viewBox="0 0 14 12" aria-hidden="true"><polygon points="0,0 14,6 0,12"/></svg>`
)

// segment writes a segment as an arrow, and below it what its header says.
func (l *htmlLadder) segment(r *rung) {
	if r.before != [2]string{} {
		l.raw(`<li class="before">`)
		l.states(r.before)
		l.raw("</li>\n")
	}
	class := [...]string{"to-server", "to-client"}[r.sender]
	if !r.timed {
		class += " level"
	}
	l.raw(`<li class="`, class, `" id="frame-`, strconv.Itoa(r.frame), `">`)
	l.lead(r)
	l.raw(`<div class="way">`)
	l.arrow(r)
	l.raw("</div>")
	l.states(r.states)
	l.raw(`<div class="rest">`)
	if len(r.details) > 0 {
		l.raw(`<dl class="details">`)
		for i := range r.details {
			l.detail(&r.details[i])
		}
		l.raw("</dl>")
	}
	if text := string(r.fate.AppendText(nil)); text != "" {
		l.said(toneOfFate(r.fate), "✗", text)
	}
	for _, is := range r.remarks {
		l.said(is.tone, sign(is.tone), is.text)
	}
	l.in("p", "sentence", r.sentence)
	l.proof(r.proof)
	l.raw("</div></li>\n")
}

// proof says that the handshake is complete, and how that is known.
func (l *htmlLadder) proof(lines []string) {
	if len(lines) == 0 {
		return
	}
	l.raw(`<div class="proof good">`)
	for i, line := range lines {
		if i == 0 {
			line = "✓ " + line
		}
		l.in("p", "", line)
	}
	l.raw("</div>")
}

// arrow writes what a segment is called, and its way.
func (l *htmlLadder) arrow(r *rung) {
	tone := r.tone
	l.raw("<div", classOf(tone, "name"), ">")
	if tone != view.Strong {
		l.raw("<b>")
	}
	name := seen(r.title)
	if l.headers[r.frame] {
		l.raw(`<a href="#header-`, strconv.Itoa(r.frame), `">`)
	}
	l.buf = appendMarkup(l.buf, name)
	if l.headers[r.frame] {
		l.raw("</a>")
	}
	if tone != view.Strong {
		l.raw("</b>")
	}
	l.raw(`<span class="hidden">, `, r.sender.String(), " to ", r.sender.Other().String(), "</span></div>")
	from, to, end := "0", "100", "84"
	if r.sender == conversation.Server {
		from, to, end = "100", "0", "16"
	}
	if r.fate.Kind == view.Arrives {
		if tone == view.Strong {
			tone = view.Plain
		}
		l.raw("<div", classOf(tone, "arrow"), ">", shaft, `x1="`, from, `" y1="0" x2="`, to, `" y2="100"/></svg>`, head, "</div>")
		return
	}
	l.raw("<div", classOf(toneOfFate(r.fate), "arrow"), ">", shaft, `stroke-dasharray="9 6" x1="`, from, `" y1="0" x2="`, end, `" y2="84"/></svg>`,
		`<span class="cross" aria-hidden="true">✗</span>`)
	if !r.fate.IsLost() {
		l.raw(`<span class="doubt" aria-hidden="true">?</span>`)
	}
	l.raw("</div>")
}

func (l *htmlLadder) detail(d *detail) {
	l.raw("<div><dt><span>", d.name, `</span><span class="bits"><span class="hidden">bits </span>`, d.bits, "</span></dt>")
	switch d.name {
	case "flags":
		l.raw("<dd>")
		l.flags(d.value)
	case "data":
		const most = 160
		text := seen(d.value)
		if len(text) > most {
			text = fit(text, 1, most*advance)
		}
		l.raw(`<dd><bdi>"`)
		l.buf = appendMarkup(l.buf, text)
		l.raw(`"</bdi>`)
	default:
		l.raw("<dd", classOf(d.tone, ""), ">", d.value)
		if d.reason != "" && d.sum {
			l.raw(" = ")
			l.say(d.reason)
		} else if d.reason != "" {
			l.raw(` <span class="quiet">`)
			l.say(d.reason)
			l.raw("</span>")
		}
	}
	l.raw("</dd></div>")
}

// flags writes bits, those that are set in bold.
func (l *htmlLadder) flags(bits string) {
	for len(bits) > 0 {
		n := 1
		for n < len(bits) && bits[n] == bits[0] {
			n++
		}
		if bits[0] == '1' {
			l.raw("<b>", bits[:n], "</b>")
		} else {
			l.raw(`<span class="quiet">`, bits[:n], "</span>")
		}
		bits = bits[n:]
	}
}

// said writes a text behind a sign.
func (l *htmlLadder) said(tone view.Tone, sign, text string) {
	l.raw("<p", classOf(tone, "said"), `><span aria-hidden="true">`, sign, "</span> <bdi>")
	l.say(text)
	l.raw("</bdi></p>")
}

// call writes a socket call at the side of the end that makes it.
func (l *htmlLadder) call(r *rung) {
	side := conversation.Client
	if r.from == dialogue.Server {
		side = conversation.Server
	}
	l.raw("<li>")
	l.lead(r)
	l.raw(`<div class="way"><p`, classOf(r.tone, "call mono "+side.String()), `><span class="hidden">`, side.String(), " calls </span><bdi>")
	l.say(r.title)
	l.raw("</bdi></p></div>")
	l.states(r.states)
	l.raw("</li>\n")
}

// ended sums a conversation up.
func (l *htmlLadder) ended(r *rung) {
	l.raw(`<li><div class="wide">`)
	if l.several {
		l.client(r)
	}
	l.said(r.tone, sign(r.tone), r.title)
	for _, is := range r.remarks {
		l.raw("<p", classOf(is.tone, "said"), "><bdi>")
		l.say(is.text)
		l.raw("</bdi></p>")
	}
	l.raw("</div></li>\n")
}
