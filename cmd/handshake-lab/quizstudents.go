package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// quizStudents writes a sheet for each name of a list, with a capture of its own
// where none was named, and one key for all, in Markdown, as that can be joined. Captures
// are read by processes that have given up root.
func (a *app) quizStudents(ctx context.Context, q *quizzing) error {
	if q.format == "" {
		q.format = "markdown"
	}
	names, err := readNames(q.students)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(q.out); err == nil {
		return fail(exitOutput, fmt.Errorf("%s is there already", q.out), "name a folder that is not there yet")
	}
	if err := privilege.Mkdir(q.out); err != nil {
		return outputError(err)
	}
	extension := sheet.Named(q.format).Extension
	key, err := openSink(a.stdout, filepath.Join(q.out, "key.md"))
	if err != nil {
		return err
	}
	defer key.Close()
	for i, name := range names {
		one := studentSheet{q, name, filepath.Join(q.out, fmt.Sprintf("%02d-%s", i+1, fileName(name)))}
		if err := one.write(ctx, extension, key.file); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
	}
	a.say("%s written to %s, with one key: key.md", plural(len(names), "sheet"), q.out)
	return nil
}

// studentSheet is what one student gets: files that begin with stem.
type studentSheet struct {
	*quizzing
	name, stem string
}

func (s *studentSheet) write(ctx context.Context, extension string, key *os.File) error {
	path := s.path
	if path == "" {
		path = s.stem + ".pcapng"
		if err := stage(ctx, path); err != nil {
			return fail(exitUnavailable, fmt.Errorf("no dialogue can be run and captured for %s here: %w", visible.String(s.name), err),
				"name a FILE, or scenario:normal: then all have the same capture and other questions")
		}
	}
	args := []string{"quiz", path, "--format", s.format, "--student", s.name, "--seed", fmt.Sprint(seedOf(s.want.Seed, s.name)),
		"--questions", fmt.Sprint(s.want.Count), "--level", fmt.Sprint(s.want.Level)}
	for _, topic := range s.want.Topics {
		args = append(args, "--topic", topic)
	}
	for _, kind := range s.want.Kinds {
		args = append(args, "--kind", kind)
	}
	if err := runSelf(ctx, nil, append(args, "-o", s.stem+extension)...); err != nil {
		return err
	}
	return runSelf(ctx, key, append(args, "--format", "markdown", "--key")...) // the later --format counts
}

// seedOf is a student's own seed. It stays when others come into the list or leave it.
func seedOf(seed uint64, name string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, name)
	return h.Sum64() % 1_000_000
}

// fileName is a name as part of a file's name: letters and digits of any script.
func fileName(name string) string {
	isNone := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) || r == utf8.RuneError
	}
	const most = 40
	word := []rune(strings.ToLower(strings.Join(strings.FieldsFunc(name, isNone), "-")))
	if len(word) == 0 {
		return "student"
	}
	return string(word[:min(len(word), most)])
}
