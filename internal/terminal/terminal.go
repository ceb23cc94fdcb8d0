// Package terminal knows what the reader looks at: how wide it is, whether it
// shows UTF-8 and colour, and which key was pressed.
package terminal

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// DefaultWidth is the width, in columns, where nothing says another; MaxWidth
// is the most: no screen is wider, and a page costs memory by its width.
const (
	DefaultWidth = 80
	MaxWidth     = 1000
)

// Is reports whether the file is a terminal.
func Is(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// Size is the terminal's, in columns and lines.
func Size(f *os.File) (columns, lines int) {
	columns, lines, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 || lines <= 0 {
		return DefaultWidth, 24
	}
	return min(columns, MaxWidth), lines
}

// Obeys reports whether f is a terminal that obeys escape sequences. getenv is
// os.Getenv outside of tests.
func Obeys(f *os.File, getenv func(string) string) bool {
	return Is(f) && takesEscapes(f) && getenv("TERM") != "dumb"
}

// HasAlternate reports whether a terminal that obeys has a second screen, which it
// goes to and comes back from with nothing changed. Few that are in use have none.
func HasAlternate(getenv func(string) string) bool {
	name := getenv("TERM")
	for _, without := range []string{"linux", "vt", "ansi", "cons", "sun"} {
		if strings.HasPrefix(name, without) {
			return false
		}
	}
	return true
}

// Width is the terminal's in columns, else that of the environment variable
// COLUMNS, else DefaultWidth; at most MaxWidth.
func Width(f *os.File) int {
	if Is(f) {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return min(columns, MaxWidth)
		}
	}
	if columns, err := strconv.ParseUint(os.Getenv("COLUMNS"), 10, 64); columns > 0 && (err == nil || errors.Is(err, strconv.ErrRange)) {
		return int(min(columns, MaxWidth))
	}
	return DefaultWidth
}

// UTF8 reports whether the locale's character set is UTF-8: the first of LC_ALL,
// LC_CTYPE and LANG that is set and not empty decides (POSIX, Base
// Definitions, chapter 8.2), and where none is, the system. getenv is os.Getenv
// outside of tests.
func UTF8(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := getenv(name); locale != "" {
			locale = strings.ToLower(locale)
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return unnamedIsUTF8
}

// ColorMode is the value of --color. It is a flag value: *ColorMode has String,
// Set and Type.
type ColorMode string

// The modes.
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// String is the mode's name; the zero mode is auto.
func (m ColorMode) String() string {
	if m == "" {
		return string(ColorAuto)
	}
	return string(m)
}

// Set takes a mode by its name.
func (m *ColorMode) Set(name string) error {
	switch mode := ColorMode(name); mode {
	case ColorAuto, ColorAlways, ColorNever:
		*m = mode
		return nil
	}
	return errors.New("want auto, always or never")
}

// Type is what help shows for the value.
func (m *ColorMode) Type() string { return "auto|always|never" }

// For reports whether to write colour to f: the flag wins; else none where
// NO_COLOR is set and not empty (no-color.org), where the terminal is dumb,
// or where f is no terminal. getenv is os.Getenv outside of tests.
func (m ColorMode) For(f *os.File, getenv func(string) string) bool {
	obeys := Is(f) && takesEscapes(f) // asked in every mode: a console has to be told
	return m.decide(obeys, getenv)
}

func (m ColorMode) decide(terminal bool, getenv func(string) string) bool {
	switch m {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	}
	return terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
