package hosts

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// step is how far the making of a namespace came.
type step uint8

const (
	starting step = iota // the clone, the id maps, the start of the program
	loopback             // bringing the loopback up, inside
)

// system is what the kernel says of itself; tests put their own in its place.
type system struct {
	read       func(path string) string // a file's text without blanks around it; "" where there is none
	executable string                   // where this program lies
}

// thisSystem reads /proc.
func thisSystem() system {
	executable, err := os.Executable()
	if err != nil {
		executable = "/usr/local/bin/handshake-lab"
	}
	return system{executable: executable, read: func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(text))
	}}
}

const (
	sysctlAppArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
	sysctlClone    = "/proc/sys/kernel/unprivileged_userns_clone" // Debian's and Arch's own
	sysctlUser     = "/proc/sys/user/max_user_namespaces"
	sysctlNet      = "/proc/sys/user/max_net_namespaces"
)

// The ways that are left where no namespace can be made.
const (
	remedyRoot   = "run it as root, which captures the host's own loopback: sudo handshake-lab run"
	remedySetcap = "or grant the capture once: sudo setcap cap_net_raw=ep %s"
)

// explain translates what the system said into its cause and its remedy.
func (s system) explain(at step, err error) *Unavailable {
	ways := []string{remedyRoot, fmt.Sprintf(remedySetcap, s.executable)}
	u := &Unavailable{Err: err, Cause: Denied, remedy: ways}
	var errno syscall.Errno
	errors.As(err, &errno)
	denied := errno == syscall.EPERM || errno == syscall.EACCES
	switch {
	case denied && s.read(sysctlAppArmor) == "1":
		u.Cause = AppArmor
		u.Detail = "AppArmor keeps ordinary users from user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)"
		u.remedy = append(appArmorProfile(s.executable), "or "+remedyRoot, ways[1])
	case denied && s.read(sysctlClone) == "0":
		u.Cause = Switch
		u.Detail = "user namespaces are switched off for ordinary users (kernel.unprivileged_userns_clone is 0)"
	case errno == syscall.EPERM && at == starting && s.seccomp():
		u.Cause = Seccomp
		u.Detail = "a seccomp filter forbids new namespaces, as it does in containers"
		u.remedy = []string{
			"in a container be root in it, with the capability NET_RAW (docker run --user 0 --cap-add NET_RAW): run then captures the container's own loopback",
			"or start the container with a seccomp profile that allows clone with CLONE_NEWUSER and CLONE_NEWNET",
			ways[1],
		}
	case denied && at == loopback:
		u.Detail = "the namespace was made, but its loopback may not be brought up: a security module takes its rights away"
	case denied:
		u.Detail = "the system forbids new namespaces (a container, a chroot or a security module)"
	case errno == syscall.ENOSPC || errno == syscall.EUSERS:
		u.Cause = Limit
		u.Detail, u.remedy = s.limit()
		u.remedy = append(u.remedy, "or "+remedyRoot, ways[1])
	case errno == syscall.EINVAL || errno == syscall.ENOSYS:
		u.Cause = NoKernel
		u.Detail = "this kernel has no user or network namespaces (CONFIG_USER_NS, CONFIG_NET_NS)"
	case errno == syscall.ENOENT && at == starting:
		u.Cause = NoProc
		u.Detail = "the program cannot start itself again through /proc/self/exe; is /proc mounted?"
		u.remedy = append([]string{"mount it: sudo mount -t proc proc /proc"}, ways...)
	case at == loopback:
		u.Detail = "its loopback could not be brought up"
	default:
		u.Detail = "the program could not be started in it"
	}
	return u
}

// seccomp reports whether a filter lies over this process.
func (s system) seccomp() bool {
	for line := range strings.Lines(s.read("/proc/self/status")) {
		if mode, ok := strings.CutPrefix(line, "Seccomp:"); ok {
			return strings.TrimSpace(mode) == "2"
		}
	}
	return false
}

// limit names the sysctl that is used up: ENOSPC, "no space left on device",
// is never about a disk here.
func (s system) limit() (detail string, remedy []string) {
	for _, sysctl := range []struct{ path, name string }{
		{sysctlUser, "user.max_user_namespaces"}, {sysctlNet, "user.max_net_namespaces"},
	} {
		if s.read(sysctl.path) == "0" {
			return sysctl.name + " is 0, no namespace may be made",
				[]string{"allow them: sudo sysctl -w " + sysctl.name + "=1024"}
		}
	}
	return fmt.Sprintf("all namespaces this user may have are in use (user.max_user_namespaces is %s)", s.read(sysctlUser)),
		[]string{"end programs that hold namespaces (lsns shows them), or raise user.max_user_namespaces"}
}

// appArmorProfile is the advice for Ubuntu 23.10 and later: a profile for this
// program alone, which leaves the system's restriction standing.
func appArmorProfile(executable string) []string {
	return []string{
		"allow it for this program alone; save this profile as /etc/apparmor.d/handshake-lab:",
		"  abi <abi/4.0>,",
		"  include <tunables/global>",
		"  profile handshake-lab " + executable + " flags=(unconfined) {",
		"    userns,",
		"  }",
		"then load it: sudo apparmor_parser -r /etc/apparmor.d/handshake-lab",
	}
}
