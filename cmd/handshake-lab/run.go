package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// runFlags is what run is told.
type runFlags struct {
	where       place
	backlog     int
	clients     int
	repeat      int
	patience    time.Duration
	names       []string
	interactive bool
	turns       bool // interactive, with a story that has a pace: one after the other
	stay        bool
	net         string // auto, private or host
	show        showFlags
	pace        paceFlags
	tables      tables
	save        saveFlags
	staged      stageFlags
	named       []string // flags that were given
}

func (a *app) runCommand() *cobra.Command {
	r := runFlags{backlog: dialogue.Backlog, clients: 1, repeat: 1, patience: 5 * time.Second, net: "auto", tables: tables{byDefault: true}}
	var page webFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run a server and a client, and show what they send, live",
		Long: `Run the greeting server and a client, capture what they send to each other, and
show it as it happens: socket calls, segments, flag bits, sequence and
acknowledgment numbers with their arithmetic, and the states of both ends. Then
the handshake as a table, the header of its three steps bit by bit, and the
conversation.

At the viewer's pace: --pace 400ms shows a moment every 0.4 seconds, and space
pauses; --step waits for a key, space, Enter or n, before each. On a terminal a
line at the bottom says so. b pages back through what was shown, f forward again;
PageUp, PageDown, arrows, Home and End work too, and q comes back from there. q
ends with exit code 0 and Ctrl-C with 130: the screen stays as it is, while what
goes to a file or a pipe is completed. ? lists the keys. The tables follow the
story at its natural end, and with --tables however it ends.

--predict asks before each segment of the story which flags, sequence number and
acknowledgment number it will have, and marks the answers, as quiz does. --tui shows
the story on the whole screen, to step through as it comes: the ladder, the header
of the chosen segment, the states of both ends; / searches, p predicts, ? lists the
keys, q ends.

The network: --net host captures on this machine's own loopback, which needs
root or cap_net_raw, and lets others join (nc 127.0.0.1 6000 beside --stay).
--net private makes a network namespace of its own, which needs no root. --net
auto takes the first of the two that works here, and where neither does shows a
recording, says so, and ends with exit code 7.

The cable: --scenario stages what can happen to a handshake, on two hosts with the
kernel's own TCP and a cable between them that is this program; --delay, --drop and
--rule are rules of one's own for the cable, with a scenario or without, and --ipv6
lets the two hosts speak IPv6. The cable
knows when each segment was sent, when it arrived, and what became of it, and asks
both kernels what they make of it. It needs no root and touches nothing else.`,
		Example: `  handshake-lab run
  handshake-lab run --clients 3
  handshake-lab run --clients 6 --backlog 1       what a full accept queue does
  handshake-lab run --repeat 20 --view handshake
  handshake-lab run --interactive --step
  handshake-lab run --step
  handshake-lab run --pace 400ms --until handshake
  handshake-lab run --tui
  handshake-lab run -w lecture.pcapng
  handshake-lab run --scenario syn-ack-lost
  handshake-lab run --delay 50ms --drop 'the 1st SYN+ACK'
  handshake-lab run --scenario syn-lost --ipv6
  handshake-lab run --web                         on a page, for a browser
  handshake-lab run --scenario syn-lost --web     what the cable knows, on the page
  sudo handshake-lab run --stay`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := r.check(c.Flags().Changed("clients")); err != nil {
				return err
			}
			if err := r.pace.checkFull(a, &r.show, false); err != nil {
				return err
			}
			if err := r.pace.checkPredict(&r.show); err != nil {
				return err
			}
			if r.interactive && (r.pace.predict || r.pace.full) {
				return useError("leave one of them out", "--interactive and --predict or --tui both read what you type")
			}
			r.turns = a.takesTurns(&r)
			if r.interactive && r.pace.step && !r.turns {
				return useError("--pace 400ms goes with --interactive everywhere", "--interactive and --step both read your keys: they take turns only on a terminal that shows the story")
			}
			if !c.Flags().Changed("backlog") {
				r.backlog = max(r.backlog, r.clients) // a client that finds the queue full may wait for ever
			}
			c.Flags().Visit(func(f *pflag.Flag) { r.named = append(r.named, f.Name) })
			if err := r.staged.settle(&r, c); err != nil {
				return err
			}
			a.endsByInterrupt = r.stay
			if err := page.check(c); err != nil {
				return err
			} else if page.address != "" {
				source := "run"
				if s := r.staged.scenario; s != nil {
					source, page.lesson = "run: "+s.Name, webLesson(s)
				}
				return a.serveWeb(c.Context(), &page, source)
			}
			if r.staged.scenario != nil {
				return a.runStaged(c.Context(), &r)
			}
			return a.run(c.Context(), &r)
		},
	}
	flags := c.Flags()
	r.where.flags(c)
	flags.IntVar(&r.backlog, "backlog", r.backlog, "connections that may wait for accept: the argument of listen(); as many as --clients where those are more")
	flags.IntVar(&r.clients, "clients", r.clients, "clients at once")
	flags.IntVar(&r.repeat, "repeat", r.repeat, "dialogues of each client, one after another, each with a new x and y")
	flags.DurationVar(&r.patience, "patience", r.patience, "how long a client waits for each answer before it gives up (0: for ever)")
	flags.StringArrayVar(&r.names, "say", nil, "a `name` that the client says before exit; may be repeated (default: Alice, Bob and an empty line)")
	flags.BoolVar(&r.interactive, "interactive", false, "you are the client")
	flags.BoolVar(&r.stay, "stay", false, "go on serving and watching until Ctrl-C; others may join")
	flags.StringVar(&r.net, "net", r.net, "which `network`: auto, private, or host")
	flags.StringVarP(&r.save.path, "write", "w", "", "save the capture to this `file`: .pcap for classic pcap, anything else for pcapng, - for standard output")
	r.staged.flags(c)
	r.pace.flags(c)
	r.pace.predictFlag(c)
	r.tables.flag(c, "the tables after the story, also where q, Ctrl-C or --until ends it; by default at its natural end; --tables=false never")
	flags.BoolVar(&r.show.stable, "stable", false, stableHelp+"; at the end, and without the calls")
	r.show.flags(c, "story")
	page.flags(c)
	complete(c, "net", "auto", "private", "host")
	return c
}

