package server

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Linux keeps the backlog of a listening socket in tcpi_sacked.
func TestBacklogReachesListen(t *testing.T) {
	most := 4096
	if b, err := os.ReadFile("/proc/sys/net/core/somaxconn"); err == nil {
		most, _ = strconv.Atoi(strings.TrimSpace(string(b)))
	}
	for _, backlog := range []int{0, 1, DefaultBacklog, 100} {
		s := start(t, Config{Backlog: backlog})
		raw, err := s.listener.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		raw.Control(func(fd uintptr) {
			info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				t.Fatal(err)
			}
			if int(info.Sacked) != min(backlog, most) {
				t.Errorf("the kernel has a backlog of %d, want %d", info.Sacked, backlog)
			}
		})
	}
}

func TestPlainTCPWithoutKeepAlive(t *testing.T) {
	s := start(t, Config{Backlog: 5})
	raw, err := s.listener.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		if protocol, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PROTOCOL); err != nil || protocol != unix.IPPROTO_TCP {
			t.Errorf("protocol %d, %v, want TCP", protocol, err)
		}
	})
	expect(t, dial(t, s), opening)
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		raw, _ := conn.SyscallConn()
		raw.Control(func(fd uintptr) {
			if on, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_KEEPALIVE); err != nil || on != 0 {
				t.Errorf("keep-alive is %d, %v, want off", on, err)
			}
		})
	}
}
