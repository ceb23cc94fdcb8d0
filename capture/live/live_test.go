//go:build cgo && !windows

package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
)

// loopback is the loopback interface's name.
func loopback(t testing.TB) string {
	t.Helper()
	i, err := Default()
	if err != nil || !i.Loopback {
		t.Fatalf("no loopback interface is up: %v", err)
	}
	return i.Name
}

// open starts a capture, or skips where the right to is missing.
func open(t testing.TB, c Config) *Handle {
	t.Helper()
	h, err := Open(c)
	if errors.Is(err, ErrPermission) {
		t.Skip("capturing needs cap_net_raw (root)")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// listen accepts connections on 127.0.0.1, says hello and closes after the peer.
func listen(t testing.TB) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.WriteString(c, "Welcome!\n")
				io.Copy(io.Discard, c)
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr)
}

// talk holds one dialogue and returns its client port once the server, too,
// has closed.
func talk(t testing.TB, to *net.TCPAddr) int {
	t.Helper()
	c, err := net.DialTCP("tcp4", nil, to)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	buf := make([]byte, 16)
	if _, err := c.Read(buf); err != nil {
		t.Fatal(err)
	}
	c.CloseWrite()
	if _, err := c.Read(buf); err != io.EOF {
		t.Fatalf("the server did not close: %v", err)
	}
	return c.LocalAddr().(*net.TCPAddr).Port
}

// collect reads to the end and returns what a packet's ports and flags are.
func collect(t testing.TB, h *Handle) (packets []capture.Packet) {
	t.Helper()
	for {
		var p capture.Packet
		err := h.Next(&p)
		if err == io.EOF {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Data = slices.Clone(p.Data)
		packets = append(packets, p)
	}
}

func drain(t testing.TB, h *Handle) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

const isSYN = 0x02

// tcp gives the ports and flags of an Ethernet frame with IPv4 and TCP.
func tcp(data []byte) (src, dst int, flags byte) {
	if len(data) < 54 || data[12] != 8 || data[13] != 0 || data[23] != 6 {
		return 0, 0, 0
	}
	return int(data[34])<<8 | int(data[35]), int(data[36])<<8 | int(data[37]), data[47]
}

func TestDialogueIsWhole(t *testing.T) {
	to := listen(t)
	for _, name := range []string{loopback(t), AnyInterface} {
		for _, filter := range []string{fmt.Sprintf("tcp port %d", to.Port), fmt.Sprintf("tcp port %d or udp", to.Port), ""} {
			t.Run(name+" "+filter, func(t *testing.T) {
				h := open(t, Config{Interface: name, Filter: filter, Sentinel: true})
				const dialogues = 20
				for range dialogues {
					talk(t, to)
				}
				drain(t, h)
				time.Sleep(20 * time.Millisecond) // what comes now is not ours
				packets := collect(t, h)
				syns := 0
				for i, p := range packets {
					if p.Number != i+1 || !p.Time.Known || p.Time.Digits != 9 || p.Length < len(p.Data) {
						t.Fatalf("packet %d: %+v", i+1, p)
					}
					if h.sentinel.what(p.Data) != 0 {
						t.Fatal("the sentinel was shown")
					}
					if _, dst, flags := tcp(p.Data); dst == to.Port && flags == isSYN {
						syns++
					}
				}
				if name != AnyInterface && syns != dialogues {
					t.Errorf("%d first SYNs of %d", syns, dialogues)
				}
				s, err := h.Stats()
				if err != nil {
					t.Fatal(err)
				}
				if s.Captured != len(packets) || s.Lost() != 0 {
					t.Errorf("%d packets, stats %+v", len(packets), s)
				}
				if filter != "" && !strings.Contains(filter, "udp") && s.Received != len(packets) {
					t.Errorf("%d packets, stats %+v", len(packets), s)
				}
				if h.hidden.Load() == 0 {
					t.Error("no sentinel was seen")
				}
			})
		}
	}
}

// A SYN, SYN+ACK, ACK, the greeting, its ACK, FIN, FIN, ACK: each once.
func TestLoopbackHandsEachPacketOutOnce(t *testing.T) {
	to := listen(t)
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port), Sentinel: true})
	client := talk(t, to)
	drain(t, h)
	seen := map[string]int{}
	for _, p := range collect(t, h) {
		src, _, _ := tcp(p.Data)
		seen[fmt.Sprintf("%t %x", src == client, p.Data[18:])]++ // from the IP identification on
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%d times: %s", n, key)
		}
	}
	if len(seen) < 7 {
		t.Errorf("%d packets", len(seen))
	}
}

