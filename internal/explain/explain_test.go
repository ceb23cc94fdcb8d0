package explain

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/view"
)

func TestFind(t *testing.T) {
	for _, test := range []struct{ words, title string }{
		{"", "The TCP header"},
		{"header", "The TCP header"},
		{"topics", "Topics"},
		{"seq", "Sequence Number, bits 32-63"},
		{"tcp.seq_raw", "Sequence Number, bits 32-63"},
		{"seq_raw", "Sequence Number, bits 32-63"},
		{"Sequence Number", "Sequence Number, bits 32-63"},
		{"sequence-number", "Sequence Number, bits 32-63"},
		{"bits 32-63", "Sequence Number, bits 32-63"},
		{"32-63", "Sequence Number, bits 32-63"},
		{"ack", "Acknowledgment Number, bits 64-95"},
		{"ACK", "ACK, bit 107"},
		{"tcp.flags.ack", "ACK, bit 107"},
		{"Window", "Window, bits 112-127"},
		{"data offset", "Data Offset, bits 96-99"},
		{"flags", "Control Bits, bits 104-111"},
		{"tcp.flags", "Control Bits, bits 104-111"},
		{"bits 104-111", "Control Bits, bits 104-111"},
		{"byte 13", "Control Bits, bits 104-111"},
		{"tcp[13]", "Control Bits, bits 104-111"},
		{"104", "CWR, bit 104"},
		{"bit 110", "SYN, bit 110"},
		{"BIT 110", "SYN, bit 110"},
		{"SYN", "SYN, bit 110"},
		{"bits 40-47", "Bits 40-47 of Sequence Number"},
		{"bits 96-111", "Bits 96-111"},
		{"bits 150-170", "Bits 150-170"},
		{"bit 160", "Options, bit 160"},
		{"bit 5", "Bit 5 of Source Port"},
		{"1", "Option 1, no operation"},
		{"2", "Option 2, maximum segment size"},
		{"31", "Completeness: Complete, WITH_DATA (31)"},
		{"::1", "What is special on loopback"},
		{"synack", "SYN+ACK, flags byte 00010010"},
		{"000010010", "SYN+ACK, flags byte 00010010"},
		{"0b00010010", "SYN+ACK, flags byte 00010010"},
		{"0b100010010", "SYN+ACK+AE, bits 100-111: 0001 00010010"},
		{"ports", "Ports and their classes"},
		{"ephemeral", "Ports and their classes"},
		{"flood", "SYN floods and SYN cookies"},
		{"cookies", "SYN floods and SYN cookies"},
		{"half-open connections", "Half-open connections, in both senses"},
		{"relative", "Relative and raw numbers"},
		{"retransmission", "Retransmission"},
		{"RTO", "Retransmission"},
		{"challenge ack", "Verdict: challenge ACK loop"},
		{"bpf", "Filters"},
		{"filter", "Filters"},
		{"rst-valid", "Which RST counts"},
		{"SYN flood suspected", "Verdict: SYN flood suspected"},
		{"70", "Bit 70 of Acknowledgment Number"},
		{"mss", "Option 2, maximum segment size"},
		{"option 2", "Option 2, maximum segment size"},
		{"option mss", "Option 2, maximum segment size"},
		{"Maximum Segment Size", "Option 2, maximum segment size"},
		{"sack", "Option 5, SACK"},
		{"SACK", "Option 5, SACK"},
		{"sack permitted", "Option 4, SACK permitted"},
		{"timestamps", "Option 8, timestamps"},
		{"kind 200", "Option 200, option 200"},
		{"SYN-SENT", "SYN-SENT, a state"},
		{"syn_sent", "SYN-SENT, a state"},
		{"TIME WAIT", "TIME-WAIT, a state"},
		{"closed", "CLOSED, a state"},
		{"connect", `connect(fd, "127.0.0.1:6000")`},
		{"connect()", `connect(fd, "127.0.0.1:6000")`},
		{"listen", "listen(fd, 5)"},
		{"LISTEN", "LISTEN, a state"},
		{"handshake", "The three-way handshake"},
		{"three-way handshake", "The three-way handshake"},
		{"completeness", "Completeness of a conversation"},
		{"completeness 31", "Completeness: Complete, WITH_DATA (31)"},
		{"tcp.completeness == 7", "Completeness: Incomplete, ESTABLISHED (7)"},
		{"loopback", "What is special on loopback"},
		{"initial rtt", "Initial RTT"},
		{"tcp.analysis.initial_rtt", "Initial RTT"},
		{"isn", "The initial sequence number, x and y"},
		{"accept queue full", "Verdict: accept queue full"},
		{"Accept Queue  Full", "Verdict: accept queue full"},
		{"SYN+ACK lost", "Verdict: SYN+ACK lost"},
		{"syn+ack lost", "Verdict: SYN+ACK lost"},
		{"syn-ack lost", "Verdict: SYN+ACK lost"},
		{"reset in another's name", "Verdict: reset in another's name"},
		{"half close", "Verdict: half close"},
		{"half-close", "Verdict: half close"},
		{"half-open", "Verdict: half-open"},
		{"SYN flood", "SYN floods and SYN cookies"},
		{"OPEN", "Verdict: open"},
		{"incomplete", "Verdict: incomplete"},
		{"verdicts", "Verdicts"},
	} {
		topic, err := Find(test.words)
		if err != nil || topic.Title != test.title {
			t.Errorf("Find(%q) is %q, %v; want %q", test.words, topic.Title, err, test.title)
		}
	}
}

