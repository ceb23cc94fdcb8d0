package main

import (
	"bytes"
	"context"
	"io"
	"sync"
	"syscall"
	"time"

	"github.com/handshake-lab/handshake-lab/capture/live"
	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/errno"
	"github.com/handshake-lab/handshake-lab/internal/hosts"
	"github.com/handshake-lab/handshake-lab/internal/pipeline"
	"github.com/handshake-lab/handshake-lab/internal/present"
	"github.com/handshake-lab/handshake-lab/internal/stable"
	"github.com/handshake-lab/handshake-lab/internal/terminal"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/server"
)

// lab is one run: the capture, the server, the clients, and what is shown.
type lab struct {
	*app
	*runFlags
	ctx    context.Context // ends with a signal, or where something is wrong
	quit   context.CancelCauseFunc
	viewer *viewer
	report *report
	shown  timeline.Sink // the report; once its output has failed nothing any more
	handle *live.Handle
	merge  *timeline.Merge   // brings calls and segments together, and knows whose they are
	calls  dialogue.Observer // takes the socket calls
	turn   sync.Mutex        // of the clients, until they have called connect
	dialed int               // how many have had it
	silent *silence          // the clients that nobody answers
	server *server.Server
	served chan error // what Serve returned
	flowed chan error // what the flow returned
}

// runLab runs in this process. The order matters: outputs are opened first,
// then the capture, then root is given up; only then does the server listen
// and a client dial, so that the capture misses nothing.
func (a *app) runLab(ctx context.Context, r *runFlags) (err error) {
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(errEnough)
	l := &lab{app: a, runFlags: r, ctx: ctx, quit: quit, served: make(chan error, 1), flowed: make(chan error, 1)}
	defer a.mustEnd(ctx)()
	if r.save.toStdout() || r.show.toStdout() {
		defer a.quitWithReader(ctx, quit)()
	}
	l.viewer, err = a.openViewer(ctx, viewing{pace: &r.pace, show: &r.show, out: a.outBeside(&r.save, &r.show), typed: r.interactive && !r.turns || r.pace.predict || r.pace.full,
		normal: r.stay, quit: func() { quit(errEnough) }})
	if err != nil {
		return err
	}
	defer l.viewer.close()
	if err := r.save.open(a, r.show.out); err != nil {
		return err
	}
	defer r.save.close()
	if r.save.toStdout() && r.show.out == "" {
		a.stdout = a.stderr // the capture has standard output to itself
	}
	r.show.sorted = !r.stay
	r.show.clients = r.expected
	if l.report, err = a.openReport(l.reporting()); err != nil {
		return err
	}
	if err := l.openCapture(); err != nil {
		l.report.to.Close()
		return err
	}
	defer l.handle.Close()
	l.shown = &expendable{sink: l.report, failed: quit}
	var merged timeline.Sink = l.shown
	if r.show.stable { // when a call is made beside which segment is a matter of microseconds
		merged = present.Tee()
	}
	l.merge = timeline.NewMerge(merged, timeline.Watermark)
	a.live.Store(l.merge)
	l.merge.Own(r.clients * r.repeat)
	if r.stay {
		l.merge.Patience(screenPatience) // others are served here
	}
	defer context.AfterFunc(ctx, func() { l.merge.Patience(screenPatience) })()
	l.silent = newSilence(r, l.merge)
	l.calls = l.silent.observer()
	go l.flow()

	err = l.talk()
	return l.end(err)
}

// reporting is what the lab shows. Where --until has ended the showing the dialogues
// have the time that they need as a rule: what is saved is whole.
func (l *lab) reporting() reporting {
	return reporting{show: &l.show, pace: &l.pace, viewer: l.viewer, tables: l.tables, several: l.clients*l.repeat > 1 || l.stay,
		typed: l.interactive && !l.turns, live: true, enough: func() { time.AfterFunc(graceTime, func() { l.quit(errEnough) }) }}
}

// openCapture opens the capture and gives root up.
func (l *lab) openCapture() error {
	name, err := loopback()
	if err != nil {
		return err
	}
	l.handle, err = live.Open(live.Config{Interface: name, Filter: labFilter(l.where), Sentinel: true})
	if err != nil {
		return captureError(err)
	}
	if err := l.app.giveUpRights(); err != nil {
		l.handle.Close()
		return err
	}
	if err := l.save.begin(l.handle.Interfaces()); err != nil {
		l.handle.Close()
		return err
	}
	return nil
}

// flow takes packets to the merge until the capture ends. An output that fails
// ends the lab; what is captured until then is saved all the same.
func (l *lab) flow() {
	boundMemory()
	f := pipeline.Flow{Source: l.handle, Sink: l.merge, Tap: l.save.tap(), Conclude: true}
	if l.show.stable { // all of it at the end
		f = pipeline.Flow{Source: stable.New(l.handle, f.Tap), Sink: l.shown, Conclude: true}
	}
	_, err := f.Run(context.Background())
	if err != nil {
		l.quit(err)
	}
	l.flowed <- err
}

