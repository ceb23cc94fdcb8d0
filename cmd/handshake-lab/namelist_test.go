package main

import (
	"slices"
	"testing"
)

// Lists of names come from editors, spreadsheets and platforms.
func TestNamesIn(t *testing.T) {
	for text, want := range map[string][]string{
		"Anna\nBo\n": {"Anna", "Bo"},
		"\ufeffname,group\r\nAnna Lind,1\r\n\r\nBo,2":  {"Anna Lind", "Bo"},
		"Name;Group\nAnna;1\nBo;2\n":                   {"Anna", "Bo"},
		"id\tstudent\n1\tAnna\n2\tBo\n3\n":             {"Anna", "Bo"},
		"First name,Surname,Mail\nAnna,Lind,a@b\n":     {"Anna Lind"},
		"Anna\nAnna\nAnna\n":                           {"Anna", "Anna (2)", "Anna (3)"},
		"\"Lind, Anna\",1\n\"O'Brien \"\"Bo\"\"\",2\n": {"Lind, Anna", "O'Brien \"Bo\""},
		"name\n": nil,
		"":       nil,
	} {
		if got, err := namesIn([]byte(text)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	if _, err := namesIn([]byte("\xff\xfea\x00")); err == nil {
		t.Error("UTF-16 is read as a name")
	}
}
