package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// maxOriginal leaves large captures out: many small cases find more.
const maxOriginal = 1 << 20

// original is a good capture, taken apart where its format is known.
type original struct {
	name  string
	ng    bool             // pcapng
	order binary.ByteOrder // nil where it is neither format: it is mutated as bytes only
	head  []byte           // the file header of pcap; nothing in pcapng
	parts [][]byte         // records or blocks
}

// load reads all files below the given folders, by name.
func load(roots []string) ([]*original, error) {
	var all []*original
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				if errors.Is(err, fs.ErrNotExist) && path == root {
					return nil // captures that are not everywhere
				}
				return err
			}
			if e.IsDir() && e.Name() == "cases" {
				return fs.SkipDir // scripts, which are captures only once they are built
			}
			if e.IsDir() || strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".txtar") {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if data = unpack(data); len(data) > 0 && len(data) <= maxOriginal {
				all = append(all, takeApart(path, data))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no captures: name folders that hold some")
	}
	return all, nil
}

func unpack(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return data
	}
	plain, _ := io.ReadAll(io.LimitReader(z, maxOriginal+1))
	return plain
}

// takeApart finds the records of a capture. What does not fit any more is the
// last part.
func takeApart(name string, data []byte) *original {
	o := &original{name: name}
	if len(data) < 28 {
		o.parts = [][]byte{data}
		return o
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(data) {
		case 0xa1b2c3d4, 0xa1b23c4d:
			o.order, o.head = order, data[:24]
			o.parts = split(data[24:], func(b []byte) int {
				if len(b) < 16 {
					return 0
				}
				return 16 + int(min(order.Uint32(b[8:]), 1<<20))
			})
			return o
		case 0x0a0d0d0a:
			if order.Uint32(data[8:]) != 0x1a2b3c4d {
				continue
			}
			o.ng, o.order = true, order
			o.parts = split(data, func(b []byte) int {
				if len(b) < 12 {
					return 0
				}
				return int(min(order.Uint32(b[4:]), 1<<20)+3) &^ 3
			})
			return o
		}
	}
	o.parts = [][]byte{data}
	return o
}

func split(data []byte, length func([]byte) int) (parts [][]byte) {
	for len(data) > 0 {
		n := length(data)
		if n < 12 || n > len(data) {
			n = len(data)
		}
		parts = append(parts, data[:n])
		data = data[n:]
	}
	return parts
}
