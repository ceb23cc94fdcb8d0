package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// named is a file as the command line names it.
type named struct {
	path, what string
	info       os.FileInfo // nil for a file that is not there yet
}

// apart refuses files of which two are the same one, before any of them is
// opened: an output empties what is there, and two outputs in one file are
// neither. path is "" for what is not asked for, and "-" for standard input or
// output.
func (a *app) apart(input, write, output string) error {
	outputIs := "-o"
	if output == "" {
		output, outputIs = "-", "standard output"
		if write == "-" {
			output = "" // everything else goes to standard error then
		}
	}
	var seen []named
	for _, n := range []named{{path: input, what: "the capture that is read"}, {path: write, what: "-w"}, {path: output, what: outputIs}} {
		if n.path == "" {
			continue
		}
		standard := n.path == "-"
		switch {
		case standard && n.path == input && len(seen) == 0:
			n.info, n.what = stat(a.stdin), "standard input"
		case standard:
			n.info = stat(a.stdout)
		default:
			if info, err := os.Stat(n.path); err == nil {
				n.info = info
			}
		}
		for _, other := range seen {
			if same(n, other) {
				return useError("name another file", "%s and %s are the same: %s; nothing is written", other.what, n.what, pathOf(n, other))
			}
		}
		seen = append(seen, n)
	}
	return nil
}

func stat(f *os.File) os.FileInfo {
	if f != nil {
		if info, err := f.Stat(); err == nil {
			return info
		}
	}
	return nil
}

// same reports whether two names are of one file, there already or not. A
// device, such as /dev/null or the terminal, takes whatever comes, and a socket
// has two directions.
func same(a, b named) bool {
	if a.info != nil && b.info != nil {
		return a.info.Mode()&(os.ModeDevice|os.ModeSocket) == 0 && os.SameFile(a.info, b.info)
	}
	if a.info != nil || b.info != nil || a.path == "-" || b.path == "-" {
		return false
	}
	return resolved(a.path) == resolved(b.path)
}

// resolved is one name for a file that is not there yet.
func resolved(path string) string {
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	if absolute, err := filepath.Abs(path); err == nil {
		return absolute
	}
	return path
}

func pathOf(a, b named) string {
	if a.path != "-" {
		return fmt.Sprintf("%q", a.path)
	}
	if b.path != "-" {
		return fmt.Sprintf("%q", b.path)
	}
	return "standard output"
}
