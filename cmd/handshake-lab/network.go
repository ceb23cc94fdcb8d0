package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"syscall"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/doctor"
	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/privilege"
)

// network is where the lab can run.
type network int

const (
	here    network = iota // in this process: on the host, or inside the private namespace
	private                // in a child, in a namespace of its own
	nowhere                // nothing live is possible
)

// findNetwork decides where to run, as --net says. Only auto falls back.
func (a *app) findNetwork(r *runFlags) (network, error) {
	if hosts.Inside() {
		return here, nil
	}
	switch r.net {
	case "host":
		return here, nil
	case "private":
		return private, nil
	}
	if !haveLibpcap() {
		a.say("%s", noCapture())
		return nowhere, nil
	}
	mayCapture, why := privilege.CanCapture()
	taken := ""
	if mayCapture {
		if !portTaken(r.where) {
			return here, nil
		}
		taken = fmt.Sprintf("port %d is taken on this machine", r.where.port)
		why = taken
	}
	unavailable := hosts.Probe()
	if unavailable == nil {
		if taken != "" {
			a.say("%s: running in a private network namespace instead", taken)
		} else {
			a.say("without the right to capture here: running in a private network namespace, which has a loopback of its own")
		}
		return private, nil
	}
	a.say("nothing live is possible here: %s; %v", why, unavailable)
	if taken != "" {
		a.hint("take another port: --port %d", r.where.port+1)
		return nowhere, nil
	}
	a.remedies(unavailable)
	return nowhere, nil
}

// runPrivate runs this program again in a private network namespace.
func (a *app) runPrivate(ctx context.Context, r *runFlags) error {
	signals := a.leaveSignals() // they are the child's, and handed on to it
	if ctx.Err() != nil {
		return nil
	}
	code, err := hosts.Private(context.Background(), hosts.Command{
		Args: a.args, Stdin: a.stdin, Stdout: a.stdout, Stderr: a.stderr, Signals: signals})
	switch {
	case err == nil && code == 0:
		return nil
	case err == nil:
		return exited(code)
	case errors.Is(err, hosts.ErrUnavailable) && r.staged.scenario != nil:
		return a.showRecorded(ctx, r, err)
	case errors.Is(err, hosts.ErrUnavailable) && r.net == "auto":
		a.say("nothing live is possible here: %v", err)
		a.remedies(err)
		return a.showRecording(ctx, r)
	}
	return unavailableError(err)
}

// unavailableError marks that no private namespace is to be had.
func unavailableError(err error) error {
	var u *hosts.Unavailable
	if errors.As(err, &u) {
		return fail(exitUnavailable, err, u.Remedy()...)
	}
	return fail(exitUnavailable, err)
}

// remedies says what would make a live run possible.
func (a *app) remedies(unavailable error) {
	var u *hosts.Unavailable
	if errors.As(unavailable, &u) && len(u.Remedy()) > 0 {
		for _, line := range u.Remedy() {
			a.hint("%s", line)
		}
		return
	}
	a.hint("run with sudo; %s doctor tells more", program)
}

// portTaken reports whether somebody listens already.
func portTaken(where place) bool {
	l, err := net.Listen("tcp", where.address())
	if err != nil {
		return errno.Is(err, syscall.EADDRINUSE)
	}
	l.Close()
	return false
}

// haveLibpcap reports whether this build can capture.
func haveLibpcap() bool { return live.Version() != "" }

// noCapture says that this build cannot capture.
func noCapture() string {
	if runtime.GOOS == "windows" {
		return "no live capture here: on Windows that needs Npcap and handshake-lab-npcap.exe"
	}
	return "live capture is not in this build (it was made without libpcap)"
}

// captureLibrary is what captures, for version.
func captureLibrary() string {
	if v := live.Version(); v != "" {
		return v
	}
	return "without libpcap: no live capture"
}

// loopback is the interface that traffic to a host of our own passes.
func loopback() (string, error) {
	if runtime.GOOS == "windows" { // Npcap has names of its own
		first, err := live.Default()
		switch {
		case err != nil:
			return "", captureError(err)
		case !first.Loopback:
			return "", fail(exitInterface, errors.New("no loopback in Npcap"), "install it again, with support for loopback traffic")
		}
		return first.Name, nil
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return "", fail(exitInterface, err)
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagLoopback != 0 {
			if i.Flags&net.FlagUp == 0 {
				return "", fail(exitInterface, fmt.Errorf("the loopback %s is down", i.Name), doctor.BringUp(i.Name))
			}
			return i.Name, nil
		}
	}
	return "", fail(exitInterface, errors.New("there is no loopback interface"), program+" interfaces lists what there is")
}

// labFilter is what the lab captures: its own conversations only.
func labFilter(where place) string {
	filter := fmt.Sprintf("tcp port %d", where.port)
	if ip := net.ParseIP(where.host); ip != nil && !ip.IsUnspecified() {
		filter += " and host " + strings.ToLower(ip.String())
	}
	return filter
}
