package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/scenarios"
)

// evidence is what else than the verdict the command must say of a scenario, as
// the sentence claims it: in a row of a view, all of these.
var evidence = map[string][]struct{ view, says string }{
	"normal":               {{"conversations", `opened in three steps|every FIN acknowledged`}},
	"ipv6":                 {{"segments", `"ipv6.src":"::1"`}},
	"three-clients":        {{"conversations", `"tcp.stream":2,`}},
	"fast-open":            {{"segments", `"tcp.flags":"0x0002"|"tcp.stream":1,|"tcp.len":4,`}},
	"ecn":                  {{"segments", `"frame.number":1,|"tcp.flags":"0x00c2"`}, {"segments", `"frame.number":2,|"tcp.flags":"0x0052"`}, {"segments", `"tcp.flags":"0x0050"`}},
	"mptcp":                {{"header", `MP_CAPABLE`}},
	"refused":              {{"segments", `"frame.number":2,|"tcp.flags":"0x0014"`}},
	"filtered":             {{"conversations", `"lab.syns":2,|"lab.server_segments":0,`}},
	"prohibited":           {{"conversations", `administratively prohibited`}},
	"port-unreachable":     {{"conversations", `port unreachable`}},
	"scan":                 {{"segments", `"frame.number":3,|"tcp.flags":"0x0004"`}},
	"left-half-open":       {{"conversations", `left half-open, in SYN-RECEIVED`}},
	"duplicate-syn":        {{"conversations", `"lab.synacks":2,`}},
	"overflow-abort":       {{"conversations", `answered the client's ACK by an RST`}},
	"syn-flood":            {{"conversations", `"tcp.stream":20,|"lab.server_segments":0,`}},
	"syn-cookies":          {{"conversations", `"tcp.stream":20,|"tcp.completeness":31`}},
	"half-open":            {{"segments", `"frame.number":5,|"tcp.flags":"0x0004"`}},
	"abort":                {{"conversations", `"lab.closed_by":"client"`}},
	"data-after-close":     {{"conversations", `"lab.closed_by":"server"`}},
	"blind-reset":          {{"conversations", `whose number did not fit was ignored|reset in another's name`}},
	"blind-reset-survived": {{"conversations", `whose number did not fit was ignored|fine`}, {"segments", `"frame.number":7,|"tcp.flags":"0x0010"`}},
	"data-lost":            {{"segments", `"tcp.analysis.flags":["retransmission"]|"tcp.analysis.rto"`}},
	"fast-retransmit":      {{"segments", `"fast_retransmission"`}},
	"reorder":              {{"segments", `"frame.number":6,|"lost_segment"`}, {"segments", `"frame.number":7,|"tcp.options.sack_le"`}},
	"duplicate-data":       {{"segments", `"tcp.options.sack_le"`}},
	"zero-window":          {{"segments", `"zero_window"`}, {"segments", `"window_update"`}},
	"zero-window-never":    {{"segments", `"zero_window"`}},
	"keep-alive":           {{"segments", `"keep_alive"`}, {"segments", `"keep_alive_ack"`}},
	"keepalive-unanswered": {{"conversations", `keep-alives stayed without an answer`}},
	"path-mtu":             {{"conversations", `by ICMP`}},
	"black-hole":           {{"conversations", `without a word`}},
}

// Each scenario's verdict, and what else its sentence claims, is what the real
// command says of it.
func TestScenarios(t *testing.T) {
	unused := len(evidence)
	for _, s := range scenarios.All() {
		claims := append([]struct{ view, says string }{{"conversations", stream(s.Stream) + `|"lab.verdict":"` + s.Verdict + `"`}}, evidence[s.Name]...)
		if len(evidence[s.Name]) > 0 {
			unused--
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			rows := map[string][]string{}
			for _, claim := range claims {
				if rows[claim.view] == nil {
					rows[claim.view] = exported(t, scenarios.Prefix+s.Name, claim.view)
				}
				if !claimed(rows[claim.view], strings.Split(claim.says, "|")) {
					t.Errorf("no row of %s says %s", claim.view, claim.says)
				}
			}
		})
	}
	if unused > 0 {
		t.Errorf("%d rows of evidence belong to no scenario", unused)
	}
}

// A recording of both ends is read as what one end saw: a file of it has the same
// verdicts as the scenario.
func TestBothEndsAreReadAsOne(t *testing.T) {
	verdict := regexp.MustCompile(`"lab.verdict":"[^"]*"`)
	for _, s := range scenarios.All() {
		if s.Both() == nil {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "both.pcapng")
			if err := os.WriteFile(file, s.Both(), 0o600); err != nil {
				t.Fatal(err)
			}
			of := func(path string) []string {
				return verdict.FindAllString(strings.Join(exported(t, path, "conversations"), "\n"), -1)
			}
			if got, want := of(file), of(scenarios.Prefix+s.Name); !slices.Equal(got, want) {
				t.Errorf("the file: %v, the scenario: %v", got, want)
			}
		})
	}
}

func stream(n int) string { return fmt.Sprintf(`"tcp.stream":%d,`, n) }

// claimed reports whether one row holds all the parts.
func claimed(rows, parts []string) bool {
	for _, row := range rows {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(row, part)
		}
		if all {
			return true
		}
	}
	return false
}

func exported(t *testing.T, path, view string) []string {
	var messages bytes.Buffer
	command := labCommand(t.Context(), "export", path, "--view", view, "--format", "ndjson")
	command.Stderr = &messages
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, messages.String())
	}
	return strings.Split(string(out), "\n")
}
