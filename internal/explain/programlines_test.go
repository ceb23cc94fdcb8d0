package explain

import (
	"slices"
	"strings"
	"testing"
)

// The lines are the programs, and each call of a program is made by a line that has it,
// in both languages, as often as the program has it.
func TestProgramLines(t *testing.T) {
	for _, p := range programs {
		want := map[string]int{}
		for _, part := range p.parts {
			if made[part.call] != nil {
				want[part.call]++
			} else if part.call != "thread" && slices.ContainsFunc(calls, func(c call) bool { return c.name == part.call }) {
				t.Errorf("%s: nothing says how %s is written", p.name, part.call)
			}
		}
		for i, lines := range ProgramLines(p.name) {
			got := map[string]int{}
			var texts []string
			for _, line := range lines {
				texts = append(texts, line.Text)
				for _, call := range line.Calls {
					got[call]++
				}
				if n := len(line.Calls); n > 0 && !made[line.Calls[n-1]].MatchString(line.Text) {
					t.Errorf("%s in %s: %q makes no %s", p.name, Languages[i], line.Text, line.Calls[n-1])
				}
			}
			if !slices.Equal(texts, p.whole().bodies[i]) {
				t.Errorf("%s in %s: other lines\n%s", p.name, Languages[i], strings.Join(texts, "\n"))
			}
			for call, n := range want {
				if got[call] != n {
					t.Errorf("%s in %s: %d lines make %s, want %d", p.name, Languages[i], got[call], call, n)
				}
			}
		}
	}
}
