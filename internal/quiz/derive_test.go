package quiz_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/quiz"
	"github.com/handshake-lab/handshake-lab/internal/quiz/sheet"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// captured are captures of other people, with much to ask about.
var captured = []string{
	"packets/sessionhijacking.pcapng", "packets/http_ip4and6.pcapng", "packets/dns_isp_hijack.pcapng", "packets/dns_tcp.pcapng",
	"tcpdump/resp_3_malicious.pcap", "tcpdump/print-flags.pcap", "tcpdump/of10_s4810.pcap", "tcpdump/bgp-4byte-asn.pcap",
	"tcpdump/arcnet-rfc1201-arp-icmp-http.pcap", "tcpdump/mptcp-v0.pcap", "tcpdump/pptp.pcap",
	"more/modbus__modbus-and-non-modbus-p502.pcap", "libpcap/geneve.pcap",
}

// What a script makes of tshark's fields, without a line of ours, is the right answer
// to every question, of every kind.
func TestAnswersAreDerivedAnew(t *testing.T) {
	for _, tool := range []string{"python3", "tshark", "tcpdump"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is missing")
		}
	}
	paths := []string{"../../testdata/greeting.pcapng"}
	dir := t.TempDir()
	for _, name := range []string{"refused", "syn-ack-lost", "ack-lost-server", "syn-lost", "half-close", "syn-flood"} {
		s, err := scenarios.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".pcapng")
		if err := os.WriteFile(path, s.Capture(), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if !testing.Short() {
		for _, name := range captured {
			path := filepath.Join("../../../shared/conformance/captures", name)
			if _, err := os.Stat(path); err == nil {
				paths = append(paths, path)
			}
		}
	}
	derived := map[string]int{}
	for _, path := range paths {
		c := read(t, path)
		for seed := range uint64(2) {
			var questions []*quiz.Question
			for i := range quiz.Kinds { // one by one, as not all fit on one sheet
				questions = append(questions, c.Questions(quiz.Choice{Seed: seed, Kinds: []string{quiz.Kinds[i].Name}})...)
			}
			for i, answer := range derive(t, path, questions) {
				q := questions[i]
				if answer == nil {
					t.Errorf("%s, seed %d, %s: nothing is derived", filepath.Base(path), seed, q.Kind.Name)
					continue
				}
				derived[q.Kind.Name]++
				if !q.Mark(*answer).Right {
					t.Errorf("%s, seed %d, %s: %s\nderived is %q, ours is %s", filepath.Base(path), seed, q.Kind.Name, q.Ask, *answer, q.Answer)
				}
			}
		}
	}
	asked := map[int]bool{}
	for i := range quiz.Kinds {
		for _, n := range quiz.Kinds[i].Asked {
			asked[n] = true
		}
		if name := quiz.Kinds[i].Name; derived[name] == 0 {
			t.Errorf("no answer to a question of the kind %s was derived", name)
		}
	}
	for n := 1; n <= 35; n++ {
		if !asked[n] {
			t.Errorf("question %d of common lab sheets is not asked", n)
		}
	}
	t.Logf("derived %v", derived)
}

// What became of a connection, as the script makes it out claim by claim, is the right
// choice, whatever the verdict.
func TestVerdictsAreDerivedAnew(t *testing.T) {
	for _, tool := range []string{"python3", "tshark"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is missing")
		}
	}
	dir := t.TempDir()
	said := map[string]int{} // by the right choice
	for _, scenario := range scenarios.All() {
		path := filepath.Join(dir, scenario.Name+".pcapng")
		if err := os.WriteFile(path, scenario.Capture(), 0o600); err != nil {
			t.Fatal(err)
		}
		questions := read(t, path).Questions(quiz.Choice{Kinds: []string{"what-happened"}})
		const enough = 3
		if len(questions) == 0 || said[questions[0].Choices[questions[0].Right()]] == enough {
			continue
		}
		for i, answer := range derive(t, path, questions) {
			q := questions[i]
			said[q.Choices[q.Right()]]++
			if answer == nil || !q.Mark(*answer).Right {
				t.Errorf("%s: derived is %q, ours is %s", scenario.Name, dereferenced(answer), q.Answer)
			}
		}
	}
	const verdicts = 13
	if len(said) != verdicts {
		t.Errorf("%d verdicts of %d were asked for: %v", len(said), verdicts, said)
	}
}

// derive asks the script.
func derive(t *testing.T, path string, questions []*quiz.Question) (answers []*string) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "questions.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := sheet.Named("json").Write(&sheet.Sheet{Questions: questions}, file); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("python3", "testdata/derive.py", file.Name(), path)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(questions) {
		t.Fatalf("%s: %d answers to %d questions, %v", path, len(answers), len(questions), err)
	}
	return answers
}

// read is a capture to ask about.
func read(t *testing.T, path string) *quiz.Capture {
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
	c := new(quiz.Capture)
	flow := pipeline.Flow{Source: source, Sink: c}
	if _, err := flow.Run(context.Background()); err != nil {
		t.Logf("%s: %v", path, err)
	}
	c.Finish()
	return c
}

// dereferenced is a text, or that there is none.
func dereferenced(text *string) string {
	if text == nil {
		return "nothing"
	}
	return *text
}
