package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

// pair is a view in a format that writes it.
type pair struct{ view, format string }

func pairs() (all []pair) {
	for i := range view.Views {
		for _, name := range format.Of(&view.Views[i]) {
			all = append(all, pair{view.Views[i].Name, name})
		}
	}
	return all
}

// FuzzPipeline takes the bytes of a file all the way: reader, decoder, tracker,
// timeline, a view and a format. It must end, within time and memory, and what is
// written be valid in its format, without anything that a terminal would obey.
func FuzzPipeline(f *testing.F) {
	all := pairs()
	n := 0
	seed := func(data []byte, times int) {
		for range times {
			f.Add(data, uint16(n), uint8(20+n%120), n%2 == 0)
			n++
		}
	}
	seed(escapes(), len(all))
	err := filepath.WalkDir("../../../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(filepath.Ext(path), ".pcap") {
			return err
		}
		data, err := os.ReadFile(path)
		seed(data, 5)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint16, width uint8, ascii bool) {
		p := all[int(which)%len(all)]
		var d driver
		c := &trial{data: data, view: p.view, format: p.format, width: 1 + int(width), ascii: ascii}
		if err := d.within(c); err != nil {
			t.Errorf("%s as %s, %d columns, ascii %t: %v", p.view, p.format, c.width, ascii, err)
		}
	})
}