func TestNoFirstSYNIsMissed(t *testing.T) {
	name := loopback(t)
	open(t, Config{Interface: name}).Close() // skips here
	const runs, atOnce = 500, 10             // opening and closing takes the kernel 40 ms
	var group sync.WaitGroup
	for range atOnce {
		to := listen(t)
		group.Go(func() {
			for i := range runs / atOnce {
				if err := firstSYN(t, name, to); err != nil {
					t.Errorf("run %d: %v", i, err)
					return
				}
			}
		})
	}
	group.Wait()
}

// firstSYN opens a capture, holds a dialogue and looks at what came first of
// it. The server of the dialogue before may still be closing.
func firstSYN(t *testing.T, name string, to *net.TCPAddr) error {
	h, err := Open(Config{Interface: name, Filter: fmt.Sprintf("tcp port %d", to.Port), Sentinel: true, Buffer: 1 << 20})
	if err != nil {
		return err
	}
	defer h.Close()
	c, err := net.DialTCP("tcp4", nil, to)
	if err != nil {
		return err
	}
	own := c.LocalAddr().(*net.TCPAddr).Port
	c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		return err
	}
	for {
		var p capture.Packet
		err := h.Next(&p)
		if err != nil {
			return fmt.Errorf("nothing of port %d: %w", own, err)
		}
		switch src, dst, flags := tcp(p.Data); {
		case src == own && flags == isSYN:
			return nil
		case src == own || dst == own:
			return fmt.Errorf("it begins with flags %#x, %d to %d", flags, src, dst)
		}
	}
}

func TestStopAndClose(t *testing.T) {
	name := loopback(t)
	end := func(t *testing.T, h *Handle, stop func()) {
		got := make(chan error, 1)
		go func() {
			for {
				if err := h.Next(new(capture.Packet)); err != nil {
					got <- err
					return
				}
			}
		}()
		time.Sleep(30 * time.Millisecond)
		begin := time.Now()
		stop()
		select {
		case err := <-got:
			if err != io.EOF {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("Next still waits")
		}
		if took := time.Since(begin); took > 2*time.Second { // 20 ms on a free machine
			t.Errorf("took %v", took)
		}
	}
	t.Run("stop", func(t *testing.T) {
		h := open(t, Config{Interface: name, Filter: "tcp port 1"})
		end(t, h, h.Stop)
	})
	t.Run("close", func(t *testing.T) {
		h := open(t, Config{Interface: name, Filter: "tcp port 1"})
		end(t, h, func() { h.Close() })
		if _, err := h.Stats(); err != nil {
			t.Error(err)
		}
		h.Close()
		h.Stop()
	})
	t.Run("drain without a sentinel", func(t *testing.T) {
		h := open(t, Config{Interface: name, Filter: "tcp port 1"})
		end(t, h, func() { drain(t, h) })
	})
	t.Run("stop under load", func(t *testing.T) {
		to := listen(t)
		h := open(t, Config{Interface: name, Filter: fmt.Sprintf("tcp port %d", to.Port)})
		quit := make(chan bool)
		defer close(quit)
		go func() {
			for {
				select {
				case <-quit:
					return
				default:
					if c, err := net.DialTCP("tcp4", nil, to); err == nil {
						c.Close()
					}
				}
			}
		}()
		end(t, h, h.Stop)
	})
}

func TestWaitingForASlowConsumer(t *testing.T) {
	to := listen(t)
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port), Sentinel: true})
	talk(t, to)
	if err := h.Next(new(capture.Packet)); err != nil {
		t.Fatal(err)
	}
	for range 3000 { // for several times as long as the ring lasts: packets are taken from it although nobody asks for them
		talk(t, to)
	}
	drain(t, h)
	n := 1 + len(collect(t, h))
	if s, _ := h.Stats(); s.Lost() != 0 || s.Captured != n {
		t.Errorf("%d packets, %+v", n, s)
	}
}

