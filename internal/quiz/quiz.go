// Package quiz makes questions from what was captured, and marks answers to
// them. It draws nothing: package sheet does, and the command that asks.
package quiz

import (
	"fmt"
	"slices"
	"strings"
)

// A Question is one question about what was captured.
type Question struct {
	Kind     *Kind
	Ask      string    // what is asked, in a sentence or two
	Show     []Exhibit // what the answer can be found from; what is asked for is blank there
	Choices  []string  // the answer is one of these; nil where it is written
	Items    []string  // these have to be put in order; nil elsewhere
	Answer   Answer
	Mistakes []Mistake // wrong answers that students give, the likeliest first
	Why      string    // the proof: the arithmetic, and the frames that it rests on
	Section  string    // where that stands: "RFC 9293 §3.4"; "" for nowhere

	inOrder []*Frame // what has to be put in order
	asks    []fact   // what is asked for, besides what is blank in the exhibits
	tells   []fact   // what the text gives away
}

// An Answer is what counts as right, or as one mistake.
type Answer interface {
	String() string                            // as a key to the answers prints it
	Want() string                              // what has to be written: "a number, raw or relative"
	Match(given string) (form string, ok bool) // ok reports whether it is that; form says how it was given, "" where there is but one way
}

// A reader is an answer that can tell what cannot be read at all from what is
// wrong.
type reader interface{ reads(given string) bool }

// A Mistake is a wrong answer that has its reason.
type Mistake struct {
	Answer Answer
	Why    string // what was confused, to the student: "you repeated …"
}

// A Mark is what an answer is worth.
type Mark struct {
	Right bool
	Read  bool   // reports whether the answer could be read; where not it is no try
	Form  string // how a right answer was given: "relative", "the flags byte"
	Why   string // of a wrong answer, where it can be told: what was confused
}

// Mark marks an answer.
func (q *Question) Mark(given string) Mark {
	given = strings.TrimSpace(given)
	if given == "" {
		return Mark{}
	}
	if form, ok := q.Answer.Match(given); ok {
		return Mark{Right: true, Read: true, Form: form}
	}
	for i := range q.Mistakes {
		if _, ok := q.Mistakes[i].Answer.Match(given); ok {
			return Mark{Read: true, Why: q.Mistakes[i].Why}
		}
	}
	if r, ok := q.Answer.(reader); ok && !r.reads(given) {
		return Mark{}
	}
	if s, ok := q.Answer.(slipper); ok {
		return Mark{Read: true, Why: s.slip(given)}
	}
	return Mark{Read: true}
}

// Frames are the numbers of the frames that the question shows, in order, each
// once.
func (q *Question) Frames() (numbers []int) {
	for i := range q.Show {
		for _, f := range q.Show[i].Frames {
			numbers = append(numbers, f.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// Letter names a choice or an item: A, B, C …
func Letter(i int) string { return string(rune('A' + i)) }

// option is one of the choices while a question is made: why is empty for the
// right one.
type option struct{ text, why string }

// choose makes a question one of choices: the first of them is right. They are
// mixed by shuffle.
func (q *Question) choose(shuffle func(n int, swap func(i, j int)), options ...option) {
	right := options[0].text
	options = slices.Clone(options)
	shuffle(len(options), func(i, j int) { options[i], options[j] = options[j], options[i] })
	q.Choices = make([]string, len(options))
	for i, o := range options {
		q.Choices[i] = o.text
	}
	q.Answer = choice{slices.Index(q.Choices, right), q.Choices}
	for i, o := range options {
		if o.text != right {
			q.Mistakes = append(q.Mistakes, Mistake{choice{i, q.Choices}, o.why})
		}
	}
}

// order makes a question one of order: segments stand in the right one.
func (q *Question) order(shuffle func(n int, swap func(i, j int)), list []*Frame) {
	items := descriptions(list)
	q.inOrder = list
	for _, f := range list {
		q.asks = append(q.asks, fact{column: Number, frame: f.Number})
		for _, column := range []Column{Flags, Seq, Ack, Len} {
			q.tells = append(q.tells, f.facts(column)...)
		}
	}
	places := make([]int, len(items))
	for i := range places {
		places[i] = i
	}
	for {
		shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		if !slices.IsSorted(places) {
			break // in the right order already there is nothing to do
		}
	}
	q.Items = make([]string, len(items))
	right := make([]int, len(items))
	for at, place := range places {
		q.Items[at] = items[place]
		right[place] = at
	}
	q.Answer = sequence(right)
}

// hash names a frame as the story does.
func hash(n int) string { return fmt.Sprintf("#%d", n) }
