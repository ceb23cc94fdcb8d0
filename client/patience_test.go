package client

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// answering starts a server whose every connection is handled by talk.
func answering(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go talk(conn)
		}
	}()
	return l.Addr().String()
}

// TestPatience: a server that says nothing is given up, and a signal is heard
// before that.
func TestPatience(t *testing.T) {
	address := answering(t, func(net.Conn) {})
	c, err := Dial(t.Context(), Config{Address: address, Patience: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Script(nil, nil); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("%v, want ErrNoAnswer", err)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	c, err = Dial(ctx, Config{Address: address, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
	if err := c.Script(nil, nil); !errors.Is(err, enough) {
		t.Errorf("%v, want the context's cause", err)
	}
}

// TestEndless: a server that never comes to its question does not fill the memory.
func TestEndless(t *testing.T) {
	address := answering(t, func(conn net.Conn) {
		for text := make([]byte, 4096); ; {
			if _, err := conn.Write(text); err != nil {
				return
			}
		}
	})
	c, err := Dial(t.Context(), Config{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Script([]string{"A"}, nil); !errors.Is(err, ErrEndless) {
		t.Errorf("%v, want ErrEndless", err)
	}
}
