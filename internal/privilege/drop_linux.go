package privilege

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Drop gives up root and every capability, for good and on all threads of the
// process: root behind sudo becomes the user behind it, with that user's
// groups; other root becomes nobody, or where the container has no such user,
// or lacks the right to change it, stays root without a capability. An
// ordinary user with capabilities (setcap, the private namespace) gives them
// up. Nothing executed later regains any (no_new_privs).
//
// What is open stays open: the capture's descriptor and its counters, files,
// sockets. What is opened later is opened with the rights that are left.
//
// The main goroutine must be locked to the main thread (runtime.LockOSThread in
// an init of the command): a goroutine that ends while it is locked there
// leaves a thread with every signal blocked, which cannot be reached.
//
// Drop looks at every thread in /proc/self/task afterwards; an error means that
// the process must not go on.
func Drop() (Outcome, error) {
	o := Outcome{User: User{UID: os.Getuid(), GID: os.Getgid()}}
	before, err := readThread("self")
	if err != nil {
		return o, fmt.Errorf("give up root: %w", err)
	}
	o.Capabilities = before.capabilities()
	if os.Geteuid() == 0 {
		u, found, err := Behind()
		if err != nil {
			return o, fmt.Errorf("give up root: %w", err)
		}
		if !found {
			u = nobody
		}
		switch err := become(u); {
		case err == nil:
			o.User, o.Changed = u, true
		case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EINVAL):
			o.Kept = err // not a user of this namespace, or no CAP_SETUID
		default:
			return o, fmt.Errorf("give up root: %w", err)
		}
	}
	if err := onAllThreads(func(t thread) bool { return t.bare(o) }); err != nil {
		return o, fmt.Errorf("give up root: %w", err)
	}
	return o, nil
}

// CanDrop is what would keep Drop from working, as far as it shows before: who
// opens outputs asks first, as an output that is opened is emptied.
func CanDrop() error {
	if _, err := readThread("self"); err != nil {
		return fmt.Errorf("give up root: %w", err)
	}
	_, _, err := Behind()
	return err
}

// become changes the ids of all threads: package syscall does so with and
// without cgo. Leaving uid 0 clears the capabilities as well (capabilities(7),
// "Effect of user ID changes on capabilities").
func become(u User) error {
	if err := syscall.Setgroups(u.Groups); err != nil {
		return fmt.Errorf("set the groups of %d: %w", u.UID, err)
	}
	if err := syscall.Setresgid(u.GID, u.GID, u.GID); err != nil {
		return fmt.Errorf("become group %d: %w", u.GID, err)
	}
	if err := syscall.Setresuid(u.UID, u.UID, u.UID); err != nil {
		return fmt.Errorf("become user %d: %w", u.UID, err)
	}
	return nil
}
