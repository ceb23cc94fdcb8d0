package quiz

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// load follows a capture of testdata.
func load(t testing.TB, path string) *Capture {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	source, err := capture.Open(path, file)
	if err != nil {
		t.Fatal(err)
	}
	c := new(Capture)
	flow := pipeline.Flow{Source: wire.AtOneEnd(source), Sink: c}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Logf("%s: %v", path, err)
	}
	c.Finish()
	return c
}

// recordings are the captures of testdata.
func recordings(t testing.TB) (paths []string) {
	for _, pattern := range []string{"../../testdata/*.pcap", "../../testdata/*.pcapng", "../../testdata/trouble/*.pcapng", "../../testdata/lab/*.pcapng"} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, list...)
	}
	if len(paths) < 20 {
		t.Fatalf("only %d captures", len(paths))
	}
	return paths
}

// ofEveryKind is a question of each kind that a capture has one of, whether or not they
// fit on one sheet.
func ofEveryKind(c *Capture, seed uint64) (list []*Question) {
	for i := range Kinds {
		list = append(list, c.Questions(Choice{Seed: seed, Kinds: []string{Kinds[i].Name}})...)
	}
	return list
}

// Whatever the capture and the seed, a question has exactly one right answer,
// nothing it shows gives that away, and no known mistake counts as right.
func TestQuestionsAreSound(t *testing.T) {
	kinds := map[string]int{}
	for _, path := range recordings(t) {
		c := load(t, path)
		seeds := uint64(40)
		switch {
		case testing.Short():
			seeds = 5
		case filepath.Base(path) == "greeting.pcapng":
			seeds = 1000
		}
		for seed := range seeds {
			for _, q := range ofEveryKind(c, seed) {
				kinds[q.Kind.Name]++
				sound(t, filepath.Base(path), q)
			}
		}
	}
	for i := range Kinds {
		if kinds[Kinds[i].Name] == 0 {
			t.Errorf("no capture of testdata has a question of the kind %s", Kinds[i].Name)
		}
	}
}

var frameNumber = regexp.MustCompile(`#(\d+)`)

func sound(t *testing.T, path string, q *Question) {
	t.Helper()
	where := path + ", " + q.Kind.Name + ": " + q.Ask
	for _, match := range frameNumber.FindAllStringSubmatch(q.Ask+q.Answer.String()+reasons(q), -1) {
		n, _ := strconv.Atoi(match[1])
		if !slices.Contains(q.Frames(), n) {
			t.Errorf("%s\n#%d is not shown", where, n)
		}
	}
	right := 0
	for i := range q.Choices {
		m := q.Mark(Letter(i))
		if m.Right {
			right++
		} else if m.Why == "" {
			t.Errorf("%s\n%s has no reason", where, q.Choices[i])
		}
		if slices.Index(q.Choices, q.Choices[i]) != i {
			t.Errorf("%s\n%s stands twice", where, q.Choices[i])
		}
	}
	if q.Choices != nil && right != 1 {
		t.Errorf("%s\n%d of the choices are right", where, right)
	}
	for _, given := range forms(q) {
		if !q.Mark(given).Right {
			t.Errorf("%s\n%q is right, and is not taken", where, given)
		}
	}
	for _, mistake := range q.Mistakes {
		for _, given := range formsOf(mistake.Answer) {
			if m := q.Mark(given); !m.Right && m.Why == "" {
				t.Errorf("%s\n%q is a mistake without its reason", where, given)
			}
		}
	}
	if _, ok := q.Answer.(span); ok { // worked out from what is shown
		from, to := shownTime(q.Show[0], 0), shownTime(q.Show[0], 1)
		if given := strconv.FormatFloat(to-from, 'f', 3, 64); !q.Mark(given).Right {
			t.Errorf("%s\nby the table it is %s, and that is not taken for %s", where, given, q.Answer)
		}
	}
	if n, ok := q.Answer.(number); ok {
		for _, e := range q.Show {
			for _, row := range e.Alone().Rows() {
				for i, v := range row {
					if column := e.Columns[i]; v.Text == strconv.FormatUint(uint64(n.raw), 10) && (column == Seq || column == Ack) && q.Kind.Name != "closing-order" {
						t.Errorf("%s\nthe answer %s stands in the column %s", where, v.Text, column)
					}
				}
			}
		}
	}
	if q.Why == "" || q.Ask == "" || !strings.HasSuffix(q.Ask, ".") && !strings.HasSuffix(q.Ask, "?") {
		t.Errorf("%s: the texts are not whole", where)
	}
}

// shownTime is the time of a row, in milliseconds.
func shownTime(e Exhibit, row int) float64 {
	values := e.Rows()[row]
	if at := slices.Index(e.visible(), Time); at >= 0 {
		ms, _ := strconv.ParseFloat(values[at].Text, 64)
		return ms
	}
	var hours, minutes int
	var seconds float64
	fmt.Sscanf(values[slices.Index(e.visible(), Clock)].Text, "%d:%d:%f", &hours, &minutes, &seconds)
	return (float64(hours*60+minutes)*60 + seconds) * 1000
}

