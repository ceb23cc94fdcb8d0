package app

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The diagram has the arrows of RFC 9293 figure 5, all of them and no other.
func TestStateDiagram(t *testing.T) {
	script, err := os.ReadFile("page/states.js")
	if err != nil {
		t.Fatal(err)
	}
	_, arrows, _ := strings.Cut(string(script), "const ARROWS = {")
	arrows, _, _ = strings.Cut(arrows, ";")
	var got []string
	for _, from := range regexp.MustCompile(`"([A-Z0-9-]+)": "([A-Z0-9 -]+)"`).FindAllStringSubmatch(arrows, -1) {
		for _, to := range strings.Fields(from[2]) {
			got = append(got, from[1]+" "+to)
		}
	}
	want := []string{"CLOSED LISTEN", "LISTEN CLOSED", "CLOSED SYN-SENT", "SYN-SENT CLOSED", "LISTEN SYN-RECEIVED", "LISTEN SYN-SENT",
		"SYN-RECEIVED LISTEN", "SYN-SENT SYN-RECEIVED", "SYN-RECEIVED ESTABLISHED", "SYN-SENT ESTABLISHED", "SYN-RECEIVED FIN-WAIT-1",
		"ESTABLISHED FIN-WAIT-1", "ESTABLISHED CLOSE-WAIT", "FIN-WAIT-1 FIN-WAIT-2", "FIN-WAIT-1 CLOSING", "CLOSE-WAIT LAST-ACK",
		"FIN-WAIT-2 TIME-WAIT", "CLOSING TIME-WAIT", "LAST-ACK CLOSED", "TIME-WAIT CLOSED"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
