package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/web"
	"github.com/spf13/cobra"
)

// webFlags are those of commands whose story can be seen in a browser.
type webFlags struct {
	address string // where the page is served; "" where there is none
	share   bool

	lesson *web.Lesson // of what was staged; nil for none
}

func (w *webFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&w.address, "web", "", "show the story on a page for a browser, served on this `address` (--web alone: 127.0.0.1 and a free port)")
	c.Flags().Lookup("web").NoOptDefVal = "127.0.0.1:0"
	c.Flags().BoolVar(&w.share, "share", false, "with --web: a class may follow on phones; address and QR code are printed")
	complete(c, "web", "127.0.0.1:0", "127.0.0.1:8000")
}

// check refuses what has no place beside a page.
func (w *webFlags) check(c *cobra.Command) error {
	if w.address == "" {
		if w.share {
			return useError("--web --share", "--share is for the page: add --web")
		}
		return nil
	}
	for _, name := range []string{"view", "format", "output", "step", "pace", "speed", "endpoints", "diagram", "until", "tables", "predict", "tui"} {
		if f := c.Flags().Lookup(name); f != nil && f.Changed {
			return useError("leave it out: the page has its own steps and views", "--web and --%s do not go together", name)
		}
	}
	if f := c.Flags().Lookup("write"); f != nil && f.Value.String() == "-" {
		return useError("-w FILE goes with --web", "--web and -w - do not go together")
	}
	if _, _, err := net.SplitHostPort(w.address); err != nil {
		return useError("--web=127.0.0.1:8000", "--web=%s: not an address with a port", w.address)
	}
	return nil
}

// serveWeb serves the page of a command's story. The command itself runs in a process
// of its own, with the rights it needs, and writes its moments to a pipe; this one
// has given up root, and stays in the host's network.
func (a *app) serveWeb(ctx context.Context, w *webFlags, source string, more ...string) error {
	listener, addresses, err := w.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	feed := web.NewFeed()
	child, moments, err := a.tell(ctx, more)
	if err != nil {
		return err
	}
	if err := a.giveUpRights(); err != nil {
		_ = child.Process.Kill()
		return err
	}
	server := web.New(web.Config{Feed: feed, Source: source, Share: w.share, Lesson: w.lesson})
	a.invite(server, addresses)
	told := make(chan error, 1)
	go func() {
		told <- follow(child, moments, feed)
		feed.Close()
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener, addresses) }()
	a.endsByInterrupt = true
	select {
	case err := <-told:
		if rows, _, _ := feed.From(0); err != nil && len(rows) == 0 {
			return err // it has said why
		}
		a.say("that was all; the page stays until Ctrl-C")
		err = <-served
		return fail(exitNetwork, err)
	case err := <-served:
		if ctx.Err() != nil {
			select { // the command has been told, and ends by itself; we may have to before
			case <-told:
			case <-time.After(500 * time.Millisecond):
			}
		}
		return fail(exitNetwork, err)
	}
}

// listen opens the page's address; with --share on all of this machine's addresses.
// Behind a port that was not named comes a free one.
func (w *webFlags) listen() (net.Listener, []netip.AddrPort, error) {
	host, port, _ := net.SplitHostPort(w.address)
	if w.share && host == "127.0.0.1" {
		host = ""
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, nil, fail(exitNetwork, fmt.Errorf("serve the page: %w", err), "--web alone takes a free port")
	}
	own := listener.Addr().(*net.TCPAddr).AddrPort()
	if !own.Addr().IsUnspecified() {
		return listener, []netip.AddrPort{netip.AddrPortFrom(own.Addr().Unmap(), own.Port())}, nil
	}
	return listener, ownAddresses(own.Port()), nil
}

// ownAddresses are this machine's addresses with a port: loopback first, then what
// others reach it by.
func ownAddresses(port uint16) (list []netip.AddrPort) {
	interfaces, _ := net.InterfaceAddrs()
	for _, a := range interfaces {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && !prefix.Addr().IsLinkLocalUnicast() {
			list = append(list, netip.AddrPortFrom(prefix.Addr().Unmap(), port))
		}
	}
	slices.SortStableFunc(list, func(a, b netip.AddrPort) int { return rankOf(a) - rankOf(b) })
	return list
}

func rankOf(a netip.AddrPort) int {
	switch {
	case a.Addr().IsLoopback() && a.Addr().Is4():
		return 0
	case a.Addr().Is4():
		return 1
	case a.Addr().IsLoopback():
		return 3
	}
	return 2
}

// tell starts the command in a process of its own, with the story as rows on a pipe.
func (a *app) tell(ctx context.Context, more []string) (*exec.Cmd, *os.File, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	moments, to, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer to.Close()
	args := slices.DeleteFunc(slices.Clone(a.args), isWebFlag) // the command's name comes first
	args = slices.Insert(args, 1, append([]string{"--view", "story", "--format", "ndjson"}, more...)...)
	child := exec.CommandContext(ctx, self, args...)
	child.Args[0] = program
	child.Stdin, child.Stdout, child.Stderr = a.stdin, to, a.stderr
	child.Cancel = func() error { return child.Process.Signal(os.Interrupt) }
	if err := child.Start(); err != nil {
		moments.Close()
		return nil, nil, err
	}
	return child, moments, nil
}

func isWebFlag(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return name == "--web" || name == "--share"
}

// follow takes the moments until the command has ended.
func follow(child *exec.Cmd, moments *os.File, feed *web.Feed) error {
	defer moments.Close()
	_, _ = moments.WriteTo(feed) // its end is the end of the command
	err := child.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exited(exit.ExitCode())
	}
	return err
}

// invite prints where the page is, and where a class follows.
func (a *app) invite(server *web.Server, addresses []netip.AddrPort) {
	a.say("the page: http://%s%s (this address is secret; Ctrl-C ends)", addresses[0], server.TeacherPath())
	if server.ClassPath() == "" {
		return
	}
	reachable := addresses[len(addresses)-1]
	for _, address := range addresses {
		if !address.Addr().IsLoopback() {
			reachable = address
			break
		}
	}
	class := fmt.Sprintf("http://%s%s", reachable, server.ClassPath())
	server.Invite(class)
	a.say("the class follows at %s", class)
	if code, err := web.TerminalQR(class); err == nil && terminal.Is(a.stderr) {
		fmt.Fprint(a.stderr, code)
	}
}