// check refuses what makes no sense together.
func (r *runFlags) check(clientsNamed bool) error {
	if err := r.where.check(); err != nil {
		return err
	}
	if err := r.limits(); err != nil {
		return err
	}
	switch {
	case r.clients < 1:
		return useError("one client is the default", "--clients %d: at least 1", r.clients)
	case r.repeat < 1:
		return useError("one dialogue is the default", "--repeat %d: at least 1", r.repeat)
	case r.backlog < 0:
		return useError(negativeBacklog, "--backlog %d: at least 0", r.backlog)
	case r.patience < 0:
		return useError("5s is five seconds, 0 for ever", "--patience %v: a time is not negative", r.patience)
	case r.net != "auto" && r.net != "private" && r.net != "host":
		return useError("auto takes the one that works here", "--net %s: want auto, private or host", r.net)
	case r.interactive && (clientsNamed || r.repeat > 1 || len(r.names) > 0):
		return useError("leave out --clients, --repeat and --say", "--interactive: there is one client, and it is you")
	}
	if len(r.names) == 0 {
		r.names = []string{"Alice", "Bob", ""}
	} else {
		clientsNamed = false
	}
	for _, name := range r.names {
		if len(name) > dialogue.ReadSize || strings.ContainsAny(name, "\r\n") {
			return useError(fmt.Sprintf("a name is one line of at most %d bytes", dialogue.ReadSize), "--say %s: too long, or more than a line", shortened(name))
		}
	}
	if r.clients > 1 && clientsNamed {
		r.names = nil // each says who it is: Client1, Client2, …
	}
	return r.show.settle()
}

// expected is how many clients there may be: others may join one that stays.
func (r *runFlags) expected() int {
	if own := r.clients * r.repeat; !r.stay || own > 1 {
		return own
	}
	return several
}

// several is more than one client: x and y bear a number from the first on where a
// second one may come.
const several = 2

// shortened is a text as far as a message has room for it.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > 20 {
		return fmt.Sprintf("%q…", string(runes[:20]))
	}
	return fmt.Sprintf("%q", text)
}

// script is what the client with this number says.
func (r *runFlags) script(number int) []string {
	if r.names == nil {
		return []string{fmt.Sprintf("Client%d", number)}
	}
	return r.names
}

// run finds a network to run in, and runs the lab there.
func (a *app) run(ctx context.Context, r *runFlags) error {
	place, err := a.findNetwork(r)
	if err != nil {
		return err
	}
	switch place {
	case private:
		return a.runPrivate(ctx, r)
	case nowhere:
		return a.showRecording(ctx, r)
	}
	return a.runLab(ctx, r)
}
