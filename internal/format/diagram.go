package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/format/text"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

func markdownStory(v *view.View, w io.Writer, o present.Options) present.Presenter {
	if o.Diagram {
		return newIllustrated(v, w, o, text.MarkdownStory)
	}
	return text.MarkdownStory(v, w, o)
}

func markdownTable(v *view.View, w io.Writer, o present.Options) present.Presenter {
	switch {
	case o.Diagram && v.Name == "header":
		return text.Illustrated(v, w, o, page.AppendPacketFence)
	case o.Diagram && slices.Contains(drawn, v.Name):
		return newIllustrated(v, w, o, text.Markdown)
	}
	return text.Markdown(v, w, o)
}

// illustrated is Markdown with a diagram above what it tells. That waits until the
// diagram is complete, or as long as one can be.
type illustrated struct {
	w       io.Writer
	below   present.Presenter // writes to held until the diagram is written, then to w
	held    bytes.Buffer
	diagram *page.Sequence
	drawn   bytes.Buffer
	section string
	done    bool
}

func newIllustrated(v *view.View, w io.Writer, o present.Options, open opener) present.Presenter {
	i := &illustrated{w: w}
	i.below = open(v, writer(i.write), o)
	i.diagram = page.Diagram(v, &i.drawn, o)
	return i
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func (i *illustrated) write(p []byte) (int, error) {
	if i.done {
		return i.w.Write(p)
	}
	return i.held.Write(p)
}

// Section implements Presenter.
func (i *illustrated) Section(title string) error {
	i.section = title
	return nil
}

// Moment implements Presenter.
func (i *illustrated) Moment(m timeline.Moment) error {
	if !i.done {
		var most *present.TooMuch
		if err := i.diagram.Moment(m); errors.As(err, &most) {
			if err := i.draw(fmt.Sprintf("The diagram shows the first %d entries: Mermaid draws %d characters at most.\n\n", i.diagram.Drawn(), most.Most)); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
	}
	return i.below.Moment(m)
}

// draw writes the diagram, a note, and what waits for it.
func (i *illustrated) draw(note string) error {
	i.done = true
	if err := i.diagram.Close(); err != nil {
		return err
	}
	head := ""
	if i.section != "" {
		head = "\n## " + i.section + "\n\n"
	}
	if _, err := fmt.Fprintf(i.w, "%s```mermaid\n%s```\n\n%s", head, i.drawn.Bytes(), note); err != nil {
		return err
	}
	_, err := i.w.Write(i.held.Bytes())
	i.held, i.drawn = bytes.Buffer{}, bytes.Buffer{}
	return err
}

// Close implements Presenter.
func (i *illustrated) Close() error {
	if !i.done {
		if err := i.draw(""); err != nil {
			return err
		}
	}
	return i.below.Close()
}

// drawn are the views that there are diagrams of.
var drawn = []string{"story", "handshake", "header"}
