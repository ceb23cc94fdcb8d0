package quiz

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ReadAnswers reads a file of answers: a line each, the question's number, a colon
// (or a full stop, a bracket), and the answer. Empty lines, and lines that begin
// with #, are passed over. The answers are by place; "" where there is none.
func ReadAnswers(r io.Reader, questions int) ([]string, error) {
	answers := make([]string, questions)
	lines := bufio.NewScanner(io.LimitReader(r, 1<<20))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		cut := strings.IndexAny(line, ":.)\t,")
		if cut < 0 {
			return nil, fmt.Errorf("line %d: no colon behind the question's number", n)
		}
		number, err := strconv.Atoi(strings.TrimSpace(line[:cut]))
		if err != nil || number < 1 || number > questions {
			return nil, fmt.Errorf("line %d: the questions are 1 to %d", n, questions)
		}
		answers[number-1] = strings.TrimSpace(line[cut+1:])
	}
	return answers, lines.Err()
}
