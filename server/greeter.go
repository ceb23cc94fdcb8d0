package server

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"sync"

	"github.com/handshake-lab/handshake-lab/internal/dialogue"
)

// greeter is the server's side of one dialogue. Ten thousand of them may be
// waiting at a time, so it holds little besides the bytes it reads into.
type greeter struct {
	server *Server
	conn   *net.TCPConn
	number int
	buffer [dialogue.ReadSize]byte
}

var (
	welcome  = []byte(dialogue.Welcome)
	question = []byte(dialogue.Question)
	goodBye  = []byte(dialogue.GoodBye)
)

// answers lends a buffer for the moment of one send.
var answers = sync.Pool{New: func() any {
	return new([dialogue.HelloSize + dialogue.ReadSize]byte)
}}

// run holds the dialogue and closes the connection, however it ended: by
// exit, by the client's end of stream, by a reset.
func (g *greeter) run() {
	g.talk()
	g.close()
	if g.server.log != nil {
		g.server.print(dialogue.Closed(addrPort(g.conn.RemoteAddr()).String()))
	}
	g.server.leave(g.conn)
}

// talk returns when the dialogue is over.
func (g *greeter) talk() {
	if g.send(welcome) != nil || g.send(question) != nil {
		return
	}
	for {
		n, err := g.recv()
		name, rest := dialogue.NextName(g.buffer[:n])
		for ; name != nil; name, rest = dialogue.NextName(rest) {
			if string(name) == dialogue.Exit {
				g.send(goodBye)
				return
			}
			if g.answer(name) != nil || g.send(question) != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (g *greeter) answer(name []byte) error {
	buffer := answers.Get().(*[dialogue.HelloSize + dialogue.ReadSize]byte)
	err := g.send(dialogue.AppendHello(buffer[:0], name))
	answers.Put(buffer)
	return err
}

func (g *greeter) send(data []byte) error {
	if g.server.observer == nil {
		_, err := g.conn.Write(data)
		return err
	}
	call := g.begin("send", strconv.Itoa(len(data)), bytes.Clone(data))
	n, err := g.conn.Write(data)
	call.N, call.Err = n, shown(err)
	g.server.observer.End(call)
	return err
}

func (g *greeter) recv() (int, error) {
	if g.server.observer == nil {
		return g.conn.Read(g.buffer[:])
	}
	call := g.begin("recv", strconv.Itoa(len(g.buffer)), nil)
	n, err := g.conn.Read(g.buffer[:])
	call.N, call.Data, call.Err = n, bytes.Clone(g.buffer[:n]), shown(err)
	g.server.observer.End(call)
	return n, err
}

func (g *greeter) close() {
	if g.server.observer == nil {
		g.conn.Close()
		return
	}
	call := g.begin("close", "", nil)
	call.Err = g.conn.Close()
	g.server.observer.End(call)
}

// begin reports the begin of a call to the observer, which must not be nil.
// The data is the observer's to keep.
func (g *greeter) begin(name, args string, data []byte) Call {
	return g.server.observer.Begin(Call{
		Role: dialogue.Server, Number: g.number, Name: name, Args: args, Data: data,
		Local: addrPort(g.conn.LocalAddr()), Remote: addrPort(g.conn.RemoteAddr()),
	})
}

// shown is the error that a reader of the call is to see.
func shown(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errShutdown
	case errors.Is(err, net.ErrClosed):
		return net.ErrClosed
	}
	return cause(err)
}
