package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/spf13/cobra"
)

// watchFlags is what watch is told.
type watchFlags struct {
	iface   string
	count   int
	snaplen int
	show    showFlags
	choose  choice
	pace    paceFlags
	save    saveFlags
}

func (a *app) watchCommand() *cobra.Command {
	var w watchFlags
	var page webFlags
	c := &cobra.Command{
		Use:   "watch [FILTER]",
		Short: "Sniff any TCP conversation, live",
		Long: `Capture on an interface and show every TCP segment as it passes, until Ctrl-C.
FILTER is a capture filter as tcpdump takes it; without one all of TCP is shown,
and the ICMP errors that concern it.
Rows of conversations come in the order in which these end.
The story numbers connections from the first one on, C1 with x₁ and y₁, as others
may follow. What a screen that takes nothing could not be shown is left out, counted
and said; the capture that -w saves goes on meanwhile.
Root or the capability cap_net_raw is needed, and given up once the capture is
open.`,
		Example: `  sudo handshake-lab watch
  sudo handshake-lab watch -i eth0 tcp port 443 and host 192.0.2.1
  sudo handshake-lab watch -i lo -c 20 -w lecture.pcapng tcp port 6000`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := w.show.settle(); err != nil {
				return err
			}
			if err := shortEnough(args); err != nil {
				return err
			}
			switch {
			case c.Flags().Changed("count") && w.count < 1:
				return useError("without it watch goes on until Ctrl-C", "--count %d: at least 1", w.count)
			case w.snaplen < 0 || w.snaplen > capture.MaxCaptured:
				return useError("0 keeps all of a packet, as with tcpdump", "--snaplen %d: want 0 to %d bytes", w.snaplen, capture.MaxCaptured)
			case w.snaplen == 0:
				w.snaplen = capture.MaxCaptured
			}
			a.endsByInterrupt = true
			if err := page.check(c); err != nil {
				return err
			} else if page.address != "" {
				return a.serveWeb(c.Context(), &page, "watch")
			}
			return a.watch(c.Context(), &w, args)
		},
	}
	w.show.flags(c, "story")
	page.flags(c)
	w.choose.flags(c)
	w.pace.flags(c)
	c.Flags().StringVarP(&w.iface, "interface", "i", "", "`interface` to capture on; any for all (default: the loopback)")
	c.Flags().IntVarP(&w.count, "count", "c", 0, "end after this many packets")
	c.Flags().IntVarP(&w.snaplen, "snaplen", "s", live.DefaultSnaplen, "bytes kept of a packet; 0: all")
	c.Flags().StringVarP(&w.save.path, "write", "w", "", "save the capture to this `file`: .pcap for classic pcap, anything else for pcapng, - for standard output")
	c.Flags().BoolP("no-names", "n", false, "addresses and ports stay numbers: they always do, as with tcpdump -n")
	_ = c.RegisterFlagCompletionFunc("interface", completeInterfaces)
	return c
}

// holdStory is how long the story waits, a fifth of it, for what shows that a
// segment has arrived.
const holdStory = 5 * time.Millisecond

// captureFilter is what is captured: the words, or TCP and the ICMP errors
// about it; --port narrows it down.
func (w *watchFlags) captureFilter(words []string) string {
	expression := strings.Join(words, " ")
	if expression == "" && w.choose.port == 0 {
		return "tcp or icmp or icmp6"
	}
	if w.choose.port != 0 {
		port := fmt.Sprintf("tcp port %d", w.choose.port)
		if expression == "" {
			return port
		}
		return port + " and (" + expression + ")"
	}
	return expression
}

