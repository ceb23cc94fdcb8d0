package terminal

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

// ThemeMode is the value of --theme: what ground text is read on. It is a flag
// value: *ThemeMode has String, Set and Type.
type ThemeMode string

// The modes.
const (
	ThemeAuto  ThemeMode = "auto"
	ThemeDark  ThemeMode = "dark"
	ThemeLight ThemeMode = "light"
)

// String is the mode's name; the zero mode is auto.
func (m ThemeMode) String() string {
	if m == "" {
		return string(ThemeAuto)
	}
	return string(m)
}

// Set takes a mode by its name.
func (m *ThemeMode) Set(name string) error {
	switch mode := ThemeMode(name); mode {
	case ThemeAuto, ThemeDark, ThemeLight:
		*m = mode
		return nil
	}
	return errors.New("want auto, light or dark")
}

// Type is what help shows for the value.
func (m *ThemeMode) Type() string { return "auto|light|dark" }

// Light reports whether out has a light ground: the mode says so, else the
// environment variable COLORFGBG, else the terminal is asked, where out is one and
// its answer can be read from in. Where nothing is known the ground is taken for
// dark. getenv is os.Getenv outside of tests.
func (m ThemeMode) Light(in, out *os.File, getenv func(string) string) bool {
	switch m {
	case ThemeDark:
		return false
	case ThemeLight:
		return true
	}
	if light, known := groundOf(getenv("COLORFGBG")); known {
		return light
	}
	if !answers(getenv("TERM")) || !Is(in) || !Is(out) {
		return false
	}
	light, _ := askGround(in, out)
	return light
}

// groundOf reads COLORFGBG, "15;0" or "0;default;15": the ground is the last of its
// numbers. 7 and those from 9 on are light, as vim and rxvt have it.
func groundOf(colorFgBg string) (light, known bool) {
	_, ground, found := strings.Cut(colorFgBg, ";")
	if i := strings.LastIndexByte(ground, ';'); i >= 0 {
		ground = ground[i+1:]
	}
	n, err := strconv.ParseUint(ground, 10, 8)
	if !found || err != nil || n > 15 {
		return false, false
	}
	return n == 7 || n > 8, true
}

// answers reports whether a terminal of that name knows what it is asked: a dumb one,
// and that of Emacs, would show the question; the console of Linux does not answer it.
func answers(term string) bool {
	return term != "" && term != "dumb" && term != "linux" && !strings.HasPrefix(term, "eterm")
}

// FewColors reports whether the terminal has 16 colours and not 256: it names itself
// so in TERM, and COLORTERM does not say otherwise. getenv is os.Getenv outside of
// tests.
func FewColors(getenv func(string) string) bool {
	term := getenv("TERM")
	if term == "" || term == "dumb" || getenv("COLORTERM") != "" { // what is written goes elsewhere
		return false
	}
	for _, rich := range [...]string{"256color", "direct", "alacritty", "contour", "foot", "ghostty", "kitty", "wezterm"} {
		if strings.Contains(term, rich) {
			return false
		}
	}
	return true
}

const (
	askFor = 100 * time.Millisecond // the showing waits so long for an answer
	lateBy = 400 * time.Millisecond // one that comes later is still kept from being taken for keys
)

// question asks for the colour of the ground (OSC 11 of xterm), then what the
// terminal is (DA1, ECMA-48 §8.3.24), which every one answers: where the second
// answer comes first there will be none to the first question.
const question = "\x1b]11;?\x1b\\" + "\x1b[c"

// answer is what has come from a terminal after the question.
type answer struct {
	ground  []byte // "rgb:ffff/ffff/ffff"; nil where it was not told
	isWhole bool   // nothing will follow
	typed   []byte // keys that were pressed in the meantime
	partial []byte // what may be the begin of an answer
}

// take takes bytes from the terminal.
func (a *answer) take(b []byte) {
	b = append(a.partial, b...)
	a.partial = nil
	for len(b) > 0 {
		switch text, size := sequence(b); {
		case b[0] != 0x1b:
			a.typed = append(a.typed, b[0])
			b = b[1:]
		case size == 0: // its end has not come yet
			a.partial = b
			return
		case bytes.HasPrefix(text, []byte("]11;")):
			a.ground = bytes.Clone(text[len("]11;"):])
			b = b[size:]
		case bytes.HasPrefix(text, []byte("[?")) && text[len(text)-1] == 'c':
			a.isWhole = true
			b = b[size:]
		default: // an arrow, a function key
			a.typed = append(a.typed, b[:size]...)
			b = b[size:]
		}
	}
}

// keys are what was typed. What only begins is the Escape key, or one beyond ASCII,
// unless no key begins so.
func (a *answer) keys() []byte {
	if bytes.HasPrefix(a.partial, []byte("\x1b]")) || bytes.HasPrefix(a.partial, []byte("\x1b[?")) {
		return a.typed
	}
	return append(a.typed, a.partial...)
}

// sequence is the control sequence or string at the begin of b, without what opens
// and ends it, and its whole size; 0 where its end is not there.
func sequence(b []byte) (text []byte, size int) {
	if len(b) < 2 {
		return nil, 0
	}
	switch b[1] {
	case ']': // OSC, up to ST or BEL
		for i := 2; i < len(b); i++ {
			if b[i] == '\a' {
				return b[1:i], i + 1
			}
			if b[i] == '\\' && b[i-1] == 0x1b {
				return b[1 : i-1], i + 1
			}
		}
	case '[': // CSI, up to its final byte
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				return b[1 : i+1], i + 1
			}
		}
	default:
		return b[1:2], 2
	}
	return nil, 0
}

// isLight reads "rgb:ffff/ffff/ffff", with one to four digits a colour: light is what
// black has more contrast with than white (WCAG 2.2, relative luminance).
func isLight(ground []byte) (light, known bool) {
	_, levels, found := strings.Cut(string(ground), ":")
	list := strings.Split(levels, "/")
	if !found || len(list) < 3 {
		return false, false
	}
	luminance := 0.0
	for i, weight := range [...]float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(list[i], 16, 16)
		if err != nil || len(list[i]) > 4 {
			return false, false
		}
		v := float64(n) / (math.Pow(16, float64(len(list[i]))) - 1)
		if v <= 0.04045 {
			luminance += weight * v / 12.92
		} else {
			luminance += weight * math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return (luminance+0.05)*(luminance+0.05) > 1.05*0.05, true
}
