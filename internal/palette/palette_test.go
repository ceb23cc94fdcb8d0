package palette

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/view"
)

// color is red, green and blue, 0-255.
type color [3]float64

// The 16 colours of two terminals that differ much: the console of a PC, and xterm.
var terminals = map[string][16]color{
	"console": {{0, 0, 0}, {170, 0, 0}, {0, 170, 0}, {170, 85, 0}, {0, 0, 170}, {170, 0, 170}, {0, 170, 170}, {170, 170, 170},
		{85, 85, 85}, {255, 85, 85}, {85, 255, 85}, {255, 255, 85}, {85, 85, 255}, {255, 85, 255}, {85, 255, 255}, {255, 255, 255}},
	"xterm": {{0, 0, 0}, {205, 0, 0}, {0, 205, 0}, {205, 205, 0}, {0, 0, 238}, {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
		{127, 127, 127}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0}, {92, 92, 255}, {255, 0, 255}, {0, 255, 255}, {255, 255, 255}},
}

// xterm256 is a colour from 16 on of the 256: a cube of six levels, then greys.
func xterm256(n int) color {
	if n >= 232 {
		grey := float64(8 + 10*(n-232))
		return color{grey, grey, grey}
	}
	levels := [...]float64{0, 0x5f, 0x87, 0xaf, 0xd7, 0xff}
	n -= 16
	return color{levels[n/36], levels[n/6%6], levels[n%6]}
}

// linear are the intensities of the light (sRGB, IEC 61966-2-1).
func (c color) linear() (l [3]float64) {
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return l
}

// luminance is relative (WCAG 2.2).
func (c color) luminance() float64 {
	l := c.linear()
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is that of two colours (WCAG 2.2): from 1 to 21.
func contrast(a, b color) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

// foreground is the colour that an escape sequence gives to text, on a terminal with
// these 16 colours that shows bold ones in their bright shade; false where it is the
// screen's own.
func foreground(t *testing.T, escape string, sixteen [16]color, few bool) (c color, has bool) {
	t.Helper()
	parameters, ok := strings.CutPrefix(strings.TrimSuffix(escape, "m"), "\x1b[")
	if !ok {
		t.Fatalf("%q is no sequence", escape)
	}
	bold := false
	list := strings.Split(parameters, ";")
	for i := 0; i < len(list); i++ {
		n, err := strconv.Atoi(list[i])
		if err != nil {
			t.Fatalf("%q: %v", escape, err)
		}
		bright := 0
		if bold {
			bright = 8
		}
		switch {
		case n == 1:
			bold = true
		case n == 4 || n == 7: // underlined; the ground's own colours, exchanged
		case n == 38 && !few && i+2 < len(list) && list[i+1] == "5":
			number, err := strconv.Atoi(list[i+2])
			if err != nil || number < 16 || number > 255 {
				t.Fatalf("%q: a colour that terminals choose", escape)
			}
			c, has = xterm256(number), true
			i += 2
		case n >= 30 && n <= 37 && few:
			c, has = sixteen[n-30+bright], true
		case n >= 90 && n <= 97 && few:
			c, has = sixteen[n-90+8], true
		default:
			t.Fatalf("%q: %d is none of what every such terminal has", escape, n)
		}
	}
	return c, has
}

var screens = map[string]Screen{"dark": {}, "light": {Light: true}, "dark, 16 colours": {Few: true}, "light, 16 colours": {Light: true, Few: true}}

func (s Screen) ground() color {
	if s.Light {
		return color{255, 255, 255}
	}
	return color{}
}

// Everything can be read on its ground, dimmed text included.
func TestContrast(t *testing.T) {
	const least = 4.5
	seen := 0
	for name, screen := range screens {
		for ink, escape := range For(screen) {
			if escape == "" {
				continue
			}
			for terminal, sixteen := range terminals {
				c, has := foreground(t, escape, sixteen, screen.Few)
				if !has {
					continue
				}
				seen++
				if got := contrast(c, screen.ground()); got < least {
					t.Errorf("%s on %s: ink %d, %q: %.2f:1, want %.1f:1", name, terminal, ink, escape, got, least)
				}
			}
		}
	}
	if seen < 4*2*len(screens) {
		t.Errorf("only %d colours were looked at", seen)
	}
	if got := contrast(color{255, 255, 255}, color{}); got != 21 {
		t.Errorf("white on black: %v, want 21", got)
	}
}

// Inks that mean something are seen: with 256 colours each has one of its own.
func TestInksAreThere(t *testing.T) {
	for name, screen := range screens {
		p := For(screen)
		if p[view.Plain] != "" || p[view.Neutral] != "" {
			t.Errorf("%s: plain text has a colour", name)
		}
		for ink := range view.Tone(inks) {
			isOwn := ink == view.Plain || ink == view.Neutral || screen.Few && (ink == view.Quiet || ink == view.Called || ink == Label)
			if isOwn != (p[ink] == "") {
				t.Errorf("%s: ink %d is %q", name, ink, p[ink])
			}
		}
		for client := range 20 {
			if p[Client(client)] == p[view.OfX] || p[Client(client)] == p[view.OfY] {
				t.Errorf("%s: client %d has the colour of x or y", name, client)
			}
		}
	}
}

// The three ways of not seeing a colour, as matrices on linear light (Machado,
// Oliveira, Fernandes 2009, severity 1.0).
var visions = map[string][3][3]float64{
	"all colours": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":  {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
		{-0.011820, 0.042940, 0.968881}},
	"tritanopia": {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is a colour as somebody sees it, in CIE L*a*b* (D65), where distances are about
// as large as they look.
func (c color) lab(vision [3][3]float64) (lab [3]float64) {
	l := c.linear()
	var seen [3]float64
	for i, row := range vision {
		for j, weight := range row {
			seen[i] += weight * l[j]
		}
		seen[i] = min(max(seen[i], 0), 1)
	}
	xyz := [3]float64{
		(0.4124*seen[0] + 0.3576*seen[1] + 0.1805*seen[2]) / 0.9505,
		0.2126*seen[0] + 0.7152*seen[1] + 0.0722*seen[2],
		(0.0193*seen[0] + 0.1192*seen[1] + 0.9505*seen[2]) / 1.089,
	}
	for i, v := range xyz {
		if v > 216.0/24389 {
			xyz[i] = math.Cbrt(v)
		} else {
			xyz[i] = (24389.0/27*v + 16) / 116
		}
	}
	return [3]float64{116*xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])}
}

// x and y are told apart by people who see few colours too: their colours are much
// further apart than the 2.3 that is just seen.
func TestXAndYApart(t *testing.T) {
	const least = 35
	for name, screen := range screens {
		for terminal, sixteen := range terminals {
			p := For(screen)
			x, _ := foreground(t, p[view.OfX], sixteen, screen.Few)
			y, _ := foreground(t, p[view.OfY], sixteen, screen.Few)
			for vision, matrix := range visions {
				a, b := x.lab(matrix), y.lab(matrix)
				if got := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); got < least {
					t.Errorf("%s on %s, %s: %.0f apart, want %d", name, terminal, vision, got, least)
				}
			}
		}
	}
}
