package main

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/internal/format"
	"github.com/handshake-lab/handshake-lab/internal/view"
	"github.com/klauspost/compress/gzip"
)

// trial is one case: a mutated capture, and how it is to be shown.
type trial struct {
	seed         uint64
	of           string // the capture it was made of
	story        string // what was done to it
	data         []byte
	view, format string
	width        int
	ascii        bool
}

// newCase makes the case that a seed stands for.
func newCase(seed uint64, captures []*original) *trial {
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	o := captures[r.IntN(len(captures))]
	w := work{Rand: r, captures: captures, original: *o}
	w.head = bytes.Clone(o.head)
	w.parts = slices.Clone(o.parts)
	for range 1 + r.IntN(4) {
		w.change()
	}
	c := &trial{seed: seed, of: o.name, data: w.join()}
	if r.IntN(12) == 0 {
		c.data = pack(c.data)
		w.told = append(w.told, "gzip")
	}
	for r.IntN(3) == 0 && len(c.data) > 0 {
		c.data = w.bytes(c.data)
	}
	c.story = strings.Join(w.told, ", ")
	v := &view.Views[r.IntN(len(view.Views))]
	formats := format.Of(v)
	c.view, c.format = v.Name, formats[r.IntN(len(formats))]
	c.width, c.ascii = 1+r.IntN(200), r.IntN(2) == 0
	return c
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}
