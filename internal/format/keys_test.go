package format

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/explain"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// markdown keeps Markdown from taking text for its own signs.
var markdown = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;")

// keysPage is docs/keys.md as the tables of columns say it.
func keysPage() string {
	var b strings.Builder
	b.WriteString(`# Keys

Every key of every view in the machine-readable formats. Keys are named as
` + "`tshark -T fields -e`" + ` names them; what Wireshark has no name for is under
` + "`lab.`" + `. In ndjson a row is one object on a line, a key whose value does not
apply is left out, and a list is an array; json is one document, the array of these
objects. In csv the first line holds the keys,
such a cell is empty, and the members of a list are joined by ` + "`;`" + `; a text cell
that a spreadsheet would take for a formula begins with ` + "`'`" + `.

Text out of a capture is made visible: control characters as ` + "`\\n`, `\\x1b`" + `,
invisible characters and marks that turn the direction of writing as ` + "`\\u202e`" + `,
bytes that are no UTF-8 as ` + "`\\xff`" + `, a backslash as ` + "`\\\\`" + `.

A spreadsheet that guesses takes the text ` + "`00010010`" + ` of ` + "`lab.flags_bits`" + ` for the
number 10010: import that column as text, or read ` + "`tcp.flags`" + `.

Rows of handshakes and of conversations are sorted by ` + "`lab.client`" + `, the number of the
client, in every format: of up to 1,000 conversations, which wait for the end. More
stay in the order in which they end, as do those that are shown live: of ` + "`watch`" + `, of
` + "`run --stay`" + `, and of a ` + "`replay`" + ` that keeps to a pace.

These are the keys of version 1. Keys may come to it: read by name, not by place. Where
one is renamed, left out or given another meaning, every row of ndjson and json will
begin with the key ` + "`lab.version`" + `; a row without it is of version 1.

This page is written from the program's own tables by
` + "`go test ./internal/format -run TestKeysPage -update`" + `.
`)
	for _, v := range view.Views {
		var formats []string
		for i := range Formats {
			if f := &Formats[i]; f.Machine && f.opens(&v) != nil {
				formats = append(formats, f.Name)
			}
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s. Formats: %s.\n\n| key | type | unit | meaning |\n|---|---|---|---|\n",
			v.Name, strings.ToUpper(v.Help[:1])+v.Help[1:], strings.Join(formats, ", "))
		for _, c := range v.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Key, c.Type, c.Unit, markdown.Replace(c.Help))
		}
	}
	b.WriteString("\n## Filters\n\nOf the views that have segments: story, segments, handshake, header. They stand in a row only where `--columns` names them.\n\n| key | type | unit | meaning |\n|---|---|---|---|\n")
	for _, c := range view.Named("segments").More {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Key, c.Type, c.Unit, markdown.Replace(c.Help))
	}
	b.WriteString("\n## Verdicts\n\nWhat `lab.verdict` can be; `handshake-lab explain NAME` tells what proves it and what it leaves open.\n\n| `lab.verdict` | meaning |\n|---|---|\n")
	for _, name := range conversation.VerdictNames() {
		topic, err := explain.Find(name)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, markdown.Replace(topic.Help))
	}
	return b.String()
}

func TestKeysPage(t *testing.T) {
	golden(t, filepath.Join("..", "..", "docs", "keys.md"), keysPage())
}

// TestColumns: no key twice, each with a meaning.
func TestColumns(t *testing.T) {
	for _, v := range view.Views {
		seen := map[string]bool{}
		for _, c := range v.Columns {
			if seen[c.Key] {
				t.Errorf("view %s has %s twice", v.Name, c.Key)
			}
			seen[c.Key] = true
			if c.Help == "" || strings.HasSuffix(c.Help, ".") || c.Append == nil {
				t.Errorf("view %s: %s has no value, or its meaning is empty or ends with a full stop", v.Name, c.Key)
			}
		}
	}
}
