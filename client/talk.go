package client

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/internal/visible"
)

// ErrClosedEarly is wrapped by the error for a server that ends the connection
// in the middle of the dialogue.
var ErrClosedEarly = errors.New("the server closed the connection")

// ErrNoAnswer is wrapped by the error for a server that says nothing for as long
// as Config.Patience says.
var ErrNoAnswer = errors.New("no answer in time")

// ErrEndless is wrapped by the error for a server that talks and talks and never
// comes to what was waited for.
var ErrEndless = errors.New("what came back has no end")

// mostOf is how long the reply to so many bytes may become. A server may cut a
// name into pieces of one byte, each with a greeting and a question around it;
// the rest is for servers with words of their own.
func mostOf(sent int) int { return 64<<10 + 64*sent }

// linger is how long the client waits for the server's FIN after its
// good bye.
const linger = 2 * time.Second

// Script says the given lines one after another, and then exit. An empty line
// is asked again, as a person would be: nothing is sent. out is shown what a
// person would see; nil shows nothing. The connection is closed at the end.
//
// The error wraps ErrClosedEarly, or the errno of the call that failed:
// syscall.ECONNRESET where the server reset the connection.
func (c *Client) Script(lines []string, out io.Writer) error {
	var echo io.Writer = out
	if out == nil {
		out, echo = io.Discard, io.Discard
	}
	return c.talk(out, func() ([]byte, error) {
		if len(lines) == 0 {
			return nil, io.EOF
		}
		line := []byte(lines[0])
		lines = lines[1:]
		_, err := fmt.Fprintln(echo, visible.Lines(line))
		return line, err
	})
}

// Interact talks for a person: it prints what the server says, prompts, and
// sends each line of in, without its line end. An empty line is asked again
// and nothing is sent. exit ends the dialogue, and so does the end of in, for
// which exit is sent: the server is to hear a good bye in either case. The
// connection is closed at the end.
//
// A read of in that is under way when the context is cancelled is left behind.
func (c *Client) Interact(in io.Reader, out io.Writer) error {
	type typed struct {
		line []byte
		err  error
	}
	wanted, lines := make(chan struct{}), make(chan typed, 1)
	defer close(wanted)
	go func() {
		reader := bufio.NewReader(in)
		for range wanted {
			line, err := reader.ReadBytes('\n')
			if len(line) > 0 && err == io.EOF {
				err = nil // the last line has no line end
			}
			lines <- typed{bytes.TrimRight(line, "\r\n"), err}
		}
	}()
	return c.talk(out, func() ([]byte, error) {
		wanted <- struct{}{}
		select {
		case <-c.ctx.Done():
			return nil, c.explain(c.ctx.Err())
		case t := <-lines:
			return t.line, t.err
		}
	})
}

// talk holds the dialogue; next returns the lines to say and io.EOF for no
// more.
func (c *Client) talk(out io.Writer, next func() (line []byte, err error)) error {
	defer c.Close()
	var r reply
	r.expectWelcome()
	for {
		said, err := c.hear(&r)
		if _, werr := fmt.Fprint(out, visible.Lines(said)); werr != nil {
			return werr
		}
		if err == io.EOF && bytes.HasSuffix(said, []byte(dialogue.GoodBye)) {
			return nil // a line within a name was exit
		}
		if err != nil {
			return c.failed(err, dialogue.Question)
		}
		line, err := ask(out, next)
		if err == io.EOF {
			fmt.Fprintln(out)
			return c.exit(out)
		}
		if err != nil {
			return err
		}
		if string(line) == dialogue.Exit {
			return c.exit(out)
		}
		if err := c.send(line); err != nil {
			return c.failed(err, dialogue.Question)
		}
		r.expectAnswer(line)
	}
}

// ask prompts until there is a name to send: line ends alone are none.
func ask(out io.Writer, next func() ([]byte, error)) ([]byte, error) {
	if _, err := fmt.Fprintln(out); err != nil { // the question has no line end
		return nil, err
	}
	for {
		if _, err := fmt.Fprint(out, dialogue.Prompt); err != nil {
			return nil, err
		}
		line, err := next()
		if name, _ := dialogue.NextName(line); name != nil || err != nil {
			return line, err
		}
	}
}

// hear reads until the reply is complete and returns it. What came with it
// and belongs to the next reply is kept.
func (c *Client) hear(r *reply) (said []byte, err error) {
	for seen := 0; ; {
		for ; seen < len(c.received); seen++ {
			if r.feed(c.received[seen]) {
				return c.take(seen + 1), nil
			}
		}
		if r.lost() && endsWithQuestion(c.received) {
			return c.take(seen), nil
		}
		if len(c.received) > mostOf(len(r.sent)) {
			return c.take(dialogue.ReadSize), ErrEndless
		}
		if err := c.recv(); err != nil {
			return c.take(len(c.received)), err
		}
	}
}

// take removes the first n bytes of what was received.
func (c *Client) take(n int) []byte {
	taken := bytes.Clone(c.received[:n])
	c.received = append(c.received[:0], c.received[n:]...)
	return taken
}

// exit says exit, waits for the good bye and then for the server's FIN, so
// that it is always the server that closes first and keeps TIME-WAIT.
func (c *Client) exit(out io.Writer) error {
	if err := c.send([]byte(dialogue.Exit)); err != nil {
		return c.failed(err, dialogue.GoodBye)
	}
	for !bytes.HasSuffix(c.received, []byte(dialogue.GoodBye)) {
		err := c.recv()
		if err == nil && len(c.received) > mostOf(0) {
			c.received, err = c.received[:dialogue.ReadSize], ErrEndless
		}
		if err != nil {
			fmt.Fprint(out, visible.Lines(c.received))
			return c.failed(err, dialogue.GoodBye)
		}
	}
	if _, err := fmt.Fprint(out, visible.Lines(c.received)); err != nil {
		return err
	}
	c.patience = 0
	c.waitAtMost(linger)
	for c.recv() == nil {
		c.received = c.received[:0]
	}
	return nil
}

// failed says at which point of the dialogue err came.
func (c *Client) failed(err error, missing string) error {
	if err == io.EOF {
		err = ErrClosedEarly
	}
	return fmt.Errorf("talk with %s: waiting for %q: %w", c.call.Remote, missing, err)
}
