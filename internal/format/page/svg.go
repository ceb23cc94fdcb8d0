package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// momentsMost is how many moments a picture of the story shows.
const momentsMost = 2000

// svgStory draws the story, or the steps of handshakes alone, as a picture.
type svgStory struct {
	*rungs
	w       io.Writer
	options present.Options
	section string
	rows    view.RowMaker // of the steps, where only they are shown; nil for all
	emit    func(*view.Row) error
}

// SVG opens a view as a picture: the story, or of the handshake view the ladder of its
// steps alone, or the header view as grids of bits.
func SVG(v *view.View, w io.Writer, o present.Options) present.Presenter {
	w = writerFor(w, o)
	s := &svgStory{rungs: newRungs(o, momentsMost), w: w, options: o}
	switch {
	case v.IsStory():
		return s
	case v.Name == "header":
		return &svgHeaders{headers: newHeaders(o), w: w, options: o}
	}
	s.rows = v.Rows()
	s.emit = func(r *view.Row) error {
		s.add(r.Moment())
		return nil
	}
	return s
}

// Shows reports whether a moment is seen in the story.
func (s *svgStory) Shows(m timeline.Moment) bool { return view.Tells(&m) }

// Section implements Presenter.
func (s *svgStory) Section(title string) error {
	s.section = title
	return nil
}

// Moment implements Presenter.
func (s *svgStory) Moment(m timeline.Moment) error {
	if s.m = m; s.rows != nil {
		if err := s.rows.Moment(&s.m, s.emit); err != nil {
			return err
		}
	} else {
		s.add(&s.m)
	}
	if s.over {
		return &present.TooMuch{Format: "svg", Most: momentsMost, What: "moments"}
	}
	return nil
}

// Close implements Presenter.
func (s *svgStory) Close() error {
	if s.over {
		return nil
	}
	s.close()
	l := newLadder(s.list, s.teller.HasSeveralClients())
	y, what := 20.0, "TCP conversation"
	if s.rows != nil {
		what = "TCP three-way handshake"
	}
	title := pictureTitle(s.section, what, s.options.Source, l.single)
	for _, line := range wrap(title, large, l.width-2*margin, 3) {
		y += leading
		l.text(margin, y, face{large, ink, true, atStart}, line)
	}
	y = l.draw(y+14) + 10
	for _, line := range wrap(ladderKey(s.list), small, l.width-2*margin, 6) {
		y += leading - 4
		l.text(margin, y, face{small, colors[view.Quiet], false, atStart}, line)
	}
	out := opened(l.width, y+16, title, describe(s.list))
	out = append(append(out, l.buf...), "</svg>\n"...)
	_, err := s.w.Write(out)
	return err
}

// pictureTitle is what a picture is called.
func pictureTitle(section, what, source string, single *opening) string {
	title := what
	if section != "" {
		title = section
	}
	if source != "" {
		title += ": " + source
	}
	if single != nil {
		title += fmt.Sprintf(", stream %d", single.stream)
	}
	return title
}

// describe tells in words what the picture shows, for those who do not see it.
func describe(list []rung) string {
	var b strings.Builder
	segments := 0
	for i := range list {
		switch r := &list[i]; r.kind {
		case timeline.Segment:
			if segments++; segments <= 40 {
				fmt.Fprintf(&b, "#%d %s, %s to %s. ", r.frame, r.title, r.sender, r.sender.Other())
			}
		case timeline.Ended:
			b.WriteString(r.title + ". ")
		}
	}
	if segments > 40 {
		fmt.Fprintf(&b, "%d segments in all.", segments)
	}
	return strings.TrimSpace(b.String())
}

// ladderKey says what the signs of a ladder mean, as far as there are such.
func ladderKey(list []rung) string {
	text := view.LadderKey
	assumed, lost, doubted := false, false, false
	for i := range list {
		for _, state := range list[i].states {
			assumed = assumed || strings.HasSuffix(state, "?")
		}
		lost = lost || list[i].fate.IsLost()
		doubted = doubted || list[i].fate.Kind == view.SentAgain
	}
	if assumed {
		text += " " + view.AssumedKey
	}
	if lost || doubted {
		text += " " + view.LostKey
	}
	return text
}
