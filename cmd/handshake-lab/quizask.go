package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// asking is a quiz with somebody who types.
type asking struct {
	out   io.Writer
	in    *bufio.Scanner
	width int
	ink   *palette.Palette
	err   error
	app   *app
	ended bool // there is no more input

	points, of, right, asked int
}

// tries are how often an answer may be tried again.
const tries = 2

// newAsking asks on out, and reads what is typed.
func (a *app) newAsking(ctx context.Context, look *looks, out io.Writer) *asking {
	style := look.page(a)
	s := &asking{out: out, in: bufio.NewScanner(a.keyboard(newInterruptible(ctx, a.stdin))), width: min(style.Width, 100), ink: style.Ink(), app: a}
	s.in.Buffer(nil, 64<<10)
	return s
}

// ask puts the questions one after another. The end of the input, or the word end,
// ends it with what was reached so far.
func (a *app) ask(ctx context.Context, q *quizzing, questions []*quiz.Question) error {
	s := a.newAsking(ctx, &q.look, &sink{file: a.stdout, name: "standard output"})
	s.put(view.Quiet, sheet.Wrapped(fmt.Sprintf("%s about %s. Answer and press Enter; ? explains, an empty line passes, end ends.", plural(len(questions), "question"), q.source), s.width, 0))
	for i, question := range questions {
		if !s.question(i+1, question) || s.err != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return s.err
	}
	if terminal.Is(a.stdin) && s.in.Err() == nil {
		s.put(view.Neutral, "\n")
	}
	s.put(view.Strong, fmt.Sprintf("%d of %d right, %d of %d points.\n", s.right, s.asked, s.points, s.of))
	if q.path != "" {
		s.put(view.Quiet, "The same questions again: "+q.again()+"\n")
	}
	if s.err != nil {
		return s.err
	}
	if !q.strict {
		return nil
	}
	return belowPass(s.points, s.of, q.pass)
}

// belowPass is the failure of a quiz; nil where it was passed.
func belowPass(points, of, pass int) error {
	if of == 0 || points*100 >= pass*of {
		return nil
	}
	return fail(exitBelowPass, fmt.Errorf("%d of %d points is %d %%, below the pass mark of %d %%", points, of, points*100/of, pass))
}

// question asks one question; false where the person has ended the quiz.
func (s *asking) question(number int, q *quiz.Question) bool {
	s.put(view.Neutral, "\n")
	s.put(view.Neutral, sheet.Question(number, q, s.width))
	return s.answer(q, q.Answer.Want())
}

// answer takes an answer; false where the person has ended the quiz.
func (s *asking) answer(q *quiz.Question, prompt string) bool {
	for try := 1; ; try++ {
		s.put(view.Quiet, "   "+prompt)
		s.put(view.Strong, " > ")
		if s.err != nil || !s.in.Scan() {
			s.ended = true
			return false
		}
		given := strings.TrimSpace(s.in.Text())
		switch given {
		case "end", "exit", "quit", "q":
			return false
		case "?":
			s.put(view.Quiet, sheet.Wrapped("   Wanted is "+q.Answer.Want()+". An empty line passes and shows the answer.", s.width, 3))
			try--
			continue
		}
		if done := s.mark(q, given, try); done {
			return true
		}
	}
}

// mark marks an answer and says why; true where the question is done with.
func (s *asking) mark(q *quiz.Question, given string, try int) bool {
	m := q.Mark(given)
	switch {
	case m.Right:
		s.count(q, true)
		form := ""
		if m.Form != "" {
			form = " (" + m.Form + ")"
		}
		s.put(view.Good, "   Right"+form+". ")
		s.why(q)
		return true
	case given == "":
		s.count(q, false)
		s.put(view.Quiet, "   It is "+q.Answer.String()+". ")
		s.why(q)
		return true
	case !m.Read:
		s.put(view.Remarked, "   "+visible.String(given)+" cannot be read here: wanted is "+q.Answer.Want()+".\n")
		return false
	}
	s.put(view.Bad, "   Not right. ")
	if m.Why != "" {
		s.put(view.Neutral, strings.TrimLeft(sheet.Wrapped("               "+m.Why, s.width, 3), " "))
	} else {
		s.put(view.Neutral, "\n")
	}
	if try < tries {
		return false
	}
	s.count(q, false)
	s.put(view.Quiet, "   It is "+q.Answer.String()+". ")
	s.why(q)
	return true
}

func (s *asking) count(q *quiz.Question, right bool) {
	s.asked++
	s.of += q.Kind.Points
	if right {
		s.right++
		s.points += q.Kind.Points
	}
}

// why is the proof, behind what stands on the line already.
func (s *asking) why(q *quiz.Question) {
	text := q.Why
	if q.Section != "" {
		text += " (" + q.Section + ")"
	}
	s.put(view.Neutral, "\n"+sheet.Wrapped("   "+text, s.width, 3))
}

func (s *asking) put(tone view.Tone, text string) {
	if s.err == nil {
		_, s.err = s.out.Write(s.ink.Append(nil, tone, []byte(text)))
	}
}

// openAnswers opens the file of answers that are to be marked: while there is the right
// to. It is nil where none are.
func (a *app) openAnswers(ctx context.Context, q *quizzing) (io.ReadCloser, error) {
	switch q.answers {
	case "":
		return nil, nil
	case "-":
		return io.NopCloser(newInterruptible(ctx, a.stdin)), nil
	}
	file, err := os.Open(q.answers)
	if err != nil {
		return nil, fail(exitFile, err, `name a file with a line an answer: "3: SYN+ACK"`)
	}
	return file, nil
}

// markAnswers marks a file of answers and prints points and reasons.
func (a *app) markAnswers(from io.Reader, q *quizzing, questions []*quiz.Question) error {
	answers, err := quiz.ReadAnswers(from, len(questions))
	if err != nil {
		return fail(exitFile, fmt.Errorf("%s: %w", q.answers, err), `a line an answer: "3: SYN+ACK"`)
	}
	out := &sink{file: a.stdout, name: "standard output", flushed: whenFull}
	points, of := 0, 0
	for i, question := range questions {
		of += question.Kind.Points
		m := question.Mark(answers[i])
		got := 0
		if m.Right {
			got = question.Kind.Points
		}
		points += got
		fmt.Fprintf(out, "%d. %d of %d: %s\n", i+1, got, question.Kind.Points, verdictOn(question, answers[i], m))
	}
	fmt.Fprintf(out, "%d of %d points\n", points, of)
	if err := out.Flush(); err != nil {
		return err
	}
	return belowPass(points, of, q.pass)
}

// verdictOn says what an answer was worth, and why.
func verdictOn(q *quiz.Question, given string, m quiz.Mark) string {
	given = visible.String(given)
	switch {
	case m.Right && m.Form != "":
		return given + " is right (" + m.Form + ")"
	case m.Right:
		return given + " is right"
	case given == "":
		return "no answer; it is " + q.Answer.String() + ". " + q.Why
	case !m.Read:
		return given + " cannot be read: wanted is " + q.Answer.Want() + ". It is " + q.Answer.String() + ". " + q.Why
	case m.Why != "":
		return given + " is not right. " + m.Why + " It is " + q.Answer.String() + ". " + q.Why
	}
	return given + " is not right; it is " + q.Answer.String() + ". " + q.Why
}