// talk listens, lets the clients talk, and waits as long as --stay says.
func (l *lab) talk() (err error) {
	l.server, err = server.Listen(server.Config{Address: l.where.address(), Backlog: l.backlog, Observer: l.calls})
	if err != nil {
		if errno.Is(err, syscall.EACCES) {
			return fail(exitPermission, err, "run listens without the rights of root: take a port above 1023, such as --port 6000")
		}
		return listenError(err, l.where)
	}
	go func() { l.served <- l.server.Serve() }()
	if l.stay {
		l.inviteOthers()
	}
	if l.interactive {
		err = l.interact()
	} else {
		err = l.converse()
	}
	if l.stay && err == nil {
		<-l.ctx.Done()
	}
	return err
}

// inviteOthers says how to join, where one can.
func (l *lab) inviteOthers() {
	address := l.server.Addr()
	if hosts.Inside() {
		l.say("serving on %s in a private network namespace, which nobody else can reach; Ctrl-C ends", address)
		l.hint("sudo %s run --stay serves on this machine's own loopback, where others can join", program)
		return
	}
	l.say("serving on %s; %s; Ctrl-C ends", address, howToJoin(address))
}

// converse runs the scripted clients side by side, each its dialogues one
// after another. In the first all connect before any of them speaks.
func (l *lab) converse() error {
	var all sync.WaitGroup
	connected := newBarrier(l.clients)
	talking, over := context.WithCancel(l.ctx)
	defer over()
	go l.silent.watch(talking, l.say)
	errs := make([]error, l.clients)
	for i := range l.clients {
		all.Go(func() {
			for round := 0; round < l.repeat && errs[i] == nil && l.ctx.Err() == nil; round++ {
				c, number, err := l.dial()
				if round == 0 {
					connected.meet(l.ctx)
				}
				if errs[i] = err; err == nil && c != nil {
					errs[i] = networkError(c.Script(l.script(number), nil))
				}
			}
		})
	}
	all.Wait()
	if err := l.silent.failure(); err != nil && l.ctx.Err() == nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// dial connects a client; nil where a signal came first. Clients are numbered in
// the order in which they call connect.
func (l *lab) dial() (c *client.Client, number int, err error) {
	l.turn.Lock()
	begun := sync.OnceFunc(l.turn.Unlock)
	defer begun()
	l.dialed++
	number = l.dialed
	observer := func(c dialogue.Call) {
		l.calls(c)
		if c.Name == "connect" {
			begun()
		}
	}
	address := l.server.Addr().String()
	c, err = client.Dial(l.ctx, client.Config{Address: address, Number: number, Patience: l.patience, Observer: observer})
	if err != nil {
		return nil, number, dialError(err, address)
	}
	return c, number, nil
}

// interact lets the person be the client.
func (l *lab) interact() error {
	l.patience = 0 // people take their time, and so may what they talk to
	l.say("you are the client: exit or Ctrl-D says good bye")
	c, _, err := l.dial()
	if c == nil {
		return err
	}
	if l.turns {
		turns := &turns{lab: l, keyboard: l.keyboard(l.stdin)}
		defer func() { l.leavePrompt(turns.typing.Load()) }()
		return networkError(c.Interact(turns, turns))
	}
	if l.typing == nil {
		return networkError(c.Interact(l.keyboard(l.stdin), l.stderr))
	}
	defer func() { l.leavePrompt(l.typing.stands()) }()
	return networkError(c.Interact(enterReader{l.keyboard(l.stdin), l.typing}, l.typing))
}

// leavePrompt goes to the next line where somebody was still to type at a prompt,
// and Ctrl-C is all that came.
func (l *lab) leavePrompt(stands bool) {
	if stands && l.ctx.Err() != nil {
		_, _ = io.WriteString(l.stdout, "\n")
	}
}

// keyboard reads from standard input, after what was typed while the terminal was
// asked something.
func (a *app) keyboard(from io.Reader) io.Reader {
	terminal.Settle()
	return io.MultiReader(bytes.NewReader(terminal.Typed(dialogue.ReadSize)), from)
}

// enterReader tells the screen that a line was typed, and so left.
type enterReader struct {
	io.Reader
	typing *typing
}

func (e enterReader) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	e.typing.answered()
	return n, err
}

// end closes everything in order: the dialogues, the capture once all that was
// sent is in it, what is saved, the story, the tables, the counters. Nobody
// before the story waits for the screen any more.
func (l *lab) end(err error) error {
	keep := func(next error) {
		if err == nil {
			err = next
		}
	}
	budget, cancel := context.WithTimeout(context.Background(), endTime)
	defer cancel()
	if l.server != nil {
		l.server.Shutdown(graceTime)
		keep(fail(exitNetwork, <-l.served))
	}
	_ = l.handle.Drain(budget) // what it did not wait for is counted as lost
	keep(captureError(<-l.flowed))
	keep(l.save.close())
	keep(l.merge.Close())
	keep(l.report.Close())
	l.tellUntil(l.report)
	keep(faultOf(l.ctx))
	if l.server != nil {
		l.reportStats(l.handle, 0)
	}
	if !l.show.stable {
		l.tellMissed()
	}
	return err
}

// prompted makes the story and a person share the terminal; where standard output
// is none the client's words go to standard error.
func (a *app) prompted(out io.Writer) io.Writer {
	if !terminal.Is(a.stdout) || !terminal.Is(a.stdin) {
		return out
	}
	s := &prompt{out: out}
	a.typing = &typing{s}
	return s
}
