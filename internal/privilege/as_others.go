//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package privilege

import (
	"errors"
	"fmt"
	"syscall"
)

// as does what open does as a user. Here a process has one user at a time: it
// is called before anything else is done.
func as(u User, open func() error) (err error) {
	groups, err := syscall.Getgroups()
	if err != nil {
		return fmt.Errorf("open files as user %d: %w", u.UID, err)
	}
	gid := syscall.Getegid()
	defer func() {
		err = errors.Join(err, syscall.Seteuid(0), syscall.Setegid(gid), syscall.Setgroups(groups))
	}()
	if err := syscall.Setgroups(u.Groups[:min(len(u.Groups), 16)]); err != nil {
		return fmt.Errorf("open files as user %d: set its groups: %w", u.UID, err)
	}
	if err := syscall.Setegid(u.GID); err != nil {
		return fmt.Errorf("open files as user %d: %w", u.UID, err)
	}
	if err := syscall.Seteuid(u.UID); err != nil {
		return fmt.Errorf("open files as user %d: %w", u.UID, err)
	}
	return open()
}
