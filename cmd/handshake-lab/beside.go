package main

import (
	"context"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// besideMost is how many segments of each of the two are held beside each other: what
// is alike in them is searched for over all pairs.
const besideMost = 2000

// beside is one of two showings that stand side by side.
type beside struct {
	title string
	staged.Steps
}

// checkBeside refuses what makes no sense with two showings side by side.
func (s *showFlags) checkBeside() error {
	if f := format.Named(s.format); s.view != "story" || f == nil || f.Name != "text" {
		return useError("leave --view and --format out", "--beside compares two showings as text")
	}
	return nil
}

// writeBeside writes two showings side by side, with a sign where they differ.
func (a *app) writeBeside(show *showFlags, one, two *beside) error {
	for _, of := range []*beside{one, two} {
		if len(of.List) > besideMost {
			return useError("compare shorter ones", "%s has %d segments; --beside compares %d at most", of.title, len(of.List), besideMost)
		}
	}
	to, err := a.openShown(show, whenFull)
	if err != nil {
		return err
	}
	options := show.options(to, false)
	width := max(options.Width, 60)
	b := besidePage{half: (width - 3) / 2, ascii: options.ASCII}
	b.row(one.title, ' ', two.title)
	b.row(strings.Repeat(b.sign("─", "-"), b.half), ' ', strings.Repeat(b.sign("─", "-"), b.half))
	pairs := staged.Align(one.List, two.List)
	different := 0
	for i := range pairs {
		p := &pairs[i]
		mark := ' '
		if p.Differs() {
			different++
			mark = []rune(b.sign("≠", "!"))[0]
		}
		b.row(b.step(p.A), mark, b.step(p.B))
	}
	b.out = append(b.out, '\n')
	for _, of := range []*beside{one, two} {
		for _, text := range of.Verdicts {
			b.wrapped(of.title+": "+text, width)
		}
	}
	b.wrapped(plural(len(pairs), "line")+", "+plural(different, "difference")+"; "+b.sign("→", "->")+" is the client's, "+b.sign("←", "<-")+" the server's", width)
	_, err = to.Write(b.out)
	if closed := to.Close(); err == nil {
		err = closed
	}
	return err
}

// besidePage is text in two columns.
type besidePage struct {
	out   []byte
	half  int
	ascii bool
}

func (b *besidePage) sign(unicode, ascii string) string {
	if b.ascii {
		return ascii
	}
	return unicode
}

// row writes a line: the left half, a sign, the right half.
func (b *besidePage) row(left string, mark rune, right string) {
	line := b.fit(left) + " " + string(mark) + " " + b.fit(right)
	b.out = append(append(b.out, strings.TrimRight(line, " ")...), '\n')
}

// fit cuts a text to a half, or fills it up.
func (b *besidePage) fit(text string) string {
	set := visible.Screen
	if b.ascii {
		set = visible.ASCII
	}
	text = string(visible.Append(nil, []byte(text), set))
	runes := []rune(text)
	if len(runes) > b.half {
		return string(runes[:b.half])
	}
	return text + strings.Repeat(" ", b.half-len(runes))
}

// step is a segment in half a line; nothing for none.
func (b *besidePage) step(s *staged.Step) string {
	if s == nil {
		return ""
	}
	arrow := b.sign("→", "->")
	if s.From == conversation.Server {
		arrow = b.sign("←", "<-")
	}
	since := string(view.AppendSince(nil, s.Since, 8))
	text := strings.Repeat(" ", max(8-len(since), 0)) + since + " " + arrow + " " + s.Title
	switch {
	case s.Lost:
		text += " " + b.sign("✗", "!") + " lost"
	case s.Forged:
		text += " * forged"
	}
	if states := strings.TrimSpace(s.States[0] + "/" + s.States[1]); len([]rune(text))+2+len(states) <= b.half {
		text += strings.Repeat(" ", b.half-len([]rune(text))-len(states)) + states
	}
	return text
}

func (b *besidePage) wrapped(text string, width int) {
	col := 0
	for word := range strings.FieldsSeq(string(visible.Append(nil, []byte(text), visible.Screen))) {
		if col > 0 && col+1+len([]rune(word)) > width {
			b.out, col = append(b.out, '\n'), 0
		}
		if col > 0 {
			b.out, col = append(b.out, ' '), col+1
		}
		b.out, col = append(b.out, word...), col+len([]rune(word))
	}
	b.out = append(b.out, '\n')
}

// takeDown reads a capture, or a recording of both ends, for the side of a page.
func (a *app) takeDown(ctx context.Context, path string) (*beside, error) {
	of := &beside{title: sourceName(path)}
	both, err := a.openBothEnds(ctx, path, "")
	if err != nil {
		return nil, err
	}
	if both != nil {
		return of, both.Tell(ctx, of)
	}
	file, closeFile, err := a.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer closeFile()
	flow := pipeline.Flow{Source: file, Sink: of, Conclude: true}
	if _, err = flow.Run(ctx); err != nil {
		err = fileError(err)
	}
	return of, err
}

// stageBeside stages two scenarios, one after the other, and shows them side by side.
func (a *app) stageBeside(ctx context.Context, r *runFlags) error {
	var sides [2]*beside
	for i, s := range []*staged.Scenario{r.staged.scenario, r.staged.other} {
		a.tellTakes(s)
		recording, err := staged.Run(ctx, s)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return a.notStaged(s, err)
		}
		a.tellUnmet(recording)
		sides[i] = &beside{title: s.Name}
		if err := recording.Tell(ctx, sides[i]); err != nil && ctx.Err() == nil {
			return err
		}
	}
	if err := a.giveUpRights(); err != nil {
		return err
	}
	return a.writeBeside(&r.show, sides[0], sides[1])
}

// replayBeside shows two captures side by side.
func (a *app) replayBeside(ctx context.Context, one, two string, show *showFlags) error {
	if err := show.checkBeside(); err != nil {
		return err
	}
	left, err := a.takeDown(ctx, one)
	if err != nil {
		return err
	}
	right, err := a.takeDown(ctx, two)
	if err != nil {
		return err
	}
	return a.writeBeside(show, left, right)
}
