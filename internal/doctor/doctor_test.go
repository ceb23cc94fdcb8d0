package doctor

import (
	"errors"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/mattn/go-runewidth"
)

// ill is an error with a remedy, as of internal/hosts.
type ill struct{}

func (ill) Error() string    { return "no private network namespace" }
func (ill) Remedy() []string { return []string{"save this profile:", "  userns,", "load it"} }

func TestWay(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	busy := uint16(taken.Addr().(*net.TCPAddr).Port)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	free := uint16(gone.Addr().(*net.TCPAddr).Port)

	fine := func() error { return nil }
	noRight := func() error { return errors.New("operation not permitted") }
	noPrivate := func() error { return ill{} }
	tests := []struct {
		name             string
		libpcap          string
		capture, private func() error
		port             uint16
		way              Way
		advice           string
	}{
		{"root", "1.10", fine, fine, free, Host, ""},
		{"root in a container", "1.10", fine, noPrivate, free, Host, ""},
		{"an ordinary user", "1.10", noRight, fine, free, Private, "sudo"},
		{"an ordinary user, port taken", "1.10", noRight, fine, busy, Private, "sudo"},
		{"root, port taken", "1.10", fine, fine, busy, Private, "--port " + strconv.Itoa(int(busy)+1)},
		{"root in a container, port taken", "1.10", fine, noPrivate, busy, Recording, "--port " + strconv.Itoa(int(busy)+1)},
		{"an ordinary user in a container", "1.10", noRight, noPrivate, free, Recording, "userns,"},
		{"built without libpcap", "", fine, fine, free, Recording, "make build"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := Examine(Lab{Libpcap: test.libpcap, Capture: test.capture, Private: test.private, Port: test.port})
			if r.Way != test.way || r.Live() != (test.way != Recording) {
				t.Errorf("%s (live %t), want %s: %s", r.Way, r.Live(), test.way, r.Verdict)
			}
			if advice := strings.Join(r.Advice, "\n"); !strings.Contains(advice, test.advice) {
				t.Errorf("advice %q lacks %q", advice, test.advice)
			}
			for _, c := range r.Checks {
				if c.Name == "" || c.Found == "" || c.Level == Fail && len(c.Remedy) == 0 {
					t.Errorf("%+v: without a name, a finding or a remedy", c)
				}
			}
		})
	}
}

// The examination as it is, of this machine.
func TestExamineHere(t *testing.T) {
	r := Examine(Lab{Libpcap: "libpcap version 1.10.3 (with TPACKET_V3)"})
	names := map[string]Check{}
	for _, c := range r.Checks {
		if _, twice := names[c.Name]; twice {
			t.Errorf("%s stands twice", c.Name)
		}
		names[c.Name] = c
	}
	for _, name := range []string{"system", "libpcap", "capture", "private network", "container", "port 6000", "IPv6 loopback", "terminal", "tshark", "tcpdump"} {
		if _, ok := names[name]; !ok {
			t.Errorf("nothing about %s", name)
		}
	}
	if got := names["libpcap"].Found; got != "1.10.3 (with TPACKET_V3)" {
		t.Errorf("libpcap %q", got)
	}
	if testing.Verbose() {
		_ = r.WriteText(os.Stderr, Options{})
	}
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestWriteText(t *testing.T) {
	r := Report{
		Checks: []Check{
			{"libpcap", OK, "1.10.3", []string{"not shown where all is well"}},
			{"private network", Warn, "AppArmor keeps ordinary users from user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
				[]string{"save this profile as /etc/apparmor.d/handshake-lab:", "  profile handshake-lab {", "    userns,", "  }"}},
			{"port 6000", Fail, "taken on 127.0.0.1 \x1b[2J", nil},
		},
		Verdict: "run can only show a recording here: no right to capture, and no private network",
		Advice:  []string{"run it as root"},
	}
	const want = `✓ libpcap          1.10.3
! private network  AppArmor keeps ordinary users from user
                   namespaces
                   (kernel.apparmor_restrict_unprivileged_userns
                   is 1)
                   → save this profile as
                     /etc/apparmor.d/handshake-lab:
                       profile handshake-lab {
                         userns,
                       }
✗ port 6000        taken on 127.0.0.1 ?[2J

run can only show a recording here: no right to capture, and no
private network
→ run it as root
`
	var b strings.Builder
	if err := r.WriteText(&b, Options{Width: 64}); err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
	for _, o := range []Options{{Width: 60}, {Width: 80, ASCII: true}, {Width: 80, Color: true}, {}} {
		var b strings.Builder
		_ = r.WriteText(&b, o)
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			plain := colors.ReplaceAllString(line, "")
			if runewidth.StringWidth(plain) > max(o.Width, 80) || strings.TrimRight(plain, " ") != plain {
				t.Errorf("%+v: %q is too wide, or ends in blanks", o, plain)
			}
			if !o.Color && plain != line {
				t.Errorf("%+v: colour in %q", o, line)
			}
			for _, r := range plain {
				if o.ASCII && r > 127 {
					t.Errorf("no ASCII: %q", plain)
				}
			}
		}
	}
}

func TestColors(t *testing.T) {
	for screen, want := range map[palette.Screen]string{
		{}:                       "256 colours for a dark ground (for a light one: --theme light)",
		{Light: true}:            "256 colours for a light ground (for a dark one: --theme dark)",
		{Light: true, Few: true}: "16 colours for a light ground (for a dark one: --theme dark)",
	} {
		if got := (Lab{Screen: screen}).colors(); got != want {
			t.Errorf("%+v: %s, want %s", screen, got, want)
		}
	}
}