// The drainer takes over in each pause, and hands back after it: nothing is
// lost, and nothing overtakes what is older.
func TestConsumerThatPauses(t *testing.T) {
	to := listen(t)
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port), Sentinel: true})
	talking := make(chan bool)
	go func() {
		defer close(talking)
		defer h.Stop() // the end even where talking fails
		for begin := time.Now(); time.Since(begin) < time.Second; {
			talk(t, to)
		}
		drain(t, h)
	}()
	n, stoodIn := 0, 0
	var p capture.Packet
	var last int64
	for h.Next(&p) == nil {
		n++
		if at := p.Time.UnixNano(); at < last-int64(patience/2) { // two processors' clocks and turns differ by far less
			t.Fatalf("packet %d was captured %v before the one before it", n, time.Duration(last-at))
		} else {
			last = at
		}
		if h.consumer.queueHasMore {
			stoodIn++
		}
		if n%2000 == 0 {
			time.Sleep(2 * (patience + yieldEvery + drainEvery))
		}
	}
	<-talking
	if s, _ := h.Stats(); s.Lost() != 0 || s.Captured != n {
		t.Errorf("%d packets, %+v", n, s)
	}
	if stoodIn == 0 || stoodIn == n {
		t.Errorf("%d of %d packets came by the drainer", stoodIn, n)
	}
}

// AtHand gives time to write what is held back: where nothing comes, and once
// for as long as the timeout where something always does.
func TestAtHand(t *testing.T) {
	to := listen(t)
	timeout := 5 * time.Millisecond
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port), Timeout: timeout})
	for range 3 {
		begin := time.Now()
		if h.AtHand() {
			t.Error("a packet where there is no traffic")
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("it waited for %v", took)
		}
	}
	go func() {
		defer h.Stop()
		for begin := time.Now(); time.Since(begin) < 300*time.Millisecond; {
			talk(t, to)
		}
	}()
	var first, last int64
	told, n := 0, 0
	var p capture.Packet
	for {
		if !h.AtHand() {
			told++
		}
		if h.Next(&p) != nil {
			break
		}
		if n++; n == 1 {
			first = p.Time.UnixNano()
		}
		last = p.Time.UnixNano()
	}
	took := time.Duration(last - first)
	if least, most := int(took/timeout)/20, int(took/timeout)+20; told < least || told > most {
		t.Errorf("told %d times in %d packets of %v: want %d to %d", told, n, took, least, most)
	}
	if n < 100 {
		t.Errorf("only %d packets", n)
	}
}

// Who may rest does so in front of the ring, once.
func TestConsumerRests(t *testing.T) {
	to := listen(t)
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("tcp port %d", to.Port)})
	h.AtHand()      // the ring is the consumer's from here on
	for range 100 { // a stall in here makes it late, and who is late does not rest
		begin := time.Now()
		h.consumer.pacing.flushedAt, h.consumer.pacing.resting = begin.UnixNano(), true
		h.AtHand()
		if h.consumer.pacing.resting {
			t.Fatal("it looked into the ring, and may rest again before anything was written")
		}
		if time.Since(begin) >= restFor {
			return
		}
	}
	t.Error("it never rested")
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
		want   error
		text   string
	}{
		{"interface", Config{Interface: "nowhere0"}, ErrNoInterface, `interface "nowhere0": no such interface; there are: `},
		{"filter word", Config{Interface: loopback(t), Filter: "tcp prt 80"}, ErrFilter, `filter "tcp prt 80": `},
		{"filter breaking out", Config{Interface: loopback(t), Filter: "tcp) or (udp", Sentinel: true}, ErrFilter, "syntax error"},
		{"filter with NUL", Config{Interface: loopback(t), Filter: "tcp\x00"}, ErrFilter, "NUL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := Open(c.config)
			if errors.Is(err, ErrPermission) {
				t.Skip("capturing needs cap_net_raw (root)")
			}
			if err == nil {
				h.Close()
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%v", err)
			}
		})
	}
}

