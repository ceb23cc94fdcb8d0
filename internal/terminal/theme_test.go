package terminal

import "testing"

func TestThemeMode(t *testing.T) {
	var m ThemeMode
	if m.String() != "auto" || m.Set("light") != nil || m != ThemeLight || m.Set("white") == nil || m != ThemeLight {
		t.Errorf("the mode is %v", m)
	}
	environment := func(colorFgBg string) func(string) string {
		return func(name string) string {
			return map[string]string{"COLORFGBG": colorFgBg, "TERM": "xterm-256color"}[name]
		}
	}
	for _, test := range []struct {
		mode      ThemeMode
		colorFgBg string
		light     bool
	}{
		{"", "", false},
		{"", "0;15", true},
		{"", "15;0", false},
		{"", "0;default;15", true},
		{"", "12;7", true},
		{"", "12;8", false},
		{"", "default;default", false},
		{"", "15", false},
		{"", "0;16", false},
		{"", "0;-1", false},
		{ThemeDark, "0;15", false},
		{ThemeLight, "15;0", true},
	} {
		if got := test.mode.Light(nil, nil, environment(test.colorFgBg)); got != test.light {
			t.Errorf("--theme %v with COLORFGBG=%q: light %t, want %t", test.mode, test.colorFgBg, got, test.light)
		}
	}
}

func TestFewColors(t *testing.T) {
	for _, test := range []struct {
		term, colorTerm string
		few             bool
	}{
		{"xterm-256color", "", false}, {"tmux-256color", "", false}, {"xterm-kitty", "", false}, {"", "", false},
		{"xterm", "truecolor", false}, {"xterm", "", true}, {"linux", "", true}, {"vt220", "", true}, {"screen", "", true},
	} {
		getenv := func(name string) string {
			return map[string]string{"TERM": test.term, "COLORTERM": test.colorTerm}[name]
		}
		if got := FewColors(getenv); got != test.few {
			t.Errorf("TERM=%q COLORTERM=%q: few %t, want %t", test.term, test.colorTerm, got, test.few)
		}
	}
}

func TestIsLight(t *testing.T) {
	for ground, want := range map[string][2]bool{
		"rgb:ffff/ffff/ffff": {true, true}, "rgb:0000/0000/0000": {false, true}, "rgb:f/f/f": {true, true},
		"rgb:fdfd/f6f6/e3e3": {true, true}, "rgb:0000/2b2b/3636": {false, true}, // Solarized
		"rgba:ff/ff/ff/ff": {true, true}, "rgb:80/80/80": {true, true}, "rgb:70/70/70": {false, true},
		"": {}, "rgb:": {}, "rgb:1/2": {}, "rgb:fffff/0/0": {}, "white": {}, "rgb:x/0/0": {},
	} {
		if light, known := isLight([]byte(ground)); light != want[0] || known != want[1] {
			t.Errorf("%q: light %t, known %t", ground, light, known)
		}
	}
}

// Answers are taken out of what comes from the terminal, however it arrives, and
// nothing else is.
func TestAnswer(t *testing.T) {
	const ground = "\x1b]11;rgb:ffff/ffff/ffff"
	for _, test := range []struct {
		comes, typed string
		known, whole bool
	}{
		{ground + "\x1b\\\x1b[?62;22c", "", true, true},
		{ground + "\a\x1b[?6c", "", true, true},
		{"\x1b[?1;2c", "", false, true},
		{"q" + ground + "\a \x1b[?6cx", "q x", true, true},
		{"\x1b[A" + ground + "\a\x1b[?6c\x1b", "\x1b[A\x1b", true, true},
		{"\x1bOP\x1b[?6c", "\x1bOP", false, true},
		{"é" + ground + "\a", "é", true, false},
		{ground, "", false, false},
		{"ls\n", "ls\n", false, false},
	} {
		for size := 1; size <= len(test.comes); size++ {
			var a answer
			for rest := []byte(test.comes); len(rest) > 0; {
				n := min(size, len(rest))
				a.take(rest[:n:n])
				rest = rest[n:]
			}
			if light, known := isLight(a.ground); known != test.known || light != test.known || a.isWhole != test.whole || string(a.keys()) != test.typed {
				t.Errorf("%q by %d: ground %q, whole %t, typed %q", test.comes, size, a.ground, a.isWhole, a.keys())
			}
		}
	}
}