func (a *app) watch(ctx context.Context, w *watchFlags, words []string) error {
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	defer a.mustEnd(ctx)()
	if w.save.toStdout() || w.show.toStdout() {
		defer a.quitWithReader(ctx, quit)()
	}
	viewer, err := a.openViewer(ctx, viewing{pace: &w.pace, show: &w.show, out: a.outBeside(&w.save, &w.show), normal: true,
		quit: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	defer viewer.close()
	if w.iface == "" {
		i, err := live.Default()
		if err != nil {
			return captureError(err)
		}
		w.iface = i.Name
	}
	if err := w.save.open(a, w.show.out); err != nil {
		return err
	}
	defer w.save.close()
	if w.save.toStdout() && w.show.out == "" {
		a.stdout = a.stderr // the capture has standard output to itself
	}
	flushed := whenIdle
	if w.pace.step || w.pace.every > 0 {
		flushed = eachMoment
	}
	w.show.clients = func() int { return several } // more may come
	to, err := a.openView(&w.show, true, flushed)
	if err != nil {
		return err
	}
	to.Presenter = viewer.paced(to.Presenter, &w.pace)
	var cut *untilThen
	if w.pace.until.text != "" {
		cut = &untilThen{Presenter: to.Presenter, until: w.pace.until, enough: func() { quit(errEnough) }}
		to.Presenter = cut
	}
	filter, err := w.choose.filter(nil)
	if err != nil {
		to.discard()
		return err
	}
	handle, err := live.Open(live.Config{Interface: w.iface, Filter: w.captureFilter(words), Snaplen: w.snaplen, Sentinel: true})
	if err != nil {
		to.discard()
		return captureError(err)
	}
	defer handle.Close()
	if err := a.giveUpRights(); err != nil {
		to.discard()
		return err
	}
	if err := w.save.begin(handle.Interfaces()); err != nil {
		to.discard()
		return err
	}
	boundMemory()
	a.say("capturing on %s, Ctrl-C ends", w.iface)
	stopped := context.AfterFunc(ctx, handle.Stop)
	defer stopped()
	var sink timeline.Sink = &expendable{sink: to, failed: quit}
	merge := w.merge(sink)
	if merge != nil {
		sink = chosen{merge, timeline.Wants{Kinds: timeline.WantsOf(sink).Kinds}}
		a.live.Store(merge)
		if w.save.to != nil || terminal.Is(a.stdout) {
			merge.Patience(screenPatience) // what is saved does not wait for what is shown
		}
		defer context.AfterFunc(ctx, func() { merge.Patience(screenPatience) })()
	}
	flow := pipeline.Flow{Source: limited(handle, w.count), Sink: sink, Filter: filter, Tap: w.save.tap(), Conclude: true}
	switch {
	case flushed != whenIdle:
	case merge == nil:
		flow.Idle = to.to.Flush
	default: // what the merge keeps comes later than the flow is idle
		merge.Flush(func() error {
			err := to.to.Flush()
			if err != nil {
				quit(err)
			}
			return err
		})
	}
	// The capture's own end is what ends the flow, so that what was captured
	// before a signal is shown.
	_, err = flow.Run(context.WithoutCancel(ctx))
	if err == nil {
		err = faultOf(ctx)
	}
	if merge != nil {
		if closed := merge.Close(); err == nil {
			err = closed
		}
	}
	if closed := to.Close(); closed != nil && !isOutputFailure(err) {
		err = closed
	}
	viewer.close()
	if closed := w.save.close(); err == nil {
		err = closed
	}
	a.reportStats(handle, w.count)
	a.tellMissed()
	if err != nil {
		return captureError(err)
	}
	return nil
}

// merge holds what is to be shown for a while: the story until it is known whether a
// segment has arrived, and everything where the capture is saved, so that a screen that
// takes nothing does not hold that up. Nil where neither is needed.
func (w *watchFlags) merge(sink timeline.Sink) *timeline.Merge {
	switch {
	case w.show.view == "story":
		return timeline.NewMerge(sink, holdStory)
	case w.save.to != nil:
		return timeline.NewMerge(onlyWanted{sink, timeline.WantsOf(sink).Kinds}, 0)
	}
	return nil
}

// limited ends a source after n packets; 0 is no limit.
func limited(h *live.Handle, n int) capture.Source {
	if n <= 0 {
		return h
	}
	return &limit{h, n}
}

type limit struct {
	*live.Handle
	left int
}

func (l *limit) Next(p *capture.Packet) error {
	if l.left == 0 {
		return io.EOF
	}
	l.left--
	return l.Handle.Next(p)
}

// AtHand does not take a packet that nobody is to see.
func (l *limit) AtHand() bool { return l.left > 0 && l.Handle.AtHand() }

// reportStats prints the counters that tcpdump prints, and warns of losses. Where
// standard output goes through a pipe the terminal is likely to show somebody
// else's page by now, as less does: there are no counters on it then. Behind most
// packets, 0 for any number, the capture may have gone on for a moment; these were
// not taken.
func (a *app) reportStats(h *live.Handle, most int) {
	s, err := h.Stats()
	if most > 0 {
		s.Captured = min(s.Captured, most)
	}
	if err != nil && s.Captured == 0 {
		return
	}
	if !terminal.Is(a.stderr) || !isPipe(a.stdout) {
		fmt.Fprintf(a.stderr, "%s captured\n%s received by filter\n%s dropped by kernel\n",
			plural(int(s.Captured), "packet"), plural(int(s.Received), "packet"), plural(int(s.Dropped), "packet"))
	}
	if lost := s.Lost(); lost > 0 {
		fmt.Fprintf(a.stderr, "%s: warning: %s lost (%d by the kernel, %d by the interface, %d here): what is shown has gaps\n",
			program, were(int(lost), "packet"), s.Dropped, s.IfDropped, s.Overflowed)
	}
}

// isPipe reports whether a file is a pipe.
func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}

func completeInterfaces(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	list, err := live.Interfaces()
	if err != nil && !errors.Is(err, live.ErrNoLibpcap) {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, i := range list {
		names = append(names, cobra.CompletionWithDesc(i.Name, i.Description))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
