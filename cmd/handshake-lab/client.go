package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/spf13/cobra"
)

func (a *app) clientCommand() *cobra.Command {
	var names []string
	var timeout time.Duration
	c := &cobra.Command{
		Use:   "client [HOST:PORT]",
		Short: "Run the greeting client alone",
		Long: `Run the greeting client: it prints what the server says, asks for a name, and
sends it, until the name is exit. An empty line is asked again and sends
nothing; the end of the input (Ctrl-D) says exit.`,
		Example: `  handshake-lab client
  handshake-lab client 127.0.0.1:6000
  handshake-lab client [::1]:6000 --say Alice --say Bob`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return useError(seeHelp(c), "client takes one HOST:PORT: %s", strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			address := net.JoinHostPort("127.0.0.1", strconv.Itoa(dialogue.Port))
			if len(args) == 1 {
				address = args[0]
			}
			if _, _, err := net.SplitHostPort(address); err != nil {
				return useError("name host and port: 127.0.0.1:6000, [::1]:6000", "%w", err)
			}
			if timeout < 0 {
				return useError("5s is five seconds", "--timeout %v: a time is not negative", timeout)
			}
			if err := a.giveUpRights(); err != nil {
				return err
			}
			conn, err := client.Dial(c.Context(), client.Config{Address: address, Number: 1, Timeout: timeout})
			if err != nil {
				return dialError(err, address) // nil after a signal
			}
			out := &sink{file: a.stdout, name: "standard output"}
			if len(names) > 0 {
				return networkError(conn.Script(names, out))
			}
			return networkError(conn.Interact(a.stdin, out))
		},
	}
	c.Flags().StringArrayVar(&names, "say", nil, "say this `name`, then exit; may be repeated (default: ask for names)")
	c.Flags().DurationVar(&timeout, "timeout", 0, "how long connect() may take (default: as long as the system tries)")
	return c
}

// dialError tells why a connect() failed, and the way out.
func dialError(err error, address string) error {
	if cause := ownCause(err); cause != nil {
		return cause
	}
	switch {
	case isAskedFor(err):
		return nil
	case errno.Is(err, syscall.ECONNREFUSED):
		return fail(exitNetwork, err, fmt.Sprintf("nobody listens there; start one: %s server", program))
	case errors.Is(err, os.ErrDeadlineExceeded), errno.Is(err, syscall.ETIMEDOUT):
		return fail(exitNetwork, err, "nothing came back: a firewall may drop the SYNs, or "+address+" is not there")
	}
	return fail(exitNetwork, err)
}

// networkError marks what went wrong in a dialogue; an end that was asked for is no
// failure.
func networkError(err error) error {
	if cause := ownCause(err); cause != nil {
		return cause
	}
	if isAskedFor(err) {
		return nil
	}
	return fail(exitNetwork, err)
}

// ownCause is what ended a dialogue that was not at fault itself: an output that
// failed, or the capture. nil where it was the network.
func ownCause(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var capture *live.InterfaceError
	if errors.As(err, &capture) {
		return captureError(capture)
	}
	return nil
}
