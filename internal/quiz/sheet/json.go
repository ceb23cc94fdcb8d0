package sheet

import (
	"encoding/json"
	"io"

	"github.com/handshake-lab/handshake-lab/internal/quiz"
)

// jsonQuestion is a question with all that a program needs to ask and mark it.
type jsonQuestion struct {
	Number   int           `json:"number"`
	Kind     string        `json:"kind"`
	Topic    string        `json:"topic"`
	Level    int           `json:"level"`
	Points   int           `json:"points"`
	Minutes  int           `json:"minutes"`
	Ask      string        `json:"ask"`
	Want     string        `json:"want"`
	Frames   []int         `json:"frames,omitempty"`
	Show     []jsonExhibit `json:"show,omitempty"`
	Choices  []string      `json:"choices,omitempty"`
	Items    []string      `json:"items,omitempty"`
	Answer   string        `json:"answer"`
	Forms    []string      `json:"forms"`
	Mistakes []jsonMistake `json:"mistakes,omitempty"`
	Why      string        `json:"why"`
	Section  string        `json:"section,omitempty"`
}

type jsonExhibit struct {
	Columns []string   `json:"columns,omitempty"`
	Rows    [][]string `json:"rows,omitempty"` // without what is asked for
	Header  []string   `json:"header,omitempty"`
}

type jsonMistake struct {
	Answer string `json:"answer"`
	Why    string `json:"why"`
}

func jsonArray(s *Sheet, w io.Writer) error {
	list := []jsonQuestion{}
	for i, q := range s.Questions {
		item := jsonQuestion{Number: i + 1, Kind: q.Kind.Name, Topic: q.Kind.Topic, Level: q.Kind.Level, Points: q.Kind.Points, Minutes: Minutes(q),
			Ask: q.Ask, Want: q.Answer.Want(), Frames: q.Frames(), Choices: q.Choices, Items: q.Items,
			Answer: q.Answer.String(), Forms: quiz.Forms(q.Answer), Why: q.Why, Section: q.Section}
		for k := range q.Show {
			item.Show = append(item.Show, jsonExhibitOf(&q.Show[k]))
		}
		for _, m := range q.Mistakes {
			item.Mistakes = append(item.Mistakes, jsonMistake{m.Answer.String(), m.Why})
		}
		list = append(list, item)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

// jsonExhibitOf is an exhibit as its question alone needs it.
func jsonExhibitOf(e *quiz.Exhibit) (out jsonExhibit) {
	e = e.Alone()
	if e.Bytes {
		for _, row := range e.HeaderRows() {
			out.Header = append(out.Header, row.Text)
		}
		return out
	}
	out.Columns = e.Heads()
	for _, row := range e.Rows() {
		var cells []string
		for _, v := range row {
			cells = append(cells, v.Text+v.Rest)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
