package staged

import (
	"strconv"

	"github.com/handshake-lab/handshake-lab/decode/conversation"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

var _ = add(queues, Scenario{
	Name: "accept-queue-full", Sentence: "The server is slow to accept(): SYNs are dropped until there is room in its queue.",
	Takes: 1200 * ms, Look: "which connection has to ask twice, although the server's host is idle",
	Lesson:   []string{"The server listens with a backlog of 1 and does not call accept() for half a second. Its kernel completes two handshakes by itself and keeps the connections in the accept queue; the third SYN is dropped without a word, and the client asks again after a second, when the queue has been emptied."},
	Rule:     "RFC 9293 §3.8.3: to the client a SYN without an answer is a lost one, and is sent again.",
	Question: "Nothing was lost on the cable. How could the server's administrator find out what happened?",
	Server:   Settings{Sysctls: map[string]string{"net.ipv4.tcp_abort_on_overflow": "0"}},
	Script: func(s *Stage) {
		listening := s.Server.Listen(1)
		var clients []*Socket
		for number := 1; number <= 3; number++ {
			client := s.Client.Socket(number)
			clients = append(clients, client)
			if number < 3 {
				_ = client.Connect(s.Server.Addr())
				s.Settle()
			}
		}
		s.Go(func() {
			s.Wait(500 * ms)
			for range clients {
				if server := listening.Accept(); server != nil {
					s.Go(func() {
						_ = server.Send("Welcome!\n")
						_, _ = server.Receive(1)
						server.Close()
					})
				}
			}
		})
		_ = clients[2].Connect(s.Server.Addr())
		s.Settle()
		for _, client := range clients {
			client.ReceiveAll(9)
			client.Close()
			s.Settle()
		}
	},
	Expected: [2]string{"2x SYN ACK FIN / SYN SYN' ACK FIN", "3x SYN+ACK 9 FIN"},
	Verdicts: [2]string{conversation.AcceptQueueFull, conversation.AcceptQueueFull},
})

var _ = add(queues+1, Scenario{
	Name: "accept-overflow", Sentence: "The accept queue is full: the server drops the third step, and repeats its SYN+ACK.",
	Takes: 1300 * ms, Look: "that the client believes the connection to be open, and the server does not",
	Lesson:   []string{"The backlog is 1: the accept queue holds two. A third client's SYN was answered while there was room; when its ACK comes, held up on the way, two others wait, and the server drops the ACK. To the client the connection is open. The server stays in SYN-RECEIVED and sends its SYN+ACK again after a second."},
	Rule:     "RFC 9293 §3.10.7.4, fifth: ESTABLISHED is reached by an acceptable acknowledgment; one that was dropped is as good as lost.",
	Question: "The client has called send() and got no error. Has the server got the data?",
	Server:   Settings{Sysctls: map[string]string{"net.ipv4.tcp_abort_on_overflow": "0", "net.ipv4.tcp_syncookies": "0"}},
	Script:   overflow(true),
	Rules:    []string{"delay the client's 2nd ACK by 80ms", "delay the client's 3rd ACK by 160ms"},
	Expected: [2]string{"3x SYN ACK FIN", "2x SYN+ACK 9 FIN / SYN+ACK SYN+ACK'"},
	Verdicts: [2]string{conversation.AcceptQueueFull, conversation.AcceptQueueFull},
})

var _ = add(queues+2, Scenario{
	Name: "overflow-abort", Sentence: "The accept queue is full, and the server answers the third step by an RST (tcp_abort_on_overflow).",
	Takes: 400 * ms, Look: "that connect() succeeds, and the next call fails",
	Lesson:   []string{"The same queue, with tcp_abort_on_overflow set: where the third step finds no room the server sends an RST. connect() has returned by then; the client learns of it by its next call."},
	Rule:     "RFC 9293 §3.5.2: a reset is sent to end what cannot go on; §3.5.3: in ESTABLISHED it aborts the connection and advises the user.",
	Question: "Which is better for the client, an RST now or silence and another try? For the server?",
	Server:   Settings{Sysctls: map[string]string{"net.ipv4.tcp_abort_on_overflow": "1", "net.ipv4.tcp_syncookies": "0"}},
	Script:   overflow(false),
	Rules:    []string{"delay the client's 2nd ACK by 80ms", "delay the client's 3rd ACK by 160ms"},
	Expected: [2]string{"3x SYN ACK", "2x SYN+ACK / SYN+ACK RST"},
	Verdicts: [2]string{conversation.AcceptQueueFull, conversation.AcceptQueueFull},
})

// overflow lets three clients connect where the queue has room for two (Linux takes
// one more than the backlog says): the ACK of the third arrives when it is full. The
// server accepts the two after that, or never.
func overflow(accepting bool) func(*Stage) {
	return func(s *Stage) {
		listening := s.Server.Listen(1)
		first, second, third := s.Client.Socket(1), s.Client.Socket(2), s.Client.Socket(3)
		_ = first.Connect(s.Server.Addr())
		s.Settle()
		connected := make(chan struct{})
		s.Go(func() {
			defer close(connected)
			s.Wait(5 * ms)
			_ = third.Connect(s.Server.Addr())
		})
		_ = second.Connect(s.Server.Addr())
		s.Wait(400 * ms)
		for _, client := range []*Socket{first, second} {
			if !accepting {
				break // it comes to nothing else
			}
			if server := listening.Accept(); server != nil {
				_ = server.Send("Welcome!\n")
				client.ReceiveAll(9)
				s.Bye(client, server)
			}
		}
		s.Wait(900 * ms)
		s.Settle()
		<-connected
		_, _ = third.TryReceive()
		third.Close()
		s.Settle()
	}
}

var _ = add(queues+10, Scenario{
	Name: "syn-flood", Sentence: "Twenty forged SYNs fill the server's queue, and an honest client gets no answer.",
	Takes: 4900 * ms, Look: "how many of the forged SYNs were answered, and what the honest client gets",
	Lesson:   []string{"Somebody sends twenty SYNs from addresses that answer nothing. For each the server keeps an entry in SYN-RECEIVED and repeats its SYN+ACK, until its queue is full. An honest client's SYN then finds no room: connect() fails in the end."},
	Rule:     "RFC 9293 §3.10.7.2, third: a SYN in LISTEN leads to SYN-RECEIVED, and to state that the server has to keep. (RFC 4987 is about this attack.)",
	Question: "Why does it help the attacker to forge the source addresses?",
	Server:   Settings{Sysctls: map[string]string{"net.ipv4.tcp_syncookies": "0", "net.ipv4.tcp_max_syn_backlog": "8", "net.core.somaxconn": "8"}},
	Script:   flood(OneSYNAgain),
	Expected: [2]string{"20x SYN* / SYN SYN'", "7x SYN+ACK SYN+ACK' SYN+ACK'"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Filtered, conversation.SYNFlood},
	Varies:   "how many of the forged SYNs are answered",
})

var _ = add(queues+11, Scenario{
	Name: "syn-cookies", Sentence: "The same flood against SYN cookies: the honest client is let in.",
	Takes: 1900 * ms, Look: "that the honest client's handshake looks like any other",
	Lesson:   []string{"The same twenty SYNs, with SYN cookies: once the queue is full the server keeps nothing of a SYN. What it would have to remember it puts into the y of its SYN+ACK, and finds it again in the acknowledgment of the third step."},
	Rule:     "RFC 9293 §3.4.1 and §3.5: the client acknowledges y + 1, whatever y is; so the server can choose a y that says something to itself. (RFC 4987 §3.6.)",
	Question: "What is lost with a cookie that the SYN's options had asked for?",
	Server:   Settings{Sysctls: map[string]string{"net.ipv4.tcp_syncookies": "1", "net.ipv4.tcp_max_syn_backlog": "8", "net.core.somaxconn": "8"}},
	Script:   flood(),
	Expected: [2]string{"20x SYN* / SYN ACK 5 FIN", "9x SYN+ACK SYN+ACK' / 11x SYN+ACK / SYN+ACK FIN"},
	End:      wire.Server,
	Verdicts: [2]string{conversation.Fine, conversation.SYNCookies},
	Cookies:  true,
})

// flood sends twenty forged SYNs, and lets an honest client connect.
func flood(options ...Option) func(*Stage) {
	return func(s *Stage) {
		listening := s.Server.Listen(8)
		for i := range 20 {
			s.Forge(s.Client, wire.Segment{From: fromNobody(i, s.Server.Addr()), To: s.Server.Addr(), Seq: uint32(1_000_000 * (i + 1)), Flags: flagSYN, Window: 64240,
				Options: []byte{2, 4, 5, 180}}, "SYN "+strconv.Itoa(i+1)+" of a flood")
		}
		s.Wait(1700 * ms) // the server repeats what it has kept
		s.Settle()
		client := s.Client.Socket(1, options...)
		accepted := make(chan *Socket, 1)
		s.Await(listening, accepted)
		if client.Connect(s.Server.Addr()) != nil {
			client.Close()
			return
		}
		if server := <-accepted; server != nil {
			_ = client.Send("hello")
			server.ReceiveAll(5)
			s.Settle()
			s.Bye(client, server)
		}
	}
}