// Every verdict that the program gives has its page, and no page lacks its
// evidence.
func TestVerdicts(t *testing.T) {
	for _, name := range conversation.VerdictNames() {
		if topic, err := Find(name); err != nil || topic.Title != verdictTitle+name || topic.Line() != topic.Help {
			t.Errorf("Find(%q) is %q, %v", name, topic.Title, err)
		}
	}
	for _, v := range verdicts {
		for _, name := range []string{v.name, strings.ToUpper(v.name), strings.ToLower(v.name)} {
			if topic, err := Find(name); err != nil || topic.Name != v.name {
				t.Errorf("Find(%q) is %q, %v; want %q", name, topic.Name, err, v.name)
			}
		}
		for _, text := range []string{v.help, v.proof, v.open} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is no sentence", v.name, text)
			}
		}
		if n := strings.Count(rendered(v.topic(), Style{Width: 100}), "\n"); n > 20 {
			t.Errorf("%s has %d lines at 100 columns", v.name, n)
		}
	}
}

// A page that names another one by "explain NAME" names one that is there.
func TestPagesNameOthers(t *testing.T) {
	named := regexp.MustCompile(`explain ((?:[A-Za-z0-9+'-]+ ?)+)`)
	for _, topic := range pages(t) {
		text := strings.Join(strings.Fields(rendered(topic, Style{Width: 10000})), " ")
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			words := strings.Fields(m[1])
			found := false
			for n := len(words); n > 0 && !found; n-- {
				_, err := Find(strings.Join(words[:n], " "))
				found = err == nil
			}
			if !found {
				t.Errorf("%s: explain %s: no such page", topic.Name, m[1])
			}
		}
	}
}

