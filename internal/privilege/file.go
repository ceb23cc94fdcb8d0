package privilege

import (
	"fmt"
	"os"
)

// Create opens a file for writing and empties one that is there. A new file belongs to the
// user behind sudo, where there is one; a file that was there keeps its owner.
func Create(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if os.IsExist(err) { // or a link to nowhere, a device, a pipe
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	}
	if err != nil {
		return nil, err
	}
	if err := ForUser(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ForUser gives a file or directory that this process has just made to the
// user behind sudo. It does nothing where there is none, and never touches a
// device, a pipe or a socket.
func ForUser(f *os.File) error {
	u, found, err := Behind()
	if err != nil || !found {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	if err := f.Chown(u.UID, u.GID); err != nil {
		return fmt.Errorf("give it to user %d: %w", u.UID, err)
	}
	return nil
}

// Chown is ForUser for a path; a link itself is given, not what it points to.
func Chown(path string) error {
	u, found, err := Behind()
	if err != nil || !found {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	if err := os.Lchown(path, u.UID, u.GID); err != nil {
		return fmt.Errorf("give it to user %d: %w", u.UID, err)
	}
	return nil
}
