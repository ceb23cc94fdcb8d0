package page

import (
	"errors"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// htmlStory writes the story as a page: the ladder, the steps of handshakes, headers,
// and what each conversation came to.
type htmlStory struct {
	*rungs
	headers  *headers
	steps    *rowsMarkup
	cards    *cards
	segments int
	w        io.Writer
	options  present.Options
	section  string
}

// storyHeaders is of up to how many segments the story shows all headers; of more, those
// of the handshakes' steps alone.
const storyHeaders = 40

// HTML opens a view as a page.
func HTML(v *view.View, w io.Writer, o present.Options) present.Presenter {
	w = writerFor(w, o)
	switch {
	case v.Name == "header":
		return &htmlHeaders{headers: newHeaders(o), w: w, options: o}
	case !v.IsStory():
		return newHTMLTable(v, w, o)
	}
	return &htmlStory{rungs: newRungs(o, momentsMost), headers: newHeaders(o), steps: newRowsMarkup(view.Named("handshake").InManner(o.Manner), o),
		cards: newCards(view.Named("conversations"), o), w: w, options: o}
}

// Shows reports whether a moment is seen in the story.
func (p *htmlStory) Shows(m timeline.Moment) bool { return view.Tells(&m) }

// Section implements Presenter.
func (p *htmlStory) Section(title string) error {
	p.section = title
	return nil
}

// Moment implements Presenter.
func (p *htmlStory) Moment(m timeline.Moment) error {
	p.m = m
	is := p.add(&p.m)
	if p.over {
		return &present.TooMuch{Format: "html", Most: momentsMost, What: "moments"}
	}
	if is != nil && is.kind == timeline.Segment {
		p.segments++
		if err := p.header(m); err != nil {
			return err
		}
	}
	if err := p.steps.see(m); err != nil {
		return err
	}
	return p.cards.see(m)
}

// header keeps the header of a segment where it may be shown.
func (p *htmlStory) header(m timeline.Moment) error {
	kept := len(p.headers.list)
	if err := p.headers.see(m); err != nil {
		return err
	}
	if p.segments == storyHeaders+1 {
		steps := p.headers.list[:0]
		for _, h := range p.headers.list[:kept] {
			if h.step {
				steps = append(steps, h)
			}
		}
		kept, p.headers.list = len(steps), append(steps, p.headers.list[kept:]...)
	}
	if p.segments > storyHeaders && (kept >= storyHeaders || !isStep(m.Event)) {
		p.headers.list = p.headers.list[:kept]
	}
	return nil
}

// isStep reports whether a segment is a step of the handshake.
func isStep(e *conversation.Event) bool {
	return e.Step == conversation.StepSYN || e.Step == conversation.StepSYNACK || e.Step == conversation.StepACK
}

// Close implements Presenter.
func (p *htmlStory) Close() error {
	if p.over {
		return nil
	}
	p.close()
	if err := errors.Join(p.steps.end(), p.cards.end()); err != nil {
		return err
	}
	l := htmlLadder{several: p.teller.HasSeveralClients(), single: singleOpening(p.list), headers: map[int]bool{}}
	for i := range p.headers.list {
		l.headers[p.headers.list[i].frame] = true
	}
	links := []string{"ladder", "Ladder"}
	if p.steps.count > 0 {
		links = append(links, "steps", "Three steps")
	}
	if len(l.headers) > 0 {
		links = append(links, "headers", "Headers")
	}
	if len(p.cards.buf) > 0 {
		links = append(links, "conversations", "Conversations")
	}
	l.begin(pictureTitle(p.section, "TCP conversation", p.options.Source, l.single), links...)
	l.section("ladder", "Ladder")
	l.figure(p.list)
	l.raw("</section>\n")
	if p.steps.count > 0 {
		l.section("steps", "Three steps")
		l.buf = append(l.buf, p.steps.buf...)
		l.raw("</section>\n")
	}
	if len(l.headers) > 0 {
		l.section("headers", "Headers")
		l.headersKey()
		if p.segments > storyHeaders {
			l.in("p", "quiet", "Of more than "+strconv.Itoa(storyHeaders)+" segments these are the steps of handshakes; --view header has them all.")
		}
		for i := range p.headers.list {
			l.header(&p.headers.list[i])
		}
		l.raw("</section>\n")
	}
	if len(p.cards.buf) > 0 {
		l.section("conversations", "Conversations")
		l.buf = append(l.buf, p.cards.buf...)
		l.raw("</section>\n")
	}
	l.finish("")
	_, err := p.w.Write(l.buf)
	return err
}

// section begins a part of a page.
func (m *markup) section(id, title string) {
	m.raw(`<section id="`, id, `" aria-labelledby="`, id, `-title">`, "\n", `<h2 id="`, id, `-title">`, title, "</h2>\n")
}
