package hosts

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// TestPair makes two hosts, as root and as an ordinary user: each has a device and an
// address of its own, a setting that the kernel lacks is said, and Close leaves
// nothing behind.
func TestPair(t *testing.T) {
	needNamespaces(t)
	for _, uid := range users() {
		out, err := play(uid, "parent", "pair").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "nothing is left") {
			t.Errorf("as uid %d: %v\n%s", uid, err, out)
		}
	}
}

// pair is what TestPair does inside.
func pair() error {
	devices := func() (names []string) {
		list, _ := net.Interfaces()
		for _, i := range list {
			names = append(names, i.Name)
		}
		return names
	}
	before := fmt.Sprint(devices())
	p, err := NewPair(IPv4, HostConfig{MTU: 1000, Sysctls: map[string]string{"net.ipv4.tcp_sack": "0"}}, HostConfig{})
	if err != nil {
		return err
	}
	var inside, mtu, sack, other string
	for _, h := range []*Host{p.Client, p.Server} {
		err := h.Do(func() error {
			list, err := net.Interfaces()
			for _, i := range list {
				addrs, _ := i.Addrs()
				inside += fmt.Sprint(i.Name, addrs)
				if i.Name == hostDevice && h == p.Client {
					mtu = fmt.Sprint(i.MTU)
				}
			}
			text, _ := os.ReadFile("/proc/sys/net/ipv4/tcp_sack")
			if h == p.Client {
				sack = strings.TrimSpace(string(text))
			} else {
				other = strings.TrimSpace(string(text))
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	switch {
	case !strings.Contains(inside, "eth0[192.0.2.10/32") || !strings.Contains(inside, "eth0[198.51.100.20/32"):
		return fmt.Errorf("the hosts have %s", inside)
	case mtu != "1000" || sack != "0" || other != "1":
		return fmt.Errorf("MTU %s, SACK at the client %s, at the server %s", mtu, sack, other)
	}
	var missing *MissingSysctl
	if _, err := NewPair(IPv4, HostConfig{}, HostConfig{Sysctls: map[string]string{"net.ipv4.tcp_no_such_thing": "1"}}); !errors.As(err, &missing) || missing.Name != "net.ipv4.tcp_no_such_thing" {
		return fmt.Errorf("a setting that there is not: %v", err)
	}
	p.Close()
	for range 200 {
		if fmt.Sprint(devices()) == before {
			fmt.Println("nothing is left")
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("left are %v, before there were %s", devices(), before)
}
