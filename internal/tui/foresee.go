package tui

import (
	"fmt"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// foresee hides what comes next until its viewer has told its flags and its numbers.
type foresee struct {
	shown     int // entries that may be seen
	questions []*quiz.Question
	asked     int // the question that is asked
	tries     int
	right, of int
	log       []paragraph // what was said about the answers
	wait      bool        // the answers are still to be read
}

// tries are how often an answer may be tried again, as in the quiz.
const tries = 2

// predict begins to hide what comes next, or ends it.
func (m *Model) predict() {
	if m.foresee != nil {
		m.endForesee()
		return
	}
	m.foresee = &foresee{shown: min(m.at+1, len(m.entries))}
	m.follows = false
	m.tell("what comes next is hidden: space asks for it; p or Esc shows all")
}

// PredictAll hides everything from the begin.
func (m *Model) PredictAll() { m.foresee = &foresee{} }

func (m *Model) endForesee() {
	if f := m.foresee; f.of > 0 {
		m.tell(fmt.Sprintf("%d of %d right", f.right, f.of))
	}
	m.foresee, m.prompt = nil, nil
}

// ask shows what comes next, or asks for it where it is a segment that can be
// foretold.
func (m *Model) ask() {
	f := m.foresee
	if f.shown >= len(m.entries) {
		m.move(1)
		return
	}
	f.questions, f.asked, f.tries, f.log = nil, 0, 0, nil
	if e := &m.entries[f.shown]; e.moment.Kind == timeline.Segment {
		var p quiz.Predictor
		for _, earlier := range m.before(f.shown) {
			p.Ask(earlier)
		}
		f.questions = p.Ask(&e.moment)
	}
	if f.questions == nil {
		m.reveal()
		return
	}
	m.question()
}

// parts are what is asked of a segment.
var parts = [...]string{"flags", "seq", "ack"}

func (m *Model) question() {
	f := m.foresee
	q := f.questions[f.asked]
	help := q.Answer.Want()
	if f.asked > 0 {
		help = "raw, relative, or as in x + 1"
	}
	m.prompt = &prompt{label: parts[f.asked], help: help, enter: m.answer, leave: m.endForesee}
}

// answer marks an answer, as the quiz does.
func (m *Model) answer(given string) {
	f := m.foresee
	q := f.questions[f.asked]
	mark := q.Mark(given)
	given = m.visible([]byte(given))
	is := paragraph{indent: 2, words: []words{{tone: view.Strong, text: parts[f.asked] + " "}, {tone: view.Plain, text: given + " "}}}
	switch {
	case mark.Right:
		is.add(words{tone: view.Good, text: "right" + formOf(mark) + ". "})
		f.right++
	case given == "":
		is.add(words{tone: view.Quiet, text: "is " + m.visible([]byte(q.Answer.String())) + ". "})
	case !mark.Read:
		is.add(words{tone: view.Remarked, text: "cannot be read here: wanted is " + q.Answer.Want() + "."})
		f.log = append(f.log, is)
		m.question()
		return
	default:
		is.add(words{tone: view.Bad, text: "not right. "}, words{tone: view.Plain, text: mark.Why})
		f.log = append(f.log, is)
		if f.tries++; f.tries < tries {
			m.question()
			return
		}
		is = paragraph{indent: 2, words: []words{{tone: view.Quiet, text: "It is " + m.visible([]byte(q.Answer.String())) + ". "}}}
	}
	is.add(words{tone: view.Plain, text: q.Why + " (" + q.Section + ")"})
	f.log = append(f.log, is)
	f.of++
	f.asked++
	if f.tries = 0; f.asked < len(f.questions) {
		m.question()
		return
	}
	m.reveal()
	f.wait = true
}

func formOf(mark quiz.Mark) string {
	if mark.Form == "" {
		return ""
	}
	return " (" + mark.Form + ")"
}

// reveal shows what came next.
func (m *Model) reveal() {
	m.foresee.shown++
	m.at = m.foresee.shown - 1
}
