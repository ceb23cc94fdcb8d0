package main

import (
	"context"
	"io"
	"os"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
)

// previewMost is up to how many bytes a file is read once more, before it is
// shown, so that its viewer knows how much is to come.
const previewMost = 4 << 20

// preview counts the moments that will be shown of a file. It is opened while
// there is the right to.
type preview struct {
	viewer *viewer
	file   *capture.File // nil where nothing is counted
	close  func()
}

func (a *app) openPreview(v *viewer, path string) *preview {
	p := &preview{viewer: v, close: func() {}}
	if size, regular := sizeOf(path); v.keys == nil || v.screen == nil || v.stepper == nil || !regular || size > previewMost {
		return p
	}
	var err error
	if scenarios.Is(path) {
		p.file, err = openScenario(path)
	} else {
		p.file, err = capture.Open(path, nil)
	}
	if err != nil {
		p.file = nil // the showing will say so
		return p
	}
	p.close = func() { p.file.Close() }
	return p
}

// count tells the viewer how many moments a flow will show.
func (p *preview) count(ctx context.Context, flow pipeline.Flow, show *showFlags, pace *paceFlags) {
	if p.file == nil {
		return
	}
	shown, err := format.Open(show.view, show.format, io.Discard, show.options(&sink{file: os.Stdout}, true))
	if err != nil {
		return
	}
	c := &counter{Presenter: shown}
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	flow.Source, flow.Sink = p.file, c
	if pace.until.text != "" {
		flow.Sink = &untilThen{Presenter: c, until: pace.until, enough: enough}
	}
	if _, err = flow.Run(ctx); err == nil {
		p.viewer.stepper.Expect(c.n)
	}
}

// counter counts moments that are shown, and shows none.
type counter struct {
	present.Presenter
	n int
}

// Moment implements Presenter.
func (c *counter) Moment(m timeline.Moment) error {
	if present.Shows(c.Presenter, m) {
		c.n++
	}
	return nil
}
