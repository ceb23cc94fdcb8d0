package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// visible keeps what a message quotes - names of files, words of the command
// line, what a capture calls its parts - from reaching the terminal as
// anything but text: control characters, invisible ones and invalid UTF-8 are
// written as in Go.
func visible(text string) string {
	clean := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }) < 0
	if clean {
		return text
	}
	var b []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		if strconv.IsPrint(r) && (r != utf8.RuneError || n > 1) {
			b = append(b, text[:n]...)
		} else {
			quoted := strconv.AppendQuote(nil, text[:n])
			b = append(b, quoted[1:len(quoted)-1]...)
		}
		text = text[n:]
	}
	return string(b)
}
