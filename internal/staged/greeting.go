package staged

import (
	"time"

	"github.com/handshake-lab/handshake-lab/client"
	"github.com/handshake-lab/handshake-lab/internal/dialogue"
	"github.com/handshake-lab/handshake-lab/server"
)

// greet is the script of the greeting server and its client, as run plays it.
func greet(names ...string) func(*Stage) {
	return func(s *Stage) { s.Greet(GreetConfig{Names: func(int) []string { return names }}) }
}

// GreetConfig says who is greeted.
type GreetConfig struct {
	Clients, Repeat, Backlog int
	Names                    func(number int) []string
	Patience                 time.Duration
}

// Greet lets the greeting server and its clients talk.
func (s *Stage) Greet(c GreetConfig) {
	c.Clients, c.Repeat = max(c.Clients, 1), max(c.Repeat, 1)
	if c.Backlog == 0 {
		c.Backlog = max(dialogue.Backlog, c.Clients)
	}
	var serving *server.Server
	err := s.Server.Do(func() (err error) {
		serving, err = server.Listen(server.Config{Address: s.Server.Addr().String(), Backlog: c.Backlog, Observer: s.Observer()})
		return err
	})
	if err != nil {
		s.fail("the server: %w", err)
		return
	}
	served := make(chan error, 1)
	go func() { served <- serving.Serve() }()
	for i := range c.Clients {
		s.Go(func() {
			for round := range c.Repeat {
				s.beGreeted(round*c.Clients+i+1, &c)
			}
		})
	}
	s.going.Wait()
	s.Settle()
	serving.Shutdown(time.Second)
	<-served
}

// beGreeted is one client's dialogue. What goes wrong in it the story tells.
func (s *Stage) beGreeted(number int, c *GreetConfig) {
	var to *client.Client
	err := s.Client.Do(func() (err error) {
		to, err = client.Dial(s.Context, client.Config{Address: s.Server.Addr().String(), Number: number, Patience: c.Patience, Observer: s.Observer()})
		return err
	})
	if err == nil {
		_ = to.Script(c.Names(number), nil)
	}
}