// One flags byte in all its notations.
func TestFlagByteNotations(t *testing.T) {
	for want, notations := range map[decode.Flags][]string{
		decode.SYN | decode.ACK: {"00010010", "0001 0010", "000000010010", "0x12", "0x012", "0x0012", "0X12", "SA", "sa", "AS",
			"SYN+ACK", "syn,ack", "SYN, ACK", "SYN ACK", "SYN-ACK", "syn/ack", "ack|syn", "tcp-syn|tcp-ack", "[S.]", "S.",
			"[SYN, ACK]", "·······A··S·"},
		decode.SYN:                           {"00000010", "0x02", "S", "[S]", "··········S·"},
		decode.ACK:                           {"00010000", "0x10", "[.]", ".", "A"},
		decode.PSH | decode.ACK:              {"00011000", "PA", "[P.]", "psh+ack", "push,ack"},
		decode.FIN | decode.ACK:              {"00010001", "FA", "[F.]", "FIN ACK"},
		decode.SYN | decode.ECE | decode.CWR: {"11000010", "0xc2", "[SEW]", "SEC", "syn+ece+cwr"},
		decode.SYN | decode.ECE | decode.CWR | decode.AE: {"000111000010", "0x1c2", "[SEWe]", "SYN+ECE+CWR+AE"},
		0: {"00000000", "0x00", "[none]", "none"},
	} {
		for _, notation := range notations {
			topic, err := Find(notation)
			if single := byteRows(want); err != nil || !strings.Contains(rendered(topic, Style{}), single[3][1]) {
				t.Errorf("Find(%q) is %q, %v; want %s", notation, topic.Title, err, want)
			}
		}
	}
}

// Every flag bit by its name, its number and its byte.
func TestEveryFlagBit(t *testing.T) {
	for i, name := range strings.Fields("AE CWR ECE URG ACK PSH RST SYN FIN") {
		bit := 103 + i
		for _, words := range []string{name, fmt.Sprint(bit), fmt.Sprint("bit ", bit)} {
			topic, err := Find(words)
			if want := fmt.Sprintf("%s, bit %d", name, bit); err != nil || topic.Title != want {
				t.Errorf("Find(%q) is %q, %v; want %q", words, topic.Title, err, want)
			}
		}
		value := 1 << (111 - bit)
		topic, err := Find(fmt.Sprintf("0x%03x", value))
		if err != nil || !strings.HasPrefix(topic.Title, name+", flags byte ") && topic.Title != "AE, bits 100-111: 0001 00000000" {
			t.Errorf("0x%03x is %q, %v; want %s", value, topic.Title, err, name)
		}
	}
	for v := range 1 << 12 {
		flags, ok, err := parseFlags(fmt.Sprintf("0x%x", v))
		if !ok || err != nil || int(flags) != v {
			t.Fatalf("0x%x is %v, %v, %v", v, flags, ok, err)
		}
		if again, ok, _ := parseFlags(flags.String()); flags <= 0x1ff && (!ok || again != flags) {
			t.Errorf("%s is read as %s", flags, again)
		}
		if again, ok, _ := parseFlags(flags.Tcpdump()); flags <= 0x1ff && (!ok || again != flags) {
			t.Errorf("%s is read as %s", flags.Tcpdump(), again)
		}
	}
}

func TestEveryBitHasATopic(t *testing.T) {
	for bit := range headerEnd + 1 {
		topic, err := Find(fmt.Sprint("bit ", bit))
		if err != nil || topic.Title == "" {
			t.Fatalf("bit %d: %q, %v", bit, topic.Title, err)
		}
		if bit < 160 && !strings.Contains(topic.Title, fmt.Sprint("it ", bit)) && !strings.Contains(topic.Title, "its") {
			t.Errorf("bit %d: %q", bit, topic.Title)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, test := range []struct{ words, says string }{
		{"sequense", `unknown topic "sequense": did you mean seq`},
		{"conect", "did you mean connect"},
		{"tmestamps", "did you mean timestamps"},
		{"SYN-SEND", "did you mean SYN-SENT"},
		{"estab1ished", "did you mean ESTABLISHED"},
		{"windw", "did you mean window"},
		{"handshak", "did you mean handshake"},
		{"quetzalcoatl", `unknown topic "quetzalcoatl": want a header field`},
		{"???", `unknown topic "???": want a header field`},
		{"0x1000", "up to 0xfff"},
		{"0xzz", "hexadecimal"},
		{"bit 480", "at most 480 bits"},
		{"bits 20-10", "must not be behind"},
		{"bit 99999999999999999999", "at most 480 bits"},
		{"option 256", "from 0 to 255"},
		{"completeness 64", "from 0 to 63"},
		{"completeness x", "from 0 to 63"},
		{"SS", "unknown topic"},
	} {
		topic, err := Find(test.words)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("Find(%q) is %q, %v; want an error that says %q", test.words, topic.Title, err, test.says)
		}
	}
}

func rendered(t Topic, style Style) string { return string(t.Append(nil, style)) }

// pages are all topics, and some that are made on demand.
func pages(t *testing.T) []Topic {
	all := Topics()
	for _, words := range []string{"topics", "SYN+ACK", "0xfff", "none", "2", "8", "31", "bits 96-111", "bits 150-170", "bit 200", "kind 200", "completeness 55"} {
		topic, err := Find(words)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, topic)
	}
	return all
}

