// Package doctor finds out what the lab can do on this machine, and what the
// reader can do for it to do more. Examine looks, a Report tells.
package doctor

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/palette"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
)

// Level is how good what was found is.
type Level uint8

// The levels. Info is neither good nor bad.
const (
	OK Level = iota
	Info
	Warn // the lab works, but less well
	Fail // something does not work
)

// String is the level's word, as it stands in the report.
func (l Level) String() string { return [...]string{"ok", "info", "warn", "fail"}[l] }

// Check is one thing that was looked at.
type Check struct {
	Name   string
	Level  Level
	Found  string
	Remedy []string // what to do, a line each; none where nothing is amiss
}

// Way is how `handshake-lab run` would go.
type Way string

// The ways of --net auto, the best first. Recording stands for all that is not live.
const (
	Host      Way = "host"
	Private   Way = "private"
	Recording Way = "recording"
)

// Report is what was found, and what follows from it.
type Report struct {
	Checks  []Check
	Way     Way
	Verdict string   // a sentence: what run would do
	Advice  []string // how to get more, a line each
}

// Live reports whether run can show a live handshake.
func (r Report) Live() bool { return r.Way != Recording }

// Lab is what Examine cannot find out by itself, or is told in tests.
type Lab struct {
	Libpcap string         // libpcap's version; "" where the program was built without
	Capture func() error   // opens a capture on the loopback and closes it; nil: whether this process has the right to
	Private func() error   // tries a private namespace; nil: hosts.Probe
	Port    uint16         // the lab's port; 0: 6000
	Stdout  *os.File       // where the story would go; nil: os.Stdout
	Screen  palette.Screen // what colours on Stdout are read on
}

// remedied is an error that knows what to do about it.
type remedied interface{ Remedy() []string }

// Examine looks at everything, in a few milliseconds. It changes nothing: what
// it opens it closes again.
func Examine(l Lab) Report {
	l = l.filled()
	libpcap := l.libpcap()
	capture := l.capture()
	private := l.private()
	port := l.port()
	var r Report
	r.Checks = append(r.Checks, operatingSystem())
	r.Checks = append(r.Checks, libpcap, capture)
	r.Checks = append(r.Checks, capabilities()...)
	r.Checks = append(r.Checks, private)
	r.Checks = append(r.Checks, sysctls()...)
	r.Checks = append(r.Checks, container())
	r.Checks = append(r.Checks, port, ipv6())
	r.Checks = append(r.Checks, l.screen(), tool("tshark", "holds every number against Wireshark's"), tool("tcpdump", "reads what -w writes"))
	r.decide(l.Port, libpcap.Level != Fail, capture, private, port)
	return r
}

func (l Lab) filled() Lab {
	if l.Capture == nil {
		l.Capture = func() error {
			if can, why := privilege.CanCapture(); !can {
				return errors.New(why)
			}
			return nil
		}
	}
	if l.Private == nil {
		l.Private = hosts.Probe
	}
	if l.Port == 0 {
		l.Port = 6000
	}
	if l.Stdout == nil {
		l.Stdout = os.Stdout
	}
	return l
}

// decide follows the order of --net auto.
func (r *Report) decide(port uint16, libpcap bool, capture, private, free Check) {
	canCapture, canPrivate, isFree := capture.Level == OK, private.Level == OK, free.Level != Fail
	switch {
	case !libpcap:
		r.Way = Recording
		r.Verdict = "run can only show a recording here: the program was built without libpcap"
		if runtime.GOOS == "windows" {
			r.Verdict = "run can only show a recording here: capturing needs Npcap"
		}
		r.Advice = []string{Libpcap()}
	case canCapture && isFree:
		r.Way = Host
		r.Verdict = fmt.Sprintf("run goes live on this machine's own loopback; with --stay others join in: nc 127.0.0.1 %d", port)
	case canCapture && canPrivate:
		r.Way = Private
		r.Verdict = fmt.Sprintf("run goes live in a private network, as port %d is taken out here; nobody else can join in there", port)
		r.Advice = []string{fmt.Sprintf("for this machine's own loopback end what uses port %d, or take another: handshake-lab run --net host --port %d", port, other(port))}
	case canPrivate:
		r.Way = Private
		r.Verdict = "run goes live in a private network, without root; nobody else can join in there"
		r.Advice = append([]string{"for this machine's own loopback:"}, capture.Remedy...)
	case canCapture:
		r.Way = Recording
		r.Verdict = fmt.Sprintf("run cannot go live here: port %d is taken, and there is no private network", port)
		r.Advice = []string{fmt.Sprintf("end what uses port %d, or take another: handshake-lab run --port %d", port, other(port))}
	default:
		r.Way = Recording
		r.Verdict = "run can only show a recording here: no right to capture, and no private network"
		r.Advice = private.Remedy
		if len(r.Advice) == 0 {
			r.Advice = capture.Remedy
		}
	}
}

