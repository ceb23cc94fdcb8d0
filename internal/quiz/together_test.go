package quiz

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Nothing on a sheet gives away the answer to a question on it: no number that is asked
// for stands in another question, in digits or in bytes, no flags that are asked for, and
// no order.
func TestNothingIsGivenAway(t *testing.T) {
	seeds := uint64(5)
	if testing.Short() {
		seeds = 2
	}
	for _, path := range recordings(t) {
		c := load(t, path)
		for seed := range seeds {
			for _, count := range []int{0, 8} {
				list := c.Questions(Choice{Seed: seed, Count: count})
				for i, q := range list {
					for k, other := range list {
						if k != i {
							for _, leak := range givenAway(q, other) {
								t.Errorf("%s, seed %d, %d: question %d (%s) is answered by %d (%s): %s\n%s", filepath.Base(path), seed, count, i+1, q.Kind.Name, k+1, other.Kind.Name, leak, seen(other))
							}
						}
					}
				}
			}
		}
	}
}

// seen is all that a question lets see, as text: a line a row.
func seen(q *Question) string {
	lines := append([]string{q.Ask}, append(q.Choices, q.Items...)...)
	for i := range q.Show {
		e := &q.Show[i]
		if e.Bytes {
			for n, row := range e.HeaderRows() {
				lines = append(lines, fmt.Sprintf("header of #%d, word %d: %s", e.Frames[0].Number, n, row.Text))
			}
			continue
		}
		for _, row := range e.Rows() {
			line := "row #" + row[0].Text + ":"
			for n, v := range row[1:] {
				line += fmt.Sprintf(" %s=%s%s", strings.ReplaceAll(e.Heads()[n+1], " ", "_"), v.Text, v.Rest)
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// givenAway is where the answer to a question stands in another one.
func givenAway(q, other *Question) (leaks []string) {
	text := seen(other)
	find := func(pattern string) {
		leaks = append(leaks, regexp.MustCompile(pattern).FindAllString(text, -1)...)
	}
	switch a := q.Answer.(type) {
	case number:
		if a.raw < 1000 {
			return nil // as a number of bytes has
		}
		find(fmt.Sprintf(`\b%d\b`, a.raw))
		if hex := fmt.Sprintf("% x", []byte{byte(a.raw >> 24), byte(a.raw >> 16), byte(a.raw >> 8), byte(a.raw)}); !slices.ContainsFunc(q.Show, func(e Exhibit) bool { return e.Bytes }) {
			find(`word [12]: ` + hex)
		}
	case flags:
		for _, n := range q.Frames() {
			find(fmt.Sprintf(`row #%d:.*flags=[A-Z]+`, n))
		}
	case frames:
		for _, n := range q.Frames() {
			find(fmt.Sprintf(`row #%d:.*flags=[A-Z]+`, n))
		}
	case count:
		if q.Kind.Name == "data-size" {
			find(fmt.Sprintf(`row #%d:.*data=\d+`, q.Show[0].Frames[0].Number))
		}
	case sequence:
		for _, f := range q.inOrder {
			find(fmt.Sprintf(`row #%d:.*(flags|bits_104-111|seq|ack)=\w+`, f.Number))
			find(fmt.Sprintf(`header of #%d, word 3`, f.Number))
		}
	}
	return leaks
}

// Each question of a sheet can be answered from what it shows and from the answers that
// it refers to: those that it needs were asked before it.
func TestReferences(t *testing.T) {
	referred := 0
	for _, path := range recordings(t) {
		c := load(t, path)
		for seed := range uint64(4) {
			for i, q := range c.Questions(Choice{Seed: seed}) {
				for _, n := range refersTo(q) {
					if referred++; n > i {
						t.Errorf("%s, seed %d: question %d (%s) needs the answer to %d", filepath.Base(path), seed, i+1, q.Kind.Name, n)
					}
				}
			}
		}
	}
	if referred == 0 {
		t.Error("no question refers to another one")
	}
}

// refersTo are the questions whose answers a question needs.
func refersTo(q *Question) (numbers []int) {
	for i := range q.Show {
		e := &q.Show[i]
		for at, n := range e.elsewhere {
			if !e.Bytes && !slices.Contains(e.aside, at.Column) {
				numbers = append(numbers, n)
			}
		}
	}
	return numbers
}

// A sheet of eight questions has eight where the capture is a whole dialogue, and now and
// then one of them is to put segments in order.
func TestEnough(t *testing.T) {
	c := load(t, "../../testdata/greeting.pcapng")
	ordered := 0
	for seed := range uint64(60) {
		list := c.Questions(Choice{Seed: seed, Count: 8})
		if len(list) != 8 {
			t.Errorf("seed %d: %d questions", seed, len(list))
		}
		if slices.ContainsFunc(list, func(q *Question) bool { return q.Items != nil }) {
			ordered++
		}
	}
	t.Logf("%d of 60 sheets have something to put in order", ordered)
	if ordered < 6 {
		t.Errorf("only %d of 60 sheets have something to put in order", ordered)
	}
}
