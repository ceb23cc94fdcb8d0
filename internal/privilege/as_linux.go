package privilege

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// as does what open does with a user's rights to files, and no others: Linux
// keeps these for each thread (setfsuid(2)), so the rest of the process goes on
// as it was. The thread ends with its rights.
func as(u User, open func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked
		err := onlyFiles(u)
		if err == nil {
			err = open()
		}
		done <- err
	}()
	return <-done
}

// onlyFiles gives this thread the user's rights to files. setfsuid and setfsgid
// tell nothing of a failure, but what was before.
func onlyFiles(u User) error {
	if err := unix.Setgroups(u.Groups); err != nil {
		return fmt.Errorf("open files as user %d: set its groups: %w", u.UID, err)
	}
	_, _ = unix.SetfsgidRetGid(u.GID)
	_, _ = unix.SetfsuidRetUid(u.UID)
	gid, _ := unix.SetfsgidRetGid(-1)
	uid, _ := unix.SetfsuidRetUid(-1)
	if gid != u.GID || uid != u.UID {
		return fmt.Errorf("open files as user %d: %w", u.UID, unix.EPERM)
	}
	return nil
}
