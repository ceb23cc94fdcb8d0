package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/format"
)

// check holds output to its format. Text and Markdown keep to ASCII where a terminal
// has no more; the others are files whose encoding is UTF-8 by definition.
func check(name string, ascii bool, out []byte) error {
	ascii = ascii && (name == "text" || name == "markdown")
	text := out
	if format.Named(name).Machine && isTabbed(out) {
		text = bytes.ReplaceAll(out, []byte{'\t'}, []byte{' '})
	}
	if err := clean(text, ascii); err != nil {
		return err
	}
	if len(out) > 0 && out[len(out)-1] != '\n' {
		return fmt.Errorf("the last line has no end: %q", out[max(0, len(out)-80):])
	}
	switch name {
	case "ndjson":
		for n := 1; len(out) > 0; n++ {
			line, rest, _ := bytes.Cut(out, []byte{'\n'})
			if !json.Valid(line) || !bytes.HasPrefix(line, []byte{'{'}) {
				return fmt.Errorf("line %d is no JSON object: %.200q", n, line)
			}
			out = rest
		}
	case "csv":
		return checkCSV(out)
	}
	return nil
}

// isTabbed reports whether tabs stand between columns: as many in each line.
func isTabbed(out []byte) bool {
	first, _, _ := bytes.Cut(out, []byte{'\n'})
	for line := range bytes.Lines(out) {
		if bytes.Count(line, []byte{'\t'}) != bytes.Count(first, []byte{'\t'}) {
			return false
		}
	}
	return true
}

// clean reports whether a terminal may be given text as it is.
func clean(text []byte, ascii bool) error {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		bad := ""
		switch {
		case r == utf8.RuneError && n <= 1:
			bad = "invalid UTF-8"
		case r == '\n':
		case unicode.IsControl(r):
			bad = "a control character"
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			bad = "an invisible character"
		case ascii && r > unicode.MaxASCII:
			bad = "more than ASCII"
		}
		if bad != "" {
			return fmt.Errorf("%s in the output: %q", bad, text[max(0, i-60):min(len(text), i+60)])
		}
		i += n
	}
	return nil
}

func checkCSV(out []byte) error {
	r := csv.NewReader(bytes.NewReader(out))
	r.ReuseRecord = true
	for {
		row, err := r.Read() // all rows as long as the first
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for _, cell := range row {
			if strings.IndexAny(cell, "=+@") == 0 || len(cell) > 1 && cell[0] == '-' && !isNumber(cell[1:]) {
				return fmt.Errorf("a cell that a spreadsheet takes for a formula: %q", cell)
			}
		}
	}
}

func isNumber(text string) bool {
	return strings.Trim(text, "0123456789.;-") == ""
}
