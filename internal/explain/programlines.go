package explain

import (
	"regexp"
	"strings"
)

// A Line is one line of a program, with the socket calls that it makes.
type Line struct {
	Text  string
	Calls []string // as the story names them; nil for none
}

// Languages are those that the programs are written in.
var Languages = [2]string{"Python", "Go"}

// made is how the two languages write a call of the programs.
var made = map[string]*regexp.Regexp{
	"socket":   regexp.MustCompile(`socket\.socket\(`),
	"bind":     regexp.MustCompile(`\.bind\(`),
	"listen":   regexp.MustCompile(`\.[lL]isten\(`),
	"accept":   regexp.MustCompile(`\.[aA]ccept\(`),
	"connect":  regexp.MustCompile(`\.connect\(|\.Dial\(`),
	"send":     regexp.MustCompile(`\.sendall\(|\.Write\(`),
	"recv":     regexp.MustCompile(`\.recv\(|\.Read(All)?\(`),
	"shutdown": regexp.MustCompile(`\.shutdown\(|\.CloseWrite\(`),
	"close":    regexp.MustCompile(`\.[cC]lose\(\)`),
}

// ProgramLines are the lines of the program of a name, "server" or "client", in each of
// Languages, with their calls: for a page that shows where a program stands. What a
// language has in one with a later call is made by that call's line.
func ProgramLines(name string) (lines [2][]Line) {
	for _, p := range programs {
		if p.name != name {
			continue
		}
		var within [2][]string
		for _, part := range p.parts {
			for i, texts := range [2][]string{part.python, part.golang} {
				call := made[part.call]
				if call != nil {
					within[i] = append(within[i], part.call)
				}
				for _, text := range texts {
					line := Line{Text: strings.TrimRight(text, " ")}
					if call != nil && call.MatchString(text) {
						line.Calls, within[i], call = within[i], nil, nil
					}
					lines[i] = append(lines[i], line)
				}
			}
		}
	}
	return lines
}