// other is a port beside the one that is taken.
func other(port uint16) uint16 {
	if port == 65535 {
		return 65534
	}
	return port + 1
}

func (l Lab) libpcap() Check {
	if l.Libpcap == "" {
		c := Check{"libpcap", Fail, "built without it: files can be read, nothing can be captured",
			[]string{"install libpcap's headers (Debian, Ubuntu: libpcap-dev) and a C compiler, then: make build"}}
		if runtime.GOOS == "windows" {
			c.Found, c.Remedy = "without Npcap: files can be read, nothing can be captured", []string{Libpcap()}
		}
		return c
	}
	return Check{Name: "libpcap", Found: strings.TrimPrefix(l.Libpcap, "libpcap version ")}
}

func (l Lab) capture() Check {
	err := l.Capture()
	if err == nil {
		return Check{Name: "capture", Found: "the loopback can be captured here"}
	}
	// Without the right a private network may still do, so it is no failure yet.
	c := Check{Name: "capture", Level: Warn, Found: "not on this machine's loopback: " + err.Error(), Remedy: captureRight()}
	if r := remedied(nil); errors.As(err, &r) {
		c.Remedy = r.Remedy()
	}
	return c
}

func (l Lab) private() Check {
	err := l.Private()
	if err == nil {
		return Check{Name: "private network", Found: "user and network namespaces can be made"}
	}
	c := Check{Name: "private network", Level: Warn, Found: err.Error()}
	if r := remedied(nil); errors.As(err, &r) {
		c.Remedy = r.Remedy()
	}
	return c
}

func (l Lab) port() Check {
	c := Check{Name: "port " + strconv.Itoa(int(l.Port))}
	var taken, free []string
	for _, host := range []string{"127.0.0.1", "::1"} {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(int(l.Port))))
		switch {
		case err == nil:
			listener.Close()
			free = append(free, host)
		case errno.Is(err, syscall.EADDRINUSE):
			taken = append(taken, host)
		}
	}
	switch {
	case len(taken) > 0:
		c.Level = Fail
		if taken[0] != "127.0.0.1" { // the lab uses IPv4 unless told otherwise
			c.Level = Warn
		}
		c.Found = "taken on " + strings.Join(taken, " and ")
		c.Remedy = []string{fmt.Sprintf("see who has it: %s; or take another: --port %d", WhoListens(int(l.Port)), other(l.Port))}
	case len(free) == 0:
		c.Level, c.Found = Fail, "there is no loopback to listen on"
		c.Remedy = []string{BringUp(loopback())}
	default:
		c.Found = "free on " + strings.Join(free, " and ")
	}
	return c
}

// ipv6 looks whether ::1 can be used.
func ipv6() Check {
	listener, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return Check{"IPv6 loopback", Info, "none; the lab uses IPv4 unless told otherwise", nil}
	}
	listener.Close()
	return Check{Name: "IPv6 loopback", Found: "::1 can be used"}
}

// screen is what the story would be shown on.
func (l Lab) screen() Check {
	c := Check{Name: "terminal", Level: Info}
	parts := []string{fmt.Sprintf("%d columns", terminal.Width(l.Stdout))}
	if !terminal.Is(l.Stdout) {
		parts = append([]string{"none (a file or a pipe)"}, parts...)
	} else {
		c.Level = OK
	}
	if terminal.Width(l.Stdout) < terminal.DefaultWidth {
		c.Level = Warn
		c.Remedy = append(c.Remedy, "the story wants 80 columns: widen the window, or make the letters smaller")
	}
	if terminal.UTF8(os.Getenv) {
		parts = append(parts, "UTF-8")
	} else {
		parts = append(parts, "no UTF-8: arrows in ASCII")
		c.Remedy = append(c.Remedy, "for better arrows set a UTF-8 locale: export LANG=C.UTF-8")
	}
	if terminal.ColorAuto.For(l.Stdout, os.Getenv) {
		parts = append(parts, l.colors())
	} else {
		parts = append(parts, "no colour")
	}
	c.Found = strings.Join(parts, ", ")
	return c
}

// colors says which colours are taken.
func (l Lab) colors() string {
	count, ground, other := 256, "dark", "light"
	if l.Screen.Few {
		count = 16
	}
	if l.Screen.Light {
		ground, other = other, ground
	}
	return fmt.Sprintf("%d colours for a %s ground (for a %s one: --theme %s)", count, ground, other, other)
}

// tool looks for a program that the lab does not need.
func tool(name, use string) Check {
	path, err := exec.LookPath(name)
	if err != nil {
		return Check{name, Info, "not installed, and not needed: it " + use, nil}
	}
	return Check{Name: name, Found: path}
}