// The test runs itself as an ordinary user.
func TestPermission(t *testing.T) {
	if os.Getenv("LIVE_TEST_AS_NOBODY") != "" {
		_, err := Open(Config{Interface: loopback(t)})
		if !errors.Is(err, ErrPermission) || err.Error() != "capture on "+loopback(t)+": operation not permitted" {
			t.Errorf("%v", err)
		}
		if _, err := Open(Config{Interface: "nowhere0"}); !errors.Is(err, ErrNoInterface) {
			t.Errorf("%v", err)
		}
		if _, err := CompileFilter(capture.LinkEthernet, 1600, "tcp"); err != nil {
			t.Errorf("a filter for a file needs no right: %v", err)
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("becoming another user needs cap_setuid (root)")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/var/tmp", "live") // reachable for that user
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0o755)
	program, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/live.test", program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(dir+"/live.test", "-test.run=^TestPermission$")
	cmd.Env = append(os.Environ(), "LIVE_TEST_AS_NOBODY=1")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A device that goes down, and one that is taken away, end the capture.
func TestInterfaceFails(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"down", []string{"link", "set", "hslab0", "down"}},
		{"deleted", []string{"link", "del", "hslab0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, err := exec.Command("ip", "link", "add", "hslab0", "type", "veth", "peer", "name", "hslab1").CombinedOutput(); err != nil {
				t.Skipf("making an interface needs cap_net_admin and ip: %v %s", err, out)
			}
			defer exec.Command("ip", "link", "del", "hslab0").Run()
			exec.Command("ip", "link", "set", "hslab0", "up").Run()
			h := open(t, Config{Interface: "hslab0", Promiscuous: true})
			time.AfterFunc(50*time.Millisecond, func() { exec.Command("ip", c.args...).Run() })
			time.AfterFunc(3*time.Second, h.Stop)
			for {
				err := h.Next(new(capture.Packet))
				if err == nil {
					continue
				}
				if !errors.Is(err, ErrDown) && !errors.Is(err, ErrNoInterface) {
					t.Errorf("%v", err)
				} else {
					t.Log(err)
				}
				return
			}
		})
	}
}

func TestInterfaces(t *testing.T) {
	list, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		if i.Loopback && i.Up && len(i.Addresses) > 0 && i.LinkKnown {
			return
		}
	}
	t.Errorf("no loopback in %+v", list)
}

// Wire to Next at 10,000 packets a second.
func TestLag(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	port := conn.LocalAddr().(*net.UDPAddr).Port
	h := open(t, Config{Interface: loopback(t), Filter: fmt.Sprintf("udp dst port %d", port), Sentinel: true})
	go func() {
		begin := time.Now()
		for sent := 0; sent < 10_000; {
			for due := int(time.Since(begin) / (100 * time.Microsecond)); sent < due && sent < 10_000; sent++ {
				conn.WriteTo([]byte("lag"), conn.LocalAddr())
			}
			time.Sleep(50 * time.Microsecond)
		}
		drain(t, h)
	}()
	var lags []time.Duration
	for {
		var p capture.Packet
		err := h.Next(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		lags = append(lags, time.Since(time.Unix(p.Time.Sec, int64(p.Time.Nsec))))
	}
	if len(lags) != 10_000 {
		t.Fatalf("%d packets", len(lags))
	}
	slices.Sort(lags)
	t.Logf("median %v, p99 %v", lags[len(lags)/2], lags[len(lags)*99/100])
}
