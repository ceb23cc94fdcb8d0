// Package privilege gives up what the lab needed root for. The order is:
// outputs are opened (Create), then the capture, then Drop; from there on the
// program reads hostile bytes with the rights of an ordinary user.
package privilege

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// User is whom a process works for.
type User struct {
	UID, GID int
	Groups   []int  // supplementary groups, GID among them
	Name     string // "" where the system knows no name
}

// Outcome is what Drop has done.
type Outcome struct {
	User         User  // who the process is now
	Changed      bool  // whether it was somebody else before
	Kept         error // why it could not become another user and has only given up its capabilities; nil where it did, or need not
	Capabilities bool  // whether it had any to give up
	Emulated     bool  // an emulator runs it, whose own threads keep what they have
}

// String is a line for a verbose mode.
func (o Outcome) String() string {
	name := o.User.Name
	if name == "" {
		name = "uid " + strconv.Itoa(o.User.UID)
	}
	switch {
	case o.Changed:
		return "root given up, now " + name
	case o.Kept != nil:
		return fmt.Sprintf("all capabilities given up, still %s (%v)", name, o.Kept)
	case o.Capabilities:
		return "all capabilities given up, still " + name
	}
	return "nothing to give up, still " + name
}

// ErrNoUser is wrapped by the errors for a user behind sudo that cannot be one.
var ErrNoUser = errors.New("is no id")

// nobody is the user without rights, where there is no user behind root.
var nobody = User{UID: 65534, GID: 65534, Name: "nobody"}

// Behind is the user behind sudo, from SUDO_UID and SUDO_GID, and whether
// there is one: only for root, as the two say nothing otherwise, and never
// root itself. Variables that are no ids are an error.
func Behind() (User, bool, error) { return behind(os.Geteuid(), os.Getenv) }

func behind(euid int, getenv func(string) string) (User, bool, error) {
	if euid != 0 || getenv("SUDO_UID") == "" {
		return User{}, false, nil
	}
	uid, err := id("SUDO_UID", getenv)
	if err != nil || uid == 0 {
		return User{}, false, err
	}
	gid, err := id("SUDO_GID", getenv)
	if err != nil {
		return User{}, false, err
	}
	u := User{UID: uid, GID: gid, Groups: []int{gid}}
	known, err := user.LookupId(strconv.Itoa(uid))
	if err != nil { // a user without an entry has the groups of sudo's word only
		return u, true, nil
	}
	u.Name = known.Username
	if groups, err := known.GroupIds(); err == nil {
		for _, group := range groups {
			if n, err := strconv.ParseUint(group, 10, 32); err == nil && int(n) != gid {
				u.Groups = append(u.Groups, int(n))
			}
		}
	}
	return u, true, nil
}

// id reads a user or group id; 2^32 - 1 means "leave as it is" to the kernel
// and is none.
func id(name string, getenv func(string) string) (int, error) {
	n, err := strconv.ParseUint(getenv(name), 10, 32)
	if err != nil || n == 1<<32-1 {
		return 0, fmt.Errorf("environment variable %s=%q %w", name, getenv(name), ErrNoUser)
	}
	return int(n), nil
}
