package privilege

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// keeper is this program, started once more before root is given up, with the rights
// that there were. It is told beforehand which files it is about, so that whoever has
// taken over the process that reads hostile bytes can say no more than which of them
// are whole. Where nothing is said, as that process was killed, it puts all away.
type keeper struct {
	cmd  *exec.Cmd
	said io.WriteCloser
	errs bytes.Buffer
}

// keeperMark names the variable of the environment that makes this program a keeper.
const keeperMark = "HANDSHAKE_LAB_PUTS_IN_PLACE"

// newKeeper starts one; nil where this process gives up nothing that it would need.
func newKeeper(list []replacement) (*keeper, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	k := &keeper{cmd: exec.Command("/proc/self/exe")}
	k.cmd.Args = os.Args[:1:1]
	for _, one := range list {
		force := ""
		if one.force {
			force = "force"
		}
		k.cmd.Args = append(k.cmd.Args, one.temp, one.path, force)
	}
	k.cmd.Env = append(os.Environ(), keeperMark+"=1")
	k.cmd.Stderr = &k.errs
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	if k.said, err = k.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := k.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program once more to put files in their places: %w", err)
	}
	return k, nil
}

// finish says which files are whole, and waits until all are where they belong.
func (k *keeper) finish(list []replacement, whole func(int) bool) error {
	words := make([]byte, len(list))
	for i := range words {
		if words[i] = '-'; whole(i) {
			words[i] = '+'
		}
	}
	_, _ = k.said.Write(words)
	k.said.Close()
	if err := k.cmd.Wait(); err != nil {
		if text := strings.TrimSpace(k.errs.String()); text != "" {
			return errors.New(text)
		}
		return err
	}
	return nil
}

// Keep is the keeper's life; false where this process is none.
func Keep() (code int, is bool) {
	if os.Getenv(keeperMark) == "" {
		return 0, false
	}
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	names := os.Args[1:]
	words, _ := io.ReadAll(io.LimitReader(os.Stdin, int64(len(names))))
	complete := len(words) == len(names)/3
	for i := 0; i+2 < len(names); i += 3 {
		one := replacement{names[i], names[i+1], names[i+2] != ""}
		whole := complete && words[i/3] == '+'
		if err := one.settle(whole); err != nil && whole {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	return code, true
}

// keepOwner gives a file the owner of the one whose place it takes, as root can.
func keepOwner(file *os.File, old os.FileInfo) {
	if stat, ok := old.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		_ = file.Chown(int(stat.Uid), int(stat.Gid))
	}
}