func TestPagesFitTheirWidth(t *testing.T) {
	for _, topic := range pages(t) {
		for _, width := range []int{0, 20, 40, 60, 80, 120, 200} {
			most := width
			if width == 0 {
				most = 80
			}
			for _, ascii := range []bool{false, true} {
				text := rendered(topic, Style{Width: width, ASCII: ascii})
				if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
					t.Errorf("%s: ends in %q", topic.Name, text[max(0, len(text)-10):])
				}
				for _, line := range strings.Split(text, "\n") {
					if n := utf8.RuneCountInString(line); n > most {
						t.Errorf("%s: %d columns at width %d: %q", topic.Name, n, width, line)
					}
					if strings.TrimRight(line, " ") != line {
						t.Errorf("%s: blanks at the end of %q", topic.Name, line)
					}
				}
				for i, r := range text {
					if ascii && r >= 0x80 || r < ' ' && r != '\n' {
						t.Errorf("%s: %q in ASCII: %q", topic.Name, r, text[max(0, i-20):i])
						break
					}
				}
			}
		}
	}
}

func TestColourChangesNothingElse(t *testing.T) {
	colors := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for _, topic := range pages(t) {
		text, coloured := rendered(topic, Style{}), rendered(topic, Style{Color: true})
		if colors.ReplaceAllString(coloured, "") != text {
			t.Errorf("%s: colour changes the text", topic.Name)
		}
		if coloured == text {
			t.Errorf("%s: no colour", topic.Name)
		}
	}
}

// x, y and the bits of flags look as they do in the story.
func TestOwnColours(t *testing.T) {
	for _, screen := range []palette.Screen{{}, {Light: true}} {
		p := palette.For(screen)
		x := func(s string) string { return string(p.Append(nil, view.OfX, []byte(s))) }
		y := func(s string) string { return string(p.Append(nil, view.OfY, []byte(s))) }
		bits := func(s string) string { return string(p.AppendBits(nil, view.Strong, []byte(s))) }
		for asked, wants := range map[string][]string{
			"handshake": {x("x") + ", the client's", y("y") + ", the server's", x("x + 1") + ": the SYN", bits("00010010") + " " + bits("···A··S·") + " SYN+ACK"},
			"flags":     {"  " + bits("00010010") + "   "},
			"SYN+ACK":   {"seq = " + y("y") + ", ack = " + x("x + 1") + "."},
		} {
			topic, err := Find(asked)
			if err != nil {
				t.Fatal(err)
			}
			page := rendered(topic, Style{Color: true, Screen: screen})
			for _, want := range wants {
				if !strings.Contains(page, want) {
					t.Errorf("explain %s: no %q in\n%s", asked, want, page)
				}
			}
		}
	}
}

