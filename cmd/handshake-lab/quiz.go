package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/spf13/cobra"
)

// quizzing is what the quiz command was asked for.
type quizzing struct {
	look     looks
	want     quiz.Choice
	format   string
	key      bool
	out      string
	students string
	student  string // whose sheet it is
	answers  string
	pass     int
	strict   bool   // below it the exit code says so
	path     string // of the capture; "" where a run of its own is staged
	source   string // what the capture is called
}

func (a *app) quizCommand() *cobra.Command {
	var q quizzing
	c := &cobra.Command{
		Use:   "quiz [FILE]",
		Short: "Ask what lab sheets ask, about any capture, and mark the answers",
		Long: `Ask questions about a capture, take any form of a right answer (SYN+ACK, [S.],
0x012; numbers raw or relative), and explain each by arithmetic and frames. FILE
is a capture file or scenario:NAME; without one a dialogue of our own is really
run and captured, or, where that is not possible, a recording is taken.

With --format the questions are written as a worksheet (text, markdown, html,
latex; --key adds the answers) or for a learning platform (gift, moodle-xml,
json). On a sheet no question gives away the answer to another: "see 4" stands
for what question 4 asks. --students takes a list of names, a line each or a
table with a column "name", and writes a sheet for each into a folder, with a
capture and numbers of its own, and one key for the teacher. --answers marks a
file with lines like "3: SYN+ACK" and ends with exit code 64 where the share of
points is below --pass.

The same FILE and --seed give the same questions.`,
		Example: `  handshake-lab quiz
  handshake-lab quiz lecture.pcapng --questions 5 --level 2
  handshake-lab quiz scenario:syn-ack-lost --topic trouble --topic numbers
  handshake-lab quiz lecture.pcapng --seed 7 --format markdown -o sheet.md
  handshake-lab quiz lecture.pcapng --seed 7 --format markdown --key -o key.md
  handshake-lab quiz lecture.pcapng --seed 7 --format moodle-xml -o bank.xml
  handshake-lab quiz --students class.csv --format html -o sheets
  handshake-lab quiz lecture.pcapng --seed 7 --answers anna.txt --pass 60`,
		Args:              atMostOne("FILE"),
		ValidArgsFunction: completeCapture,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				q.path = args[0]
			}
			if !c.Flags().Changed("seed") {
				q.want.Seed = anySeed()
			}
			q.strict = q.answers != "" || c.Flags().Changed("pass")
			if err := q.check(); err != nil {
				return err
			}
			return a.quiz(c.Context(), &q)
		},
	}
	f := c.Flags()
	f.IntVar(&q.want.Count, "questions", 8, "how many questions; 0: as many kinds as do not give away the answers to one another")
	f.Uint64Var(&q.want.Seed, "seed", 0, "the same capture and seed give the same questions (default: another one each time)")
	f.IntVar(&q.want.Level, "level", 0, "up to which level: 1 reading, 2 arithmetic, 3 reasons (default: all)")
	f.StringSliceVar(&q.want.Topics, "topic", nil, "only these `topics`: "+strings.Join(quiz.Topics, ", ")+" (default: all)")
	f.StringSliceVar(&q.want.Kinds, "kind", nil, "only these `kinds` of question, by name, as --format json has them (default: all)")
	f.StringVar(&q.format, "format", "", "write them in this `format`: "+strings.Join(sheet.Names(), ", "))
	f.BoolVar(&q.key, "key", false, "write the answers too, with their proofs")
	f.StringVarP(&q.out, "output", "o", "", "write to this `file` instead of standard output; with --students to this folder")
	f.StringVar(&q.students, "students", "", "a `file` of names, one a line: a sheet for each, with a capture of its own")
	f.StringVar(&q.answers, "answers", "", "mark this `file` of answers, a line each: \"3: SYN+ACK\"; - is standard input")
	f.IntVar(&q.pass, "pass", 50, "the share of points, in percent, below which the exit code is 64; when asking only where it is given")
	f.StringVar(&q.student, "student", "", "the `name` that stands on the sheet")
	q.look.flags(c)
	complete(c, "format", sheet.Names()...)
	complete(c, "topic", quiz.Topics...)
	complete(c, "level", "1", "2", "3")
	return c
}

