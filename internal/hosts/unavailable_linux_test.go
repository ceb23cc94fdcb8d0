package hosts

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
)

// Kernels that are not at hand, by what they answer and what their /proc holds.
func TestExplain(t *testing.T) {
	const seccomp = "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1"
	tests := []struct {
		name   string
		at     step
		err    syscall.Errno
		proc   map[string]string
		cause  Cause
		detail string
		remedy string
	}{
		{"Ubuntu 24.04, refused at the start", starting, syscall.EACCES, map[string]string{sysctlAppArmor: "1"}, AppArmor, "apparmor_restrict_unprivileged_userns is 1", "userns,"},
		{"Ubuntu 24.04, rights taken inside", loopback, syscall.EPERM, map[string]string{sysctlAppArmor: "1"}, AppArmor, "apparmor_restrict_unprivileged_userns is 1", "profile handshake-lab /opt/lab/handshake-lab flags=(unconfined)"},
		{"Ubuntu, restriction lifted, container", starting, syscall.EPERM, map[string]string{sysctlAppArmor: "0", "/proc/self/status": seccomp}, Seccomp, "seccomp", "--cap-add NET_RAW"},
		{"Debian 10", starting, syscall.EPERM, map[string]string{sysctlClone: "0"}, Switch, "unprivileged_userns_clone is 0", "sudo handshake-lab run"},
		{"no filter, no sysctl", starting, syscall.EPERM, nil, Denied, "forbids new namespaces", "setcap cap_net_raw=ep /opt/lab/handshake-lab"},
		{"all in use", starting, syscall.ENOSPC, map[string]string{sysctlUser: "12"}, Limit, "in use (user.max_user_namespaces is 12)", "lsns"},
		{"set to 0", starting, syscall.ENOSPC, map[string]string{sysctlUser: "0"}, Limit, "user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces="},
		{"network namespaces set to 0", starting, syscall.ENOSPC, map[string]string{sysctlUser: "9", sysctlNet: "0"}, Limit, "user.max_net_namespaces is 0", "sysctl -w user.max_net_namespaces="},
		{"Linux before 4.9", starting, syscall.EUSERS, map[string]string{sysctlUser: "9"}, Limit, "in use", "lsns"},
		{"kernel without them", starting, syscall.EINVAL, nil, NoKernel, "CONFIG_USER_NS", "sudo handshake-lab run"},
		{"no /proc", starting, syscall.ENOENT, nil, NoProc, "is /proc mounted", "mount -t proc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := system{executable: "/opt/lab/handshake-lab", read: func(path string) string { return test.proc[path] }}
			u := s.explain(test.at, &os.PathError{Op: "fork/exec", Path: "/proc/self/exe", Err: test.err})
			if u.Cause != test.cause || !strings.Contains(u.Detail, test.detail) {
				t.Errorf("cause %d, %q; want %d, %q", u.Cause, u.Detail, test.cause, test.detail)
			}
			remedy := strings.Join(u.Remedy(), "\n")
			if !strings.Contains(remedy, test.remedy) {
				t.Errorf("remedy %q lacks %q", remedy, test.remedy)
			}
			if strings.Contains(remedy, "apparmor_restrict_unprivileged_userns=0") {
				t.Error("advises switching the system's protection off")
			}
			if !errors.Is(u, ErrUnavailable) || !errors.Is(u, test.err) {
				t.Errorf("%v is not both unavailable and %v", u, test.err)
			}
		})
	}
}
