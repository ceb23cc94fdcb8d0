package main

import (
	"os"

	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/spf13/cobra"
)

// looks is what commands that colour have in common: whether, and what for.
type looks struct {
	color  terminal.ColorMode
	theme  terminal.ThemeMode
	screen palette.Screen // what is written is read on it; known after see
}

func (l *looks) flags(c *cobra.Command) {
	c.Flags().Var(&l.color, "color", "colour: always, never, or auto for what the terminal takes")
	c.Flags().Var(&l.theme, "theme", "colours for a light or a dark ground; auto: as COLORFGBG or the terminal says, else dark")
	complete(c, "color", "auto", "always", "never")
	complete(c, "theme", "auto", "light", "dark")
}

// see finds out what is written to out will be read on. It may ask the terminal, so it
// comes before anybody reads keys from it; out is nil where that is none.
func (l *looks) see(in, out *os.File) {
	if l.color.For(out, os.Getenv) {
		l.screen = palette.Screen{Light: l.theme.Light(in, out, os.Getenv), Few: terminal.FewColors(os.Getenv)}
	}
}

// page is how a page of the reference is written to standard output.
func (l *looks) page(a *app) explain.Style {
	l.see(a.stdin, a.stdout)
	s := showFlags{looks: *l}
	o := s.options(&sink{file: a.stdout}, false)
	return explain.Style{Width: o.Width, Color: o.Color, ASCII: o.ASCII, Screen: o.Screen}
}