func TestTopicsAreComplete(t *testing.T) {
	seen := map[string]string{}
	exact := map[string]string{}
	for _, topic := range Topics() {
		if topic.Name == "" || topic.Group == "" || topic.Title == "" || topic.Help == "" || topic.Ref == "" {
			t.Errorf("%+v lacks something", topic)
		}
		if other, twice := exact[topic.Name]; twice {
			t.Errorf("%s and %s have one name", other, topic.Title)
		}
		exact[topic.Name] = topic.Title
		found, err := Find(topic.Name)
		if err != nil || found.Title != topic.Title {
			t.Errorf("Find(%q) is %q, %v; want %q", topic.Name, found.Title, err, topic.Title)
		}
		for _, alias := range topic.aliases {
			if other, twice := seen[alias]; twice && other != topic.Title {
				t.Errorf("%q stands for %q and %q", alias, other, topic.Title)
			}
			seen[alias] = topic.Title
			if found, err := Find(alias); err != nil || found.Title != topic.Title {
				t.Errorf("Find(%q) is %q, %v; want %q", alias, found.Title, err, topic.Title)
			}
		}
	}
	for _, f := range decode.Fields {
		if _, ok := fieldsMore[f.Key]; !ok {
			t.Errorf("%s has no short name", f.Key)
		}
		for _, words := range []string{f.Key, f.Name} {
			if topic, err := Find(words); err != nil || topic.Title != f.Name+", "+bitRange(f) {
				t.Errorf("Find(%q) is %q, %v", words, topic.Title, err)
			}
		}
	}
	for key := range fieldsMore {
		if _, ok := decode.ByKey(key); !ok {
			t.Errorf("%s is no field", key)
		}
	}
	for s := conversation.Closed; s <= conversation.TimeWait; s++ {
		if topic, err := Find(s.String()); err != nil || topic.Title != s.String()+", a state" {
			t.Errorf("Find(%q) is %q, %v", s, topic.Title, err)
		}
	}
	for n := range 64 {
		topic, err := Find(fmt.Sprint("completeness ", n))
		if want := conversation.Completeness(n).Text(); err != nil || topic.Title != "Completeness: "+want {
			t.Errorf("completeness %d is %q, %v", n, topic.Title, err)
		}
	}
}

// Each state but CLOSED can be reached from CLOSED, and CLOSED from each.
func TestStateDiagramIsConnected(t *testing.T) {
	next := map[conversation.State][]conversation.State{}
	for _, s := range states {
		for _, m := range s.moves {
			next[s.state] = append(next[s.state], m.to)
		}
	}
	reach := func(from conversation.State) map[conversation.State]bool {
		seen := map[conversation.State]bool{}
		for todo := []conversation.State{from}; len(todo) > 0; todo = todo[1:] {
			for _, to := range next[todo[0]] {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		return seen
	}
	if len(states) != 11 {
		t.Errorf("%d states, want 11", len(states))
	}
	for _, s := range states {
		if !reach(conversation.Closed)[s.state] || !reach(s.state)[conversation.Closed] {
			t.Errorf("%s is cut off from CLOSED", s.state)
		}
	}
}

const headerInASCII = `     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  0 |          Source Port          |       Destination Port        |
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 32 |::::::::::::::::::::::: Sequence Number :::::::::::::::::::::::|
    +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 64 |                     Acknowledgment Number                     |
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    | Data  |     |A|C|E|U|A|P|R|S|F|                               |
 96 |Offset |Rsrvd|E|W|C|R|C|S|S|Y|I|            Window             |
    |       |     | |R|E|G|K|H|T|N|N|                               |
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
128 |           Checksum            |        Urgent Pointer         |
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
160 options and padding, up to 40 bytes, then the data
`

func TestHeaderGrid(t *testing.T) {
	topic, err := Find("seq")
	if err != nil {
		t.Fatal(err)
	}
	if text := rendered(topic, Style{ASCII: true}); !strings.Contains(text, headerInASCII) {
		t.Errorf("grid is\n%s\nwant\n%s", text, headerInASCII)
	}
}

// A single bit can be told from its neighbours without colour.
func TestMarkedBit(t *testing.T) {
	topic, err := Find("SYN")
	if err != nil {
		t.Fatal(err)
	}
	const want = "    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+=+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n128 "
	if text := rendered(topic, Style{ASCII: true}); !strings.Contains(text, want) {
		t.Errorf("bit 110 is not underlined:\n%s", text)
	}
}
