package sheet

import (
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/readers"
)

// A parser of GIFT reads as many questions as were written, and takes for right what is
// right (.ci/readers/gift.js).
func TestGIFTAsItsParserReadsIt(t *testing.T) {
	out := readers.Run(t, time.Minute, "gift.js", written(t, "gift", false))
	var read []struct {
		Title, Type, Feedback string
		Right                 []any
		Choices               int
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	questions := sheetOf(t, false).Questions
	if len(read) != len(questions) {
		t.Fatalf("%d questions are read, %d were written", len(read), len(questions))
	}
	for i, q := range questions {
		r := read[i]
		if want := fmt.Sprintf("%02d %s", i+1, q.Kind.Name); r.Title != want {
			t.Errorf("question %d is read as %q, want %q", i+1, r.Title, want)
		}
		kind, right := "Short", []string{}
		_, numeric := quiz.Tolerance(q.Answer)
		switch {
		case q.Choices != nil:
			kind, right = "MC", []string{q.Choices[q.Right()]}
			if r.Choices != len(q.Choices) {
				t.Errorf("%s: %d choices are read, want %d", r.Title, r.Choices, len(q.Choices))
			}
		case q.Items != nil:
			kind = "Matching"
			for place, at := range q.Order() {
				right = append(right, fmt.Sprintf("[%s %d]", q.Items[at], place+1))
			}
		case numeric:
			kind = "Numerical"
			tolerance, _ := quiz.Tolerance(q.Answer)
			for _, form := range quiz.Forms(q.Answer) {
				n, _ := strconv.ParseFloat(form, 64)
				right = append(right, fmt.Sprint([]any{n, tolerance}))
			}
		default:
			right = quiz.Forms(q.Answer)
		}
		var got []string
		for _, one := range r.Right {
			got = append(got, html.UnescapeString(fmt.Sprint(one)))
		}
		if r.Type != kind || !slices.Equal(got, right) {
			t.Errorf("%s: %s %q is read as right, want %s %q", r.Title, r.Type, got, kind, right)
		}
		if !strings.HasPrefix(r.Feedback, strings.TrimSpace(oneLine(q.Why))) {
			t.Errorf("%s: its proof is read as %q, want %q", r.Title, r.Feedback, q.Why)
		}
	}
}
