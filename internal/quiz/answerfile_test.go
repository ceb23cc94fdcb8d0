package quiz

import (
	"slices"
	"strings"
	"testing"
)

// Files of answers come from editors, tables and platforms.
func TestReadAnswers(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string // nil for an error
		says string
	}{
		{"\ufeff1: SYN\r\n2) x+1\r\n", []string{"SYN", "x+1"}, ""},
		{"# Anna\n\n2. [S.]\n", []string{"", "[S.]"}, ""},
		{"1\tSYN\n2,1\n", []string{"SYN", "1"}, ""},
		{`"1","SYN, ACK"` + "\n2;x+1", []string{"SYN, ACK", "x+1"}, ""},
		{"2: C B A\n1:", []string{"", "C B A"}, ""},
		{"", []string{"", ""}, ""},
		{"1: SYN\n1: ACK\n", nil, "line 2: question 1 is answered in line 1 already"},
		{"3: SYN", nil, "line 1: the questions are 1 to 2"},
		{"SYN", nil, "line 1: no colon"},
		{"1: " + strings.Repeat("a", longestAnswer), nil, "line 1 is longer than 64 KiB"},
		{strings.Repeat("#\n", mostAnswers), nil, "more than 1 MiB"},
		{"\xff\xfe1\x00:\x00", nil, "UTF-16"},
	} {
		got, err := ReadAnswers(strings.NewReader(test.text), 2)
		if test.want == nil {
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%.40q: %v, want an error that says %q", test.text, err, test.says)
			}
		} else if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%.40q: %q, %v; want %q", test.text, got, err, test.want)
		}
	}
}
