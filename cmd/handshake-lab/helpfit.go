package main

import (
	"fmt"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/spf13/cobra"
)

// fitHelp makes help fit the terminal: flags and paragraphs are broken at blanks. What
// goes elsewhere stays as it is.
func (a *app) fitHelp(root *cobra.Command) {
	help := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if terminal.Is(a.stdout) {
			columns := terminal.Width(a.stdout)
			c.Long = fitParagraphs(c.Long, columns)
			root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", columns)))
		}
		help(c, args)
	})
}

// fitParagraphs breaks anew the paragraphs that have a line which is too long, but not
// those with indented lines.
func fitParagraphs(text string, columns int) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, p := range paragraphs {
		tooLong := false
		for line := range strings.Lines(p) {
			tooLong = tooLong || len(strings.TrimRight(line, "\n")) > columns
		}
		if tooLong && !strings.Contains("\n"+p, "\n ") {
			paragraphs[i] = strings.TrimRight(sheet.Wrapped(p, columns, 0), "\n")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
