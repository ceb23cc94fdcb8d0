package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the README names as answers to lab sheets is there, and answers.
func TestLabSheets(t *testing.T) {
	section := labSheets(t)
	lines := regexp.MustCompile(`(?m)^    ((?:COLUMNS=\d+ )?handshake-lab .+?) {2,}\S.*$`).FindAllStringSubmatch(section, -1)
	if n := strings.Count(section, "\n    "); n < 10 || len(lines) != n {
		t.Fatalf("%d of %d lines are a command and what it answers", len(lines), n)
	}
	for _, line := range lines {
		if out, ok := printed(t, line[1]); ok && strings.Count(out, "\n") < 3 {
			t.Errorf("%s: %d bytes", line[1], len(out))
		}
	}
}

// Each question of docs/lab-sheets.md has its answer in the output of its command,
// and the README names the command.
func TestLabQuestions(t *testing.T) {
	text, err := os.ReadFile("../../docs/lab-sheets.md")
	if err != nil {
		t.Fatal(err)
	}
	section := labSheets(t)
	code := regexp.MustCompile("`([^`]+)`")
	asked := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || !strings.Contains(cells[3], program) {
			continue
		}
		command := code.FindStringSubmatch(line)[1]
		answers := code.FindAllStringSubmatch(cells[4], -1)
		if strings.Contains(command, "|") || len(answers) == 0 {
			t.Fatalf("%q is no row of four cells with an answer", line)
		}
		asked[strings.TrimSpace(cells[1])] = true
		if !strings.Contains(section, "\n    "+command+"  ") {
			t.Errorf("README.md does not name %s", command)
		}
		out, ok := printed(t, command)
		if !ok {
			continue
		}
		out = strings.Join(strings.Fields(out), " ")
		for _, answer := range answers {
			if !strings.Contains(out, strings.Join(strings.Fields(answer[1]), " ")) {
				t.Errorf("%s. %s: no %q in the output of %s", strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2]), answer[1], command)
			}
		}
	}
	if len(asked) != 35 {
		t.Errorf("%d questions, want 35", len(asked))
	}
}

func labSheets(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Lab sheets\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// printed is what a command line shows in a pipe; not where it needs what this build
// lacks: filters of files need libpcap too.
func printed(t *testing.T, line string) (out string, ok bool) {
	t.Helper()
	words := regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1)
	for i := range words {
		words[i] = strings.Trim(words[i], "'")
	}
	columns := "COLUMNS=80"
	if strings.HasPrefix(words[0], "COLUMNS=") {
		columns, words = words[0], words[1:]
	}
	if strings.Contains(words[len(words)-1], "tcp[") && !haveLibpcap() {
		return "", false
	}
	c := labCommand(t.Context(), words[1:]...)
	c.Env = append(os.Environ(), columns, "LC_ALL=C.UTF-8")
	text, err := c.Output()
	if err != nil {
		t.Errorf("%s: %v", line, err)
	}
	return string(text), err == nil
}

// The exit codes of the help and of the README are the same.
func TestExitCodes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Exit codes\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := regexp.MustCompile(`(?m)^\| ([0-9, ]+) \|`).FindAllStringSubmatch(section, -1)
	if len(rows) != len(exitCodes) {
		t.Fatalf("README.md has %d exit codes, help %d", len(rows), len(exitCodes))
	}
	for i, e := range exitCodes {
		if rows[i][1] != e.code {
			t.Errorf("README.md has %s where help has %s", rows[i][1], e.code)
		}
	}
}
