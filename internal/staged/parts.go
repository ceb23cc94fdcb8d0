package staged

import (
	"strings"
	"time"

	"github.com/handshake-lab/handshake-lab/decode"
)

// Parts that scripts have in common.

// Meet makes a connection: the server listens and accepts, the client connects.
// The client is nil where it got none; the server is nil where the run ended
// before it had accepted.
func (s *Stage) Meet(options ...Option) (client, server *Socket) {
	listening := s.Server.Listen(5)
	return s.MeetAt(listening, s.Client.Socket(1, options...))
}

// MeetAt connects a client's socket to one that listens.
func (s *Stage) MeetAt(listening, from *Socket) (client, server *Socket) {
	accepted := make(chan *Socket, 1)
	s.Await(listening, accepted)
	if err := from.Connect(s.Server.Addr()); err != nil {
		return nil, nil
	}
	server = <-accepted
	s.Settle()
	return from, server
}

// Bye closes both ends, the first one first.
func (s *Stage) Bye(first, second *Socket) {
	first.Close()
	s.Settle()
	_, _ = second.Receive(1) // 0: the end of the stream
	second.Close()
	s.Settle()
}

// filler is text of so many bytes.
func filler(bytes int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	return strings.Repeat(alphabet, bytes/len(alphabet)+1)[:bytes]
}

func isSYN(s *decode.Segment) bool { return s.Flags.Has(decode.SYN) }

func isFIN(s *decode.Segment) bool { return s.Flags.Has(decode.FIN) }

const ms = time.Millisecond
