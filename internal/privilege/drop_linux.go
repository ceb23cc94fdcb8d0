package privilege

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
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
// the process must not go on. Where an emulator runs the program, the emulator's own
// threads are there too, and out of reach: Outcome.Emulated.
func Drop() (Outcome, error) {
	o := Outcome{User: User{UID: os.Getuid(), GID: os.Getgid()}}
	before, err := readThread("self")
	if err != nil {
		return o, fmt.Errorf("give up root: %w", err)
	}
	o.Capabilities = before.capabilities()
	emulated, patience := isEmulated(before.id), 2*time.Second // looked at while /proc shows it
	if emulated {
		patience /= 10
	}
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
	switch err := onAllThreads(func(t thread) bool { return t.bare(o) }, patience); {
	case errors.Is(err, errKeeps) && emulated:
		o.Emulated = true
	case err != nil:
		return o, fmt.Errorf("give up root: %w", err)
	}
	return o, nil
}

// isEmulated reports whether another program, such as qemu, runs this one: it shows the
// process its own file, but not so on the way round by a thread.
func isEmulated(thread int) bool {
	own, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return false
	}
	real, err := os.Readlink(fmt.Sprintf("/proc/self/task/%d/exe", thread))
	return err == nil && real != own
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
