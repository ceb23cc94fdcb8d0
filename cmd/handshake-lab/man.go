package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// environment is the variables that the program heeds.
var environment = [][2]string{
	{"COLUMNS", "how wide a page is where standard output is no terminal; 80 without it"},
	{"NO_COLOR", "set to anything: no colour, unless --color always asks for it"},
	{"TERM, COLORTERM", "dumb: no colour, and no status line below a showing; how many colours there are"},
	{"COLORFGBG", "what ground the terminal has, for --theme auto: 0 to 6 and 8 behind the last semicolon are dark"},
	{"LC_ALL, LC_CTYPE, LANG", "the first that is set names the character set: anything but UTF-8 makes what is shown ASCII"},
	{"SUDO_UID, SUDO_GID", "as root: the user behind sudo, with whose rights outputs are opened, and to whom root is given up"},
}

// manCommand writes the man pages, for make pages.
func (a *app) manCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the man pages into a folder",
		Hidden: true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return useError(program+" man ./man", "man takes one folder, DIR")
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return outputError(err)
			}
			for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
				if c != root && !c.IsAvailableCommand() {
					continue
				}
				path := filepath.Join(args[0], dashed(c)+".1")
				if err := os.WriteFile(path, manPage(c), 0o644); err != nil {
					return outputError(err)
				}
			}
			return nil
		},
	}
}

// manPage is the page of a command, in the language of man(7).
func manPage(c *cobra.Command) []byte {
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	m := &man{}
	m.line(`.TH %s 1 "" "%s %s" "%s"`, strings.ToUpper(dashed(c)), program, version(), program)
	m.section("NAME")
	m.text(dashed(c) + " - " + strings.ToLower(c.Short[:1]) + c.Short[1:])
	m.section("SYNOPSIS")
	m.synopsis(c)
	m.section("DESCRIPTION")
	m.paragraphs(c.Long, c.Short)
	m.commands(c)
	m.options(c)
	if c.Example != "" {
		m.section("EXAMPLES")
		m.line(".nf\n%s\n.fi", roff(c.Example))
	}
	m.section("EXIT STATUS")
	for _, e := range exitCodes {
		m.item(e.code, e.meaning)
	}
	m.section("ENVIRONMENT")
	for _, v := range environment {
		m.item(v[0], v[1])
	}
	m.section("SEE ALSO")
	var others []string
	for _, other := range append([]*cobra.Command{c.Root()}, c.Root().Commands()...) {
		if other != c && (other == c.Root() || other.IsAvailableCommand()) {
			others = append(others, dashed(other)+"(1)")
		}
	}
	m.text(strings.Join(append(others, "pcap-filter(7)", "tcpdump(1)", "tcp(7)"), ", "))
	return m.page
}

// dashed is the name of a command's page.
func dashed(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// man is a page under way.
type man struct{ page []byte }

func (m *man) line(format string, args ...any) { m.page = fmt.Appendf(m.page, format+"\n", args...) }
func (m *man) section(title string)            { m.line(".SH %s", title) }
func (m *man) text(text string)                { m.line("%s", roff(text)) }

// item is a word, and what it means, indented below it.
func (m *man) item(word, meaning string) {
	m.line(".TP\n\\fB%s\\fR", roff(word))
	m.text(meaning)
}

func (m *man) synopsis(c *cobra.Command) {
	words := strings.TrimSuffix(c.UseLine(), " [flags]")
	switch {
	case c.HasAvailableSubCommands():
		words += " COMMAND [OPTION ...] [ARGUMENT ...]"
	case c.HasAvailableFlags():
		words = strings.Replace(words, c.CommandPath(), c.CommandPath()+" [OPTION ...]", 1)
	}
	m.line("\\fB%s\\fR%s", roff(c.CommandPath()), roff(strings.TrimPrefix(words, c.CommandPath())))
}

// paragraphs is a description; lines with spaces before them stay lines.
func (m *man) paragraphs(long, short string) {
	if long == "" {
		long = short + "."
	}
	for i, paragraph := range strings.Split(strings.TrimSpace(long), "\n\n") {
		if i > 0 {
			m.line(".PP")
		}
		if strings.Contains("\n"+paragraph, "\n\t") || strings.Contains("\n"+paragraph, "\n  ") {
			m.line(".nf\n%s\n.fi", roff(paragraph))
			continue
		}
		m.text(paragraph)
	}
}

// commands lists what is below a command, in its groups.
func (m *man) commands(c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	m.section("COMMANDS")
	group := ""
	for _, below := range c.Commands() {
		if !below.IsAvailableCommand() {
			continue
		}
		if below.GroupID != group {
			group = below.GroupID
			for _, g := range c.Groups() {
				if g.ID == group {
					m.line(".SS %s", strings.TrimSuffix(g.Title, ":"))
				}
			}
		}
		m.item(below.Use, below.Short+".")
	}
}

func (m *man) options(c *cobra.Command) {
	m.section("OPTIONS")
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		names := "--" + f.Name
		if f.Shorthand != "" {
			names = "-" + f.Shorthand + ", " + names
		}
		m.line(".TP\n\\fB%s\\fR \\fI%s\\fR", roff(names), roff(value))
		switch f.DefValue {
		case "", "0", "0s", "false", "[]":
		default:
			if !strings.Contains(usage, "(default") {
				usage += " (default " + f.DefValue + ")"
			}
		}
		m.text(usage + ".")
	})
}

// roff escapes what man(7) takes for its own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
