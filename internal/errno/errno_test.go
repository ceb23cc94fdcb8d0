package errno

import (
	"fmt"
	"net"
	"syscall"
	"testing"
)

func TestIs(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	if _, err := net.Listen("tcp", address); !Is(fmt.Errorf("listen: %w", err), syscall.EADDRINUSE) || Is(err, syscall.EACCES) {
		t.Errorf("a port that is taken: %v", err)
	}
	taken.Close()
	if _, err := net.Dial("tcp", address); !Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a port where nobody listens: %v", err)
	}
	if Is(nil, syscall.EADDRINUSE) {
		t.Error("no error is one")
	}
}
