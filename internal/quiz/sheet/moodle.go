package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"github.com/handshake-lab/handshake-lab/internal/format/page"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// moodle writes Moodle's XML: https://docs.moodle.org/en/Moodle_XML_format.
func moodle(s *Sheet, w io.Writer) error {
	out := moodleQuiz{}
	for i, q := range s.Questions {
		out.Questions = append(out.Questions, moodleQuestion(i+1, q))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type moodleQuiz struct {
	XMLName   xml.Name `xml:"quiz"`
	Questions []moodleItem
}

type moodleItem struct {
	XMLName  xml.Name   `xml:"question"`
	Type     string     `xml:"type,attr"`
	Name     moodleText `xml:"name"`
	Text     moodleText `xml:"questiontext"`
	Feedback moodleText `xml:"generalfeedback"`
	Grade    int        `xml:"defaultgrade"`
	Single   string     `xml:"single,omitempty"`
	Shuffle  string     `xml:"shuffleanswers,omitempty"`
	Case     string     `xml:"usecase,omitempty"`
	Answers  []moodleAnswer
	Pairs    []moodlePair
}

type moodleText struct {
	Format string `xml:"format,attr,omitempty"`
	Text   string `xml:"text"`
}

type moodleAnswer struct {
	XMLName   xml.Name   `xml:"answer"`
	Fraction  int        `xml:"fraction,attr"`
	Format    string     `xml:"format,attr,omitempty"`
	Text      string     `xml:"text"`
	Tolerance string     `xml:"tolerance,omitempty"`
	Feedback  moodleText `xml:"feedback"`
}

type moodlePair struct {
	XMLName xml.Name   `xml:"subquestion"`
	Format  string     `xml:"format,attr"`
	Text    string     `xml:"text"`
	Answer  moodleText `xml:"answer"`
}

func moodleQuestion(number int, q *quiz.Question) moodleItem {
	item := moodleItem{
		Name:     moodleText{Text: fmt.Sprintf("%02d %s", number, q.Kind.Name)},
		Text:     moodleText{"html", platformText(q)},
		Feedback: moodleText{"html", "<p>" + page.Escape(proof(q)) + "</p>"},
		Grade:    q.Kind.Points,
	}
	tolerance, numeric := quiz.Tolerance(q.Answer)
	switch {
	case q.Choices != nil:
		item.Type, item.Single, item.Shuffle = "multichoice", "true", "true"
		for i, c := range q.Choices {
			item.Answers = append(item.Answers, moodleAnswer{Fraction: fraction(i == q.Right()), Format: "html", Text: page.Escape(c), Feedback: feedback(q.Mark(quiz.Letter(i)).Why)})
		}
	case q.Items != nil:
		item.Type, item.Shuffle = "matching", "true"
		for place, at := range q.Order() {
			item.Pairs = append(item.Pairs, moodlePair{Format: "html", Text: page.Escape(q.Items[at]), Answer: moodleText{Text: strconv.Itoa(place + 1)}})
		}
	default:
		item.Type = "shortanswer"
		item.Case = "0"
		if numeric {
			item.Type, item.Case = "numerical", ""
		}
		item.Answers = typedAnswers(q, numeric, tolerance)
	}
	return item
}

// typedAnswers are the answers that count, and the known mistakes with what was confused.
func typedAnswers(q *quiz.Question, numeric bool, tolerance float64) (list []moodleAnswer) {
	add := func(form string, right bool, why string, tolerance float64) {
		answer := moodleAnswer{Fraction: fraction(right), Format: "moodle_auto_format", Text: form, Feedback: feedback(why)}
		if numeric {
			answer.Tolerance = strconv.FormatFloat(tolerance, 'f', -1, 64)
		}
		list = append(list, answer)
	}
	for _, form := range quiz.Forms(q.Answer) {
		add(form, true, "", tolerance)
	}
	for _, m := range q.Mistakes {
		tolerance, _ := quiz.Tolerance(m.Answer)
		for _, form := range quiz.Forms(m.Answer) {
			if _, right := q.Answer.Match(form); !right {
				add(form, false, m.Why, tolerance)
			}
		}
	}
	return list
}

func feedback(why string) moodleText {
	if why == "" {
		return moodleText{Format: "html"}
	}
	return moodleText{"html", "<p>" + page.Escape(why) + "</p>"}
}

func fraction(right bool) int {
	if right {
		return 100
	}
	return 0
}
