package quiz

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The bounds of a file of answers: far more than anybody writes.
const (
	longestAnswer = 64 << 10
	mostAnswers   = 1 << 20
)

// ReadAnswers reads a file of answers: a line each, the question's number, a colon
// (or a full stop, a bracket, a comma, a semicolon), and the answer, in quotes or not.
// Empty lines, and lines that begin with #, are passed over. The answers are by place; ""
// where there is none. No question is answered twice.
func ReadAnswers(r io.Reader, questions int) ([]string, error) {
	answers, line := make([]string, questions), make([]int, questions)
	text, err := io.ReadAll(io.LimitReader(r, mostAnswers+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > mostAnswers:
		return nil, errors.New("more than 1 MiB: that is no file of answers")
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, errors.New("it is in UTF-16: save it as UTF-8")
	}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	lines.Buffer(nil, longestAnswer)
	n := 1
	for ; lines.Scan(); n++ {
		number, answer, err := readAnswer(lines.Text(), questions)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", n, err)
		case number == 0:
			continue
		case line[number-1] > 0:
			return nil, fmt.Errorf("line %d: question %d is answered in line %d already", n, number, line[number-1])
		}
		answers[number-1], line[number-1] = answer, n
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d is longer than %d KiB", n, longestAnswer>>10)
	}
	return answers, lines.Err()
}

// readAnswer reads a line; its number is 0 where there is nothing in it.
func readAnswer(line string, questions int) (number int, answer string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return 0, "", nil
	}
	cut := strings.IndexAny(line, ":.)\t,;")
	if cut < 0 {
		return 0, "", errors.New("no colon after the question's number")
	}
	number, err = strconv.Atoi(unquoted(line[:cut]))
	if err != nil || number < 1 || number > questions {
		return 0, "", fmt.Errorf("the questions are 1 to %d", questions)
	}
	return number, unquoted(line[cut+1:]), nil
}

// unquoted is a text without blanks around it, and without the quotes of a table.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = strings.TrimSpace(strings.ReplaceAll(text[1:len(text)-1], `""`, `"`))
	}
	return text
}
