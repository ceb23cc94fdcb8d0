package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
)

// maxStudents are more than any class has.
const maxStudents = 2000

// namesHint says what a list of names may be.
const namesHint = "a name a line, or a table with a column that is called name, or with one for first names and one for last names"

// readNames reads a list of names: a name a line, or a table. Those who have one name are
// told apart by a number.
func readNames(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(err)
	}
	names, err := namesIn(text)
	switch {
	case err != nil:
		return nil, fail(exitFile, fmt.Errorf("%s: %w", path, err), namesHint)
	case len(names) == 0:
		return nil, fail(exitFile, fmt.Errorf("%s: it holds no name", path), namesHint)
	case len(names) > maxStudents:
		return nil, fail(exitFile, fmt.Errorf("%s: %d names; at most %d", path, len(names), maxStudents))
	}
	return names, nil
}

// namesIn are the names of a list.
func namesIn(text []byte) (names []string, err error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, fmt.Errorf("it is in UTF-16: save it as UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separatorOf(text)
	r.FieldsPerRecord, r.TrimLeadingSpace, r.LazyQuotes = -1, true, true
	records, err := r.ReadAll()
	if err != nil || len(records) == 0 {
		return nil, err
	}
	columns, isHead := nameColumns(records[0])
	if isHead {
		records = records[1:]
	}
	seen := map[string]int{}
	for _, record := range records {
		var words []string
		for _, column := range columns {
			if column < len(record) {
				words = append(words, strings.Fields(record[column])...)
			}
		}
		name := strings.Join(words, " ")
		if name == "" {
			continue
		}
		if seen[name]++; seen[name] > 1 { // each has a sheet and a seed of its own
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		names = append(names, name)
	}
	return names, nil
}

// separatorOf is what stands between the columns of a table: by its first line a comma,
// or what spreadsheets write in its place.
func separatorOf(text []byte) rune {
	head, _, _ := bytes.Cut(text, []byte("\n"))
	for _, other := range []string{";", "\t"} {
		if bytes.Contains(head, []byte(other)) && !bytes.Contains(head, []byte(",")) {
			return rune(other[0])
		}
	}
	return ','
}

// nameColumns are the columns that make a name; isHead reports whether the first line says
// so. Without that it is the first.
func nameColumns(first []string) (columns []int, isHead bool) {
	find := func(heads ...string) int {
		return slices.IndexFunc(first, func(cell string) bool {
			return slices.Contains(heads, strings.ToLower(strings.TrimSpace(cell)))
		})
	}
	if at := find("name", "names", "student", "students", "full name", "student name"); at >= 0 {
		return []int{at}, true
	}
	given, family := find("first name", "first", "given name", "firstname"), find("last name", "last", "surname", "family name", "lastname")
	if given >= 0 && family >= 0 {
		return []int{given, family}, true
	}
	return []int{0}, false
}
