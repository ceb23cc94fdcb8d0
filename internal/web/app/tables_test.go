package app

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/explain"
)

var update = flag.Bool("update", false, "write page/tables.js anew")

// What the page knows of headers and programs is what the decoder's table and the reference
// have: page/tables.js is written from them.
func TestTables(t *testing.T) {
	const path = "page/tables.js"
	want := tables()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the tables of Go come to (go test ./internal/web/app -update): %v", path, err)
	}
}

func tables() []byte {
	var b bytes.Buffer
	b.WriteString("// Made of decode's and explain's tables by go test ./internal/web/app -update.\n\n")
	b.WriteString("/** Name, first bit, last bit.\n * @type {[string, number, number][]} */\nexport const FIELDS = [\n")
	for _, f := range decode.Fields {
		fmt.Fprintf(&b, "[%q,%d,%d],\n", f.Name, f.Offset, f.Offset+f.Width-1)
	}
	b.WriteString("];\n/** @type {Record<number, string>} */\nexport const OPTIONS = {\n")
	for kind := range 256 {
		if name := (decode.Option{Kind: uint8(kind)}).Name(); name != "option "+strconv.Itoa(kind) {
			fmt.Fprintf(&b, "%d:%q,\n", kind, name)
		}
	}
	b.WriteString("};\n/** By language and side: lines, behind a stroke the calls that each makes.\n * @type {Record<string, Record<string, string>>} */\nexport const PROGRAMS = {\n")
	for i, language := range explain.Languages {
		fmt.Fprintf(&b, "%s: {\n", language)
		for _, side := range []string{"client", "server"} {
			fmt.Fprintf(&b, "%s: String.raw`", side)
			for n, line := range explain.ProgramLines(side)[i] {
				if n > 0 {
					b.WriteByte('\n')
				}
				b.WriteString(strings.ReplaceAll(line.Text, "\t", "  ")) // there is little room
				if line.Calls != nil {
					b.WriteString("|" + strings.Join(line.Calls, " "))
				}
			}
			b.WriteString("`,\n")
		}
		b.WriteString("},\n")
	}
	b.WriteString("};\n")
	return b.Bytes()
}
