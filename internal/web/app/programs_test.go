package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The programs of the page run as they stand, each server with each client.
func TestPrograms(t *testing.T) {
	for _, needed := range []string{"node", "python3", "go"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("%s is not installed", needed)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	script, err := filepath.Abs("page/programs.js")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(ctx, "node", "--input-type=module", "-e", `import("`+script+`").then((m) => console.log(JSON.stringify(m.PROGRAMS)))`).Output()
	var programs map[string]map[string][][2]string
	if err == nil {
		err = json.Unmarshal(out, &programs)
	}
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	commands := map[string][]string{} // by language and side
	folder := t.TempDir()
	for language, sides := range programs {
		for side, lines := range sides {
			var text strings.Builder
			calls := map[string]bool{}
			for _, line := range lines {
				text.WriteString(strings.ReplaceAll(line[0], "6000", port) + "\n")
				for _, call := range strings.Fields(line[1]) {
					if calls[call] {
						t.Errorf("%s %s: %s stands in two lines", language, side, call)
					}
					calls[call] = true
				}
			}
			path := filepath.Join(folder, language+side)
			extension := map[string]string{"Go": ".go", "Python": ".py"}[language]
			if err := os.WriteFile(path+extension, []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			commands[language+side] = []string{"python3", path + extension}
			if language == "Go" {
				if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, path+extension).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				commands[language+side] = []string{path}
			}
		}
	}
	for server := range programs {
		run := exec.CommandContext(ctx, commands[server+"server"][0], commands[server+"server"][1:]...)
		var said bytes.Buffer
		run.Stderr = &said
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		for client := range programs {
			var got []byte
			for range 50 { // until the server listens
				if got, err = exec.CommandContext(ctx, commands[client+"client"][0], commands[client+"client"][1:]...).CombinedOutput(); err == nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if want := "Welcome!\nHello Alice!\nHello Bob!\n"; string(got) != want {
				t.Errorf("server in %s, client in %s: %q, %v; the server: %s", server, client, got, err, said.String())
			}
		}
		run.Process.Kill()
		run.Wait()
	}
}

// The diagram has the arrows of RFC 9293 figure 5, all of them and no other.
func TestStateDiagram(t *testing.T) {
	script, err := os.ReadFile("page/states.js")
	if err != nil {
		t.Fatal(err)
	}
	_, arrows, _ := strings.Cut(string(script), "const ARROWS = [")
	arrows, _, _ = strings.Cut(arrows, ";")
	var got []string
	for _, arrow := range regexp.MustCompile(`\["([A-Z0-9-]+)", "([A-Z0-9-]+)"\]`).FindAllStringSubmatch(arrows, -1) {
		got = append(got, arrow[1]+" "+arrow[2])
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
