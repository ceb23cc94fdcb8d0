package privilege

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// thread is what /proc says of one thread: credentials are a thread's own in
// Linux, and a process is as privileged as its most privileged thread.
type thread struct {
	id            int
	state         string
	uids, gids    string // real, effective, saved, file system: "0 0 0 0"
	inh, prm, eff uint64
	noNewPrivs    bool
	sawNoNewPrivs bool // Linux 4.10 and later say it
}

// readThread reads one of /proc/self/task, or the calling thread: "self".
func readThread(name string) (thread, error) {
	path := "/proc/self/task/" + name + "/status"
	if name == "self" {
		path = "/proc/thread-self/status"
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return thread{}, err
	}
	var t thread
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.Join(strings.Fields(value), " ")
		switch key {
		case "State":
			t.state = value[:1]
		case "Pid":
			t.id, err = strconv.Atoi(value)
		case "Uid":
			t.uids = value
		case "Gid":
			t.gids = value
		case "CapInh":
			t.inh, err = strconv.ParseUint(value, 16, 64)
		case "CapPrm":
			t.prm, err = strconv.ParseUint(value, 16, 64)
		case "CapEff":
			t.eff, err = strconv.ParseUint(value, 16, 64)
		case "NoNewPrivs":
			t.noNewPrivs, t.sawNoNewPrivs = value == "1", true
		}
		if err != nil {
			return thread{}, fmt.Errorf("%s: %s: %w", path, key, err)
		}
	}
	if t.uids == "" || t.state == "" {
		return thread{}, fmt.Errorf("%s: no credentials in it", path)
	}
	return t, nil
}

// capabilities reports whether the thread has any, or could raise one. Ambient
// ones are always permitted ones too.
func (t thread) capabilities() bool { return t.prm|t.eff|t.inh != 0 }

// bare reports whether nothing is left on the thread of what o has given up.
func (t thread) bare(o Outcome) bool {
	if t.state == "Z" || t.state == "X" { // it has ended
		return true
	}
	if o.Changed {
		uid, gid := strconv.Itoa(o.User.UID), strconv.Itoa(o.User.GID)
		if t.uids != strings.Join([]string{uid, uid, uid, uid}, " ") || t.gids != strings.Join([]string{gid, gid, gid, gid}, " ") {
			return false
		}
	}
	return !t.capabilities() && (t.noNewPrivs || !t.sawNoNewPrivs)
}

// threads lists this process's threads, leaving out those that end meanwhile.
func threads() ([]thread, error) {
	dir, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil, err
	}
	list := make([]thread, 0, len(dir))
	for _, entry := range dir {
		t, err := readThread(entry.Name())
		if err != nil {
			if _, gone := os.Stat("/proc/self/task/" + entry.Name()); os.IsNotExist(gone) {
				continue
			}
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}