// anySeed is a seed short enough to be typed.
func anySeed() uint64 {
	var b [4]byte
	rand.Read(b[:])
	return uint64(binary.LittleEndian.Uint32(b[:]) % 100_000)
}

// check finds what does not go together.
func (q *quizzing) check() error {
	if err := q.want.Check(); err != nil {
		return useError("see "+program+" quiz --help", "%w", err)
	}
	switch {
	case q.want.Count < 0:
		return useError("0 asks one of every kind", "--questions %d: at least 0", q.want.Count)
	case q.pass < 0 || q.pass > 100:
		return useError("it is a share in percent", "--pass %d: 0 to 100", q.pass)
	case q.format != "" && sheet.Named(q.format) == nil:
		return useError("it is one of "+strings.Join(sheet.Names(), ", "), "unknown format %q", q.format)
	case q.key && q.format == "" && q.students == "":
		return useError("--format markdown --key", "--key belongs to a sheet: name its --format")
	case q.students != "" && q.out == "":
		return useError("-o FOLDER", "--students writes many files: name a folder for them")
	case q.out != "" && q.format == "" && q.students == "":
		return useError("--format markdown -o "+q.out, "-o is for sheets: name their --format")
	case q.answers != "" && (q.format != "" || q.students != ""):
		return useError("leave out --format and --students", "--answers marks; it writes no sheet")
	case q.answers != "" && q.path == "":
		return useError(program+" quiz FILE --seed N --answers ANSWERS", "--answers needs the FILE that the questions were about")
	}
	return nil
}

func (a *app) quiz(ctx context.Context, q *quizzing) (err error) {
	if q.students != "" {
		return a.quizStudents(ctx, q)
	}
	to, err := openSink(a.stdout, q.out) // while there is the right to
	if err != nil {
		return err
	}
	defer func() {
		if closed := to.Close(); err == nil {
			err = closed
		}
	}()
	answers, err := a.openAnswers(ctx, q)
	if err != nil {
		return err
	}
	if answers != nil {
		defer answers.Close()
	}
	c, err := a.quizCapture(ctx, q)
	if err != nil || ctx.Err() != nil {
		return err
	}
	questions, left := c.Select(q.want)
	if len(questions) == 0 {
		return useError("take a capture with a whole handshake, more --topic or a higher --level",
			"%s: there is nothing in it that these questions could be asked about", q.source)
	}
	if len(left) > 0 && (q.want.Count == 0 || len(questions) < q.want.Count) {
		a.say("left out, as other questions on the sheet would give the answers away: %s (--kind NAME asks one alone)", strings.Join(left, ", "))
	}
	switch {
	case answers != nil:
		return a.markAnswers(answers, q, questions)
	case q.format != "":
		to.flushed = whenFull
		if err := sheet.Named(q.format).Write(q.sheet(questions), to); err != nil {
			return err
		}
		return to.Flush()
	}
	return a.ask(ctx, q, questions)
}

// sheet is a set of questions to be written.
func (q *quizzing) sheet(questions []*quiz.Question) *sheet.Sheet {
	return &sheet.Sheet{Title: "TCP: questions about a connection", Source: q.source, Again: q.again(), Student: q.student, Questions: questions, Key: q.key}
}

// shellWord is a word as a shell takes it.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:,+@%=", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// again is the command that gives the same questions.
func (q *quizzing) again() string {
	words := []string{program, "quiz", shellWord(q.path), fmt.Sprintf("--seed %d --questions %d", q.want.Seed, q.want.Count)}
	if q.want.Level > 0 {
		words = append(words, fmt.Sprintf("--level %d", q.want.Level))
	}
	for _, topic := range q.want.Topics {
		words = append(words, "--topic "+topic)
	}
	for _, kind := range q.want.Kinds {
		words = append(words, "--kind "+kind)
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
