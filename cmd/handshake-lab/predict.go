package main

import (
	"context"
	"fmt"

	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// predicting asks, before a segment is shown, what it will be.
type predicting struct {
	present.Presenter
	ctx       context.Context
	viewer    *viewer
	asking    *asking
	predictor quiz.Predictor
	isOver    bool // nothing is asked any more
}

// checkPredict refuses what makes no sense beside --predict.
func (p *paceFlags) checkPredict(show *showFlags) error {
	const what = "--predict asks on the screen or the pipe that the story goes to"
	switch {
	case !p.predict || p.full:
		return nil
	case p.step || p.every > 0:
		return useError("leave them out", "--predict waits for your answers: --step and --pace do not go with it")
	case !show.toStdout():
		return useError("leave -o out", what)
	case show.view != "story" || show.format != "text":
		return useError("leave --view and --format out", "%s, as text", what)
	}
	return nil
}

// predicted makes a presenter of the story ask before each segment.
func (a *app) predicted(p present.Presenter, r *reporting, to *sink) present.Presenter {
	if !r.pace.predict || r.pace.full {
		return p
	}
	q := &predicting{Presenter: p, ctx: r.viewer.ctx, viewer: r.viewer, asking: a.newAsking(r.viewer.ctx, &r.show.looks, to)}
	q.asking.put(view.Quiet, sheet.Wrapped("What comes next? Tell the flags, the sequence number and the acknowledgment number of each segment before it is shown: SYN+ACK, [S.] or 0x012; raw, relative, or as in x + 1. ? explains, an empty line passes, end shows the rest.", q.asking.width, 0))
	return q
}

// Moment implements Presenter.
func (q *predicting) Moment(m timeline.Moment) error {
	if !q.isOver && q.ctx.Err() == nil {
		q.askAll(&m)
	}
	if q.asking.err != nil {
		return q.asking.err
	}
	return q.Presenter.Moment(m)
}

// askAll asks what there is to ask about a segment. A signal at the prompt leaves its
// line, and nothing more is drawn on a screen.
func (q *predicting) askAll(m *timeline.Moment) {
	for i, question := range q.predictor.Ask(m) {
		if q.ask(i, question) {
			continue
		}
		if q.ctx.Err() != nil && q.viewer.screen != nil {
			q.viewer.isLeft()
			_, _ = q.asking.app.stdout.WriteString("\n")
			return
		}
		q.conclude()
		return
	}
}

// ask asks one thing; false where the person has ended it.
func (q *predicting) ask(i int, question *quiz.Question) bool {
	if i == 0 {
		q.asking.put(view.Neutral, "\n")
	}
	q.asking.put(view.Strong, sheet.Wrapped(question.Ask, q.asking.width, 3))
	return q.asking.answer(question, [...]string{"flags", "seq", "ack"}[i])
}

// conclude says what was reached, once.
func (q *predicting) conclude() {
	if q.isOver || q.ctx.Err() != nil {
		return
	}
	q.isOver = true
	if q.asking.ended && terminal.Is(q.asking.app.stdin) {
		q.asking.put(view.Neutral, "\n") // ^D leaves the prompt's line
	}
	if q.asking.asked > 0 {
		q.asking.put(view.Strong, fmt.Sprintf("%d of %d right.\n", q.asking.right, q.asking.asked))
	}
}

// Close implements Presenter.
func (q *predicting) Close() error {
	q.conclude()
	if err := q.Presenter.Close(); err != nil {
		return err
	}
	return q.asking.err
}

// Shows implements present.Shower.
func (q *predicting) Shows(m timeline.Moment) bool { return present.Shows(q.Presenter, m) }

// Wants implements timeline.Chooser.
func (q *predicting) Wants() timeline.Wants { return timeline.WantsOf(q.Presenter) }
