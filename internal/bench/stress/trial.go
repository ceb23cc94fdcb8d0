//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// end is how a run is ended.
type end struct {
	name   string
	signal syscall.Signal // 0: the pipe is closed
}

var ends = []end{{"closed pipe", 0}, {"SIGINT", syscall.SIGINT}, {"SIGTERM", syscall.SIGTERM}, {"SIGKILL", syscall.SIGKILL}}

// trial is one run.
type trial struct {
	number int
	args   []string
	file   string // with -w
	user   account
	end    end
	after  time.Duration
	reads  bool // somebody reads what it prints
}

func (t *trial) String() string {
	read := "read"
	if !t.reads {
		read = "unread"
	}
	return fmt.Sprintf("run %d: %s after %v, %s, as %s: handshake-lab %s", t.number, t.end.name, t.after, read, t.user, strings.Join(t.args, " "))
}

// invent makes up the trial with this number.
func (s *stressing) invent(number int, random *rand.Rand) trial {
	t := trial{
		number: number,
		user:   s.users[number%len(s.users)],
		end:    ends[random.IntN(len(ends))],
		after:  time.Duration(random.IntN(1500)) * time.Millisecond,
		reads:  random.IntN(4) > 0,
		file:   filepath.Join(s.folder, fmt.Sprintf("%d.pcapng", number)),
	}
	if random.IntN(3) == 0 {
		t.file = strings.TrimSuffix(t.file, "ng")
	}
	t.args = []string{"run", "--net", "private", "-w", t.file, "--clients", strconv.Itoa(1 + random.IntN(60))}
	if t.user.id == 0 && random.IntN(3) == 0 { // on the host, each with a port of its own
		t.args[2] = "host"
		t.args = append(t.args, "--port", strconv.Itoa(21000+number%10000))
	}
	for _, choice := range [][]string{{"--repeat", "2000"}, {"--stay"}, {"--pace", "50ms"}, {"--backlog", "1"}, {"--view", "segments"}} {
		if random.IntN(3) == 0 {
			t.args = append(t.args, choice...)
		}
	}
	return t
}

// account is who a run belongs to.
type account struct {
	name    string
	id, gid uint32
	own     bool // the one who runs this
}

func (u account) String() string { return u.name }

// users are root and an ordinary user, or only who we are.
func users() []account {
	me := account{name: "user " + strconv.Itoa(os.Geteuid()), id: uint32(os.Geteuid()), own: true}
	if me.id != 0 {
		return []account{me}
	}
	me.name = "root"
	nobody := account{name: "nobody", id: 65534, gid: 65534}
	if found, err := user.Lookup("nobody"); err == nil {
		id, _ := strconv.ParseUint(found.Uid, 10, 32)
		gid, _ := strconv.ParseUint(found.Gid, 10, 32)
		nobody.id, nobody.gid = uint32(id), uint32(gid)
	}
	return []account{me, nobody}
}

// attributes make it a process group of its own, so that nothing is left behind
// where it hangs.
func (u account) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if !u.own {
		a.Credential = &syscall.Credential{Uid: u.id, Gid: u.gid}
	}
	return a
}
