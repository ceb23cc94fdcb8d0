//go:build unix && !linux

package privilege

import (
	"fmt"
	"syscall"
)

// become changes the ids of the process. A process has at most 16 groups on
// some of these systems; those beyond are left out.
func become(u User) error {
	if err := syscall.Setgroups(u.Groups[:min(len(u.Groups), 16)]); err != nil {
		return fmt.Errorf("set the groups of %d: %w", u.UID, err)
	}
	if err := syscall.Setgid(u.GID); err != nil {
		return fmt.Errorf("become group %d: %w", u.GID, err)
	}
	if err := syscall.Setuid(u.UID); err != nil {
		return fmt.Errorf("become user %d: %w", u.UID, err)
	}
	return nil
}
