package quiz

import (
	"fmt"
	"math/bits"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/decode"
)

// A student who makes the mistakes that students make is told what was confused, to
// every kind of question; none of them counts as right.
func TestClassicMistakes(t *testing.T) {
	tried := map[string]int{}
	for _, path := range recordings(t) {
		c := load(t, path)
		for seed := range uint64(3) {
			for _, q := range ofEveryKind(c, seed) {
				for _, given := range classic(q) {
					m := q.Mark(given)
					if m.Right { // it happens to be right here
						continue
					}
					tried[q.Kind.Name]++
					if !m.Read || m.Why == "" {
						t.Errorf("%s, %s: %s\n%q is wrong (right is %s), and no reason is given: %+v", filepath.Base(path), q.Kind.Name, q.Ask, given, q.Answer, m)
					}
				}
			}
		}
	}
	for i := range Kinds {
		if tried[Kinds[i].Name] == 0 {
			t.Errorf("no mistake was made with a question of the kind %s", Kinds[i].Name)
		}
	}
}

// classic are wrong answers as students give them.
func classic(q *Question) (given []string) {
	digits := func(n uint64) string { return strconv.FormatUint(n, 10) }
	switch a := q.Answer.(type) {
	case number:
		given = []string{"0", digits(uint64(a.raw + 1)), digits(uint64(a.raw - 1)), digits(uint64(bits.ReverseBytes32(a.raw))), fmt.Sprintf("%x", a.raw)}
		if strings.Trim(given[4], "0123456789") != "" {
			given = given[:4] // with letters among them they cannot be read at all
		}
		for _, e := range q.Show { // whatever else stands there as a number
			for _, f := range e.Frames {
				if q.Kind.Name != "first-data" || f == e.Frames[len(e.Frames)-1] {
					given = append(given, digits(uint64(f.Segment.Seq)))
				}
			}
		}
	case count:
		given = []string{digits(a.n + 1), digits(a.n - 1)}
	case length:
		given = []string{digits(a.n + 1), digits(a.n - 1), digits(a.n * 4), digits(a.n * 8)}
		if a.n%4 == 0 {
			given = append(given, digits(a.n/4))
		}
	case span:
		ms := float64(a) / 1e6
		given = []string{"0", fmt.Sprintf("%.9f", ms/1000), fmt.Sprintf("%.6f s", ms), fmt.Sprintf("%.3f", ms*1000), fmt.Sprintf("%.9f us", ms)}
	case flags:
		of := decode.Flags(a)
		for _, other := range []decode.Flags{synFlag, ackFlag, synFlag | ackFlag, finFlag, finFlag | ackFlag, decode.PSH | ackFlag, mirrored(of & 0xff), of &^ ackFlag, of | rstFlag} {
			given = append(given, other.String())
		}
		if hex := fmt.Sprintf("%x", uint16(of)); strings.Trim(hex, "0123456789") == "" {
			given = append(given, hex)
		}
	case choice:
		for i := range a.choices {
			given = append(given, Letter(i))
		}
	case sequence:
		turned, swapped := slices.Clone(a), slices.Clone(a)
		slices.Reverse(turned)
		swapped[0], swapped[1] = swapped[1], swapped[0]
		late := slices.Clone(a)
		late[len(late)-1], late[len(late)-2] = late[len(late)-2], late[len(late)-1]
		given = []string{turned.String(), swapped.String(), late.String()}
	case frames:
		given = []string{frames(a[:1]).String(), frames(a[len(a)-1:]).String(), a.String() + " " + hash(a[len(a)-1]+1), hash(a[0] + 1)}
	case side:
		given = []string{"client", "server"}
	case yes:
		given = []string{"yes", "no"}
	case socket:
		given = []string{socket{a.address, a.port + 1}.String(), socket{"203.0.113.9", a.port}.String()}
		for _, m := range q.Mistakes {
			other := m.Answer.(socket)
			given = append(given, other.String(), socket{a.address, other.port}.String(), socket{other.address, a.port}.String())
		}
	case optionSet:
		given = []string{"mss", "mss, sackOK, timestamps, wscale", "timestamps, wscale", strings.Join(a[1:], ", ")}
		if len(a) == 1 {
			given = given[:3]
		}
	}
	return given
}

// What is said to a mistake is about that mistake.
func TestReasonsFit(t *testing.T) {
	c := load(t, "../../testdata/greeting.pcapng")
	find := func(kind string) *Question {
		for seed := range uint64(50) {
			if list := c.Questions(Choice{Seed: seed, Kinds: []string{kind}}); len(list) == 1 {
				return list[0]
			}
		}
		t.Fatalf("no question of the kind %s", kind)
		return nil
	}
	plus := func(n int) func(*Question) string {
		return func(q *Question) string { return strconv.Itoa(int(q.Answer.(number).raw) + n) }
	}
	say := func(text string) func(*Question) string { return func(*Question) string { return text } }
	const x, y = "894602625", "2049712261" // of the recording
	for _, test := range []struct {
		kind  string
		given func(*Question) string
		says  string
	}{
		{"syn-seq", say("0"), "relative"},
		{"synack-seq", say("894602626"), "acknowledgment number"},
		{"synack-ack", say(x), "repeated"},
		{"synack-ack", say(y), "server's own"},
		{"synack-ack", plus(1), "twice"},
		{"third-seq", say("2049712262"), "its ack"},
		{"third-seq", say(x), "taken"},
		{"third-ack", say(y), "repeated"},
		{"third-ack", say("894602626"), "its own seq"},
		{"next-ack", plus(1), "one too many"},
		{"next-ack", plus(-1), "last byte"},
		{"fin-ack", plus(-1), "FIN"},
		{"first-data", plus(-1), "SYN"},
		{"first-data", plus(1), "only the SYN"},
		{"header-length", func(q *Question) string { return strconv.Itoa(int(q.Answer.(length).n / 4)) }, "words"},
		{"data-offset", func(q *Question) string { return strconv.Itoa(int(q.Answer.(length).n * 4)) }, "bytes"},
		{"synack-time", say("0.000011858"), "unit"},
		{"synack-time", say("0.012 s"), "unit"},
		{"synack-time", say("0.024"), "iRTT"},
		{"synack-flags", say("12"), "0x"},
		{"synack-flags", say("SYN"), "acknowledges"},
		{"syn-flags", say("SYN+ACK"), "nothing to acknowledge"},
		{"fin-frames", say("#19"), "first alone"},
		{"who-closes", say("client"), "second"},
		{"closing-order", func(q *Question) string {
			turned := slices.Clone(q.Answer.(sequence))
			slices.Reverse(turned)
			return turned.String()
		}, "turned"},
		{"syn-options", say("mss"), "3 options are missing"},
		{"reset-number", say("0"), "outside"},
		{"client-socket", say("127.0.0.1:6000"), "server's"},
		{"scaled-window", say("64"), "scaled"},
	} {
		q := find(test.kind)
		if m := q.Mark(test.given(q)); m.Right || !strings.Contains(m.Why, test.says) {
			t.Errorf("%s: %s\n%q gets %+v, want a reason that says %q", test.kind, q.Ask, test.given(q), m, test.says)
		}
	}
}
