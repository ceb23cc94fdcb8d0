package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// choice is the answer that is one of the choices.
type choice struct {
	at      int
	choices []string
}

func (c choice) String() string { return Letter(c.at) + ": " + c.choices[c.at] }
func (c choice) Want() string   { return "a letter, A to " + Letter(len(c.choices)-1) }

func (c choice) Match(given string) (string, bool) {
	at, ok := c.read(given)
	return "", ok && at == c.at
}

func (c choice) reads(given string) bool { _, ok := c.read(given); return ok }

// read takes a letter, its number from 1, or the text itself.
func (c choice) read(given string) (int, bool) {
	for i, text := range c.choices {
		if strings.EqualFold(given, text) {
			return i, true
		}
	}
	for i, text := range c.choices { // the letter and the text, as they stand there
		letter, rest, _ := strings.Cut(strings.TrimLeft(given, "( "), " ")
		if strings.EqualFold(strings.TrimRight(letter, "):."), Letter(i)) && strings.EqualFold(strings.TrimSpace(rest), text) {
			return i, true
		}
	}
	given = strings.ToUpper(strings.Trim(given, "().: "))
	given = strings.TrimPrefix(strings.TrimPrefix(given, "ANSWER "), "CHOICE ")
	if len(given) == 1 && given[0] >= 'A' && int(given[0]-'A') < len(c.choices) {
		return int(given[0] - 'A'), true
	}
	n, err := strconv.Atoi(given)
	return n - 1, err == nil && n >= 1 && n <= len(c.choices)
}

// sequence is the answer that puts items in order: their places as shown.
type sequence []int

func (s sequence) String() string {
	letters := make([]string, len(s))
	for i, at := range s {
		letters[i] = Letter(at)
	}
	return strings.Join(letters, " ")
}

func (s sequence) Want() string { return "the letters in order, as in " + inOrder(len(s)) }

func inOrder(n int) string {
	places := make(sequence, n)
	for i := range places {
		places[i] = n - 1 - i
	}
	return places.String()
}

func (s sequence) Match(given string) (string, bool) {
	read, ok := s.read(given)
	return "", ok && slices.Equal(read, s)
}

func (s sequence) reads(given string) bool { _, ok := s.read(given); return ok }

// read takes letters or numbers from 1, with or without something between them.
func (s sequence) read(given string) (sequence, bool) {
	var read sequence
	for _, r := range strings.ToUpper(given) {
		switch {
		case r >= 'A' && int(r-'A') < len(s):
			read = append(read, int(r-'A'))
		case r >= '1' && int(r-'1') < len(s):
			read = append(read, int(r-'1'))
		case !strings.ContainsRune(" ,;-→>.", r):
			return nil, false
		}
	}
	return read, len(read) == len(s)
}

// yes is the answer to a question with yes or no.
type yes bool

func (y yes) String() string {
	if y {
		return "yes"
	}
	return "no"
}

func (yes) Want() string { return "yes or no" }

func (y yes) Match(given string) (string, bool) {
	read, ok := y.read(given)
	return "", ok && read == bool(y)
}

func (y yes) reads(given string) bool { _, ok := y.read(given); return ok }

func (yes) read(given string) (bool, bool) {
	first, _, _ := strings.Cut(strings.NewReplacer(",", " ", ".", " ", ":", " ", ";", " ", "!", " ").Replace(strings.ToLower(given)), " ")
	switch first { // what follows is a reason
	case "yes", "y", "true", "1":
		return true, true
	case "no", "n", "false", "0":
		return false, true
	}
	return false, false
}

// frames is the answer that names frames, in any order.
type frames []int

func (f frames) String() string {
	names := make([]string, len(f))
	for i, n := range f {
		names[i] = hash(n)
	}
	return strings.Join(names, ", ")
}

func (f frames) Want() string {
	return "the numbers of frames, as in #1, #2"
}

func (f frames) Match(given string) (string, bool) {
	read, ok := f.read(given)
	return "", ok && slices.Equal(read, f)
}

func (f frames) reads(given string) bool { _, ok := f.read(given); return ok }

func (frames) read(given string) (read frames, ok bool) {
	words := strings.FieldsFunc(strings.ToLower(given), func(r rune) bool { return strings.ContainsRune("#,;/&+. ", r) })
	for _, word := range words {
		switch word {
		case "and", "frame", "frames", "packet", "packets", "segment", "segments", "no", "nr", "number", "numbers":
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, false
		}
		read = append(read, n)
	}
	slices.Sort(read)
	return slices.Compact(read), len(read) > 0
}

// side is the answer that names one of the two ends.
type side struct {
	client  bool
	sockets [2]string // client first
}

func (s side) name() string {
	if s.client {
		return "client"
	}
	return "server"
}

func (s side) String() string {
	at := 1
	if s.client {
		at = 0
	}
	return "the " + s.name() + " (" + s.sockets[at] + ")"
}

func (side) Want() string { return "client or server" }

func (s side) Match(given string) (string, bool) {
	client, ok := s.read(given)
	return "", ok && client == s.client
}

func (s side) reads(given string) bool { _, ok := s.read(given); return ok }

func (s side) read(given string) (client, ok bool) {
	given = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(given), "the "), ".")
	for i, part := range s.parts() {
		if part[0] != part[1] && (given == part[0] || given == part[1]) {
			return given == s.parts()[i][0], true
		}
	}
	switch given {
	case "client", "c", strings.ToLower(s.sockets[0]):
		return true, true
	case "server", "s", strings.ToLower(s.sockets[1]):
		return false, true
	}
	return false, false
}

// parts are the addresses of the two ends and their ports, client first.
func (s side) parts() (parts [2][2]string) {
	for i, socket := range s.sockets {
		cut := strings.LastIndexByte(socket, ':')
		parts[0][i], parts[1][i] = strings.ToLower(strings.Trim(socket[:cut], "[]")), socket[cut+1:]
	}
	return parts
}

// socket is the answer that names an address and a port.
type socket struct {
	address string
	port    uint16
}

func (s socket) String() string {
	if strings.Contains(s.address, ":") {
		return fmt.Sprintf("[%s]:%d", s.address, s.port)
	}
	return fmt.Sprintf("%s:%d", s.address, s.port)
}

func (socket) Want() string { return "address:port, as in 192.0.2.1:80" }

func (s socket) Match(given string) (string, bool) {
	address, port, ok := readSocket(given)
	return "", ok && address == s.address && port == s.port
}

func (s socket) reads(given string) bool { _, _, ok := readSocket(given); return ok }
