package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/doctor"
	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/handshake-lab/handshake-lab/server"
	"github.com/spf13/cobra"
)

// place is where the server listens.
type place struct {
	host string
	port int
}

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.host, "host", "127.0.0.1", "`address` to listen on; ::1 is the IPv6 loopback")
	c.Flags().IntVarP(&p.port, "port", "p", dialogue.Port, "TCP `port`")
}

func (p *place) check() error {
	if p.port < 0 || p.port > 65535 {
		return useError("a TCP port has 16 bits", "--port %d: want a number from 0 to 65535", p.port)
	}
	return nil
}

// negativeBacklog is the hint about a backlog below 0.
const negativeBacklog = "0 lets one connection wait"

func (p *place) address() string { return net.JoinHostPort(p.host, strconv.Itoa(p.port)) }

func (a *app) serverCommand() *cobra.Command {
	var where place
	backlog := dialogue.Backlog
	var nagle bool
	c := &cobra.Command{
		Use:   "server",
		Short: "Run the greeting server alone",
		Long: `Run the greeting server: it welcomes every client, asks for its name again and
again, and greets it, until the client says exit. It listens on the loopback
unless told otherwise, and serves until Ctrl-C; open dialogues then have most of
a second to end.

A name is what one read returns, up to 1024 bytes: names carry no end mark here,
so nc and telnet work, and two names sent quickly one after another may arrive
as one. That is why real protocols frame their messages. An empty line is no name
and gets no answer.`,
		Example: `  handshake-lab server
  handshake-lab server --backlog 1
  handshake-lab server --host ::1 --port 6001
  handshake-lab server --nagle               watch the wait between two small writes`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := where.check(); err != nil {
				return err
			}
			if backlog < 0 {
				return useError(negativeBacklog, "--backlog %d: at least 0", backlog)
			}
			a.endsByInterrupt = true
			return a.serve(c.Context(), where, backlog, nagle)
		},
	}
	where.flags(c)
	c.Flags().BoolVar(&nagle, "nagle", false, "send the question only when the welcome is acknowledged: Nagle's algorithm, which Go switches off otherwise (TCP_NODELAY)")
	c.Flags().IntVar(&backlog, "backlog", backlog, "connections that may wait for accept: the argument of listen()")
	return c
}

func (a *app) serve(ctx context.Context, where place, backlog int, nagle bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(errEnough)
	defer a.mustEnd(ctx)()
	defer a.quitWithReader(ctx, cancel)()
	out := printLines(a.stdout, cancel)
	defer out.close()
	s, err := server.Listen(server.Config{Address: where.address(), Backlog: backlog, Nagle: nagle, Log: out.print})
	if err != nil {
		return listenError(err, where)
	}
	if err := a.giveUpRights(); err != nil { // a port below 1024 is open by now
		s.Shutdown(0)
		return err
	}
	a.say("listening on %s; %s; Ctrl-C ends", s.Addr(), howToJoin(s.Addr()))
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	select {
	case err = <-served:
		return fail(exitNetwork, err)
	case <-ctx.Done():
		s.Shutdown(graceTime)
		return faultOf(ctx)
	}
}

// howToJoin says how a client reaches a server that listens at an address.
func howToJoin(at netip.AddrPort) string {
	host := at.Addr()
	switch {
	case !host.IsUnspecified():
	case host.Is4():
		host = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	default:
		host = netip.IPv6Loopback()
	}
	ours := program + " client"
	if at := netip.AddrPortFrom(host, at.Port()); at != defaultServer {
		ours += " " + at.String()
	}
	return fmt.Sprintf("join: nc %s %d (or %s)", host, at.Port(), ours)
}

// defaultServer is where client goes by itself.
var defaultServer = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), dialogue.Port)

// faultOf is the failure that ended ctx; nil where a signal did.
func faultOf(ctx context.Context) error {
	cause := context.Cause(ctx)
	if isAskedFor(cause) {
		return nil
	}
	return cause
}

// listenError tells what stands in the way of listening, and the way out.
func listenError(err error, where place) error {
	switch {
	case errno.Is(err, syscall.EADDRINUSE):
		return fail(exitNetwork, err,
			fmt.Sprintf("somebody listens on port %d already: %s shows who", where.port, doctor.WhoListens(where.port)),
			fmt.Sprintf("take another port: --port %d", where.port+1))
	case errno.Is(err, syscall.EACCES):
		return fail(exitPermission, err, doctor.PortDenied())
	case errno.Is(err, syscall.EADDRNOTAVAIL):
		return fail(exitNetwork, err, fmt.Sprintf("%s is no address of this machine: %s lists them", where.host, doctor.Addresses()))
	}
	return fail(exitNetwork, err)
}
