package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the README names as answers to lab sheets is there, and answers.
func TestLabSheets(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Lab sheets\n")
	section, _, _ = strings.Cut(section, "\n## ")
	lines := regexp.MustCompile(`(?m)^    handshake-lab (.+?) {2,}\S.*$`).FindAllStringSubmatch(section, -1)
	if n := strings.Count(section, "\n    handshake-lab "); n < 10 || len(lines) != n {
		t.Fatalf("%d of %d lines are a command and what it answers", len(lines), n)
	}
	word := regexp.MustCompile(`'[^']*'|\S+`)
	for _, line := range lines {
		args := word.FindAllString(line[1], -1)
		for i := range args {
			args[i] = strings.Trim(args[i], "'")
		}
		if len(args) > 2 && strings.HasPrefix(args[len(args)-1], "tcp[") && !haveLibpcap() {
			continue // filters of files need libpcap too
		}
		if out, err := labCommand(t.Context(), args...).Output(); err != nil || strings.Count(string(out), "\n") < 3 {
			t.Errorf("handshake-lab %s: %v, %d bytes", line[1], err, len(out))
		}
	}
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