// reasons are what is said of wrong answers.
func reasons(q *Question) (all string) {
	for _, m := range q.Mistakes {
		all += m.Why + "\n"
	}
	return all
}

func forms(q *Question) []string { return formsOf(q.Answer) }

// formsOf are ways to write an answer.
func formsOf(a Answer) []string {
	switch a := a.(type) {
	case number:
		list := []string{strconv.FormatUint(uint64(a.raw), 10), " 0x" + strconv.FormatUint(uint64(a.raw), 16)}
		if a.hasRelative {
			list = append(list, strconv.FormatUint(uint64(a.relative), 10))
		}
		if a.rule != "" {
			list = append(list, a.rule, strings.ReplaceAll(a.rule, " ", ""))
		}
		return list
	case length:
		return formsOf(a.count)
	case count:
		return []string{strconv.FormatUint(a.n, 10), a.String()}
	case span:
		return []string{a.String(), strconv.FormatFloat(float64(a)/1e9, 'f', 9, 64) + " s", strconv.FormatFloat(float64(a)/1e3, 'f', 0, 64) + "us"}
	case flags:
		name, _, _ := strings.Cut(a.String(), " ")
		return []string{name, strings.ReplaceAll(name, "+", ", "), strings.ToLower(name)}
	case choice:
		return []string{Letter(a.at), strings.ToLower(Letter(a.at)) + ")", strconv.Itoa(a.at + 1), a.choices[a.at]}
	case sequence:
		return []string{a.String(), strings.ReplaceAll(a.String(), " ", ""), strings.ReplaceAll(strings.ToLower(a.String()), " ", ", ")}
	case side:
		return []string{a.name(), "the " + a.name()}
	case meaningless:
		return []string{strconv.FormatUint(uint64(a), 10), "none", "nothing", "-"}
	case yes, frames, optionSet, socket:
		return []string{a.String()}
	}
	panic("an answer without forms")
}

// The same seed gives the same questions, another one others.
func TestSeeds(t *testing.T) {
	c := load(t, "../../testdata/greeting.pcapng")
	text := func(seed uint64) (all string) {
		for _, q := range c.Questions(Choice{Seed: seed, Count: 8}) {
			all += q.Ask + q.Answer.String() + "\n"
		}
		return all
	}
	if first, again := text(1), text(1); first != again {
		t.Error("one seed gives different questions")
	}
	if text(1) == text(2) {
		t.Error("two seeds give the same questions")
	}
}

// Every way to write flags that people know is read, and nothing else.
func TestFlagsAsPeopleWriteThem(t *testing.T) {
	synack := flags(synFlag | ackFlag)
	for _, given := range []string{"SYN+ACK", "syn, ack", "ACK SYN", "SYN/ACK", "SYN-ACK", "SYN and ACK", "synack", "[S.]", "S.", "SA", "as", "0x012", "0x12", "18", "00010010", "·······A··S·"} {
		if _, ok := synack.Match(given); !ok {
			t.Errorf("%q is SYN+ACK", given)
		}
	}
	for _, given := range []string{"SYN", "S", "2", "[S]", "ACK", "00000010", "0x002", "10010", "SYN+FIN", "what", ""} {
		if _, ok := synack.Match(given); ok {
			t.Errorf("%q is not SYN+ACK", given)
		}
	}
}

// What is searched for may be flags only where it is nothing else.
func TestReadFlags(t *testing.T) {
	for given, want := range map[string]string{"SYN+ACK": "SYN+ACK", "syn": "SYN", "[S.]": "SYN+ACK", "[F.]": "FIN+ACK", "0x018": "PSH+ACK", "fin and ack": "FIN+ACK"} {
		if set, ok := ReadFlags(given); !ok || set.String() != want {
			t.Errorf("%q is %v, %v; want %s", given, set, ok, want)
		}
	}
	for _, given := range []string{"Alice", "S", "12", "face", "", "[x]", "0xzz"} {
		if set, ok := ReadFlags(given); ok {
			t.Errorf("%q is taken for %v", given, set)
		}
	}
}

// Whatever is written, marking it ends and claims nothing that is not so.
func FuzzMark(f *testing.F) {
	for _, given := range []string{"", "0", "SYN", "a", "x + 1", "1,000", "0x", "#1 #2", "[::1]:80", "1e300 s", "\u202e"} {
		f.Add(given, uint64(1))
	}
	captures := []*Capture{load(f, "../../testdata/greeting.pcapng"), load(f, "../../testdata/ipv6.pcapng")}
	f.Fuzz(func(t *testing.T, given string, seed uint64) {
		for _, c := range captures {
			for _, q := range c.Questions(Choice{Seed: seed, Count: 5}) {
				if m := q.Mark(given); m.Right && (!m.Read || m.Why != "") {
					t.Errorf("%s: %q is marked %+v", q.Ask, given, m)
				}
			}
		}
	})
}
