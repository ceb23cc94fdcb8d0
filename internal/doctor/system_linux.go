package doctor

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// capabilityNames are those the lab has to do with.
var capabilityNames = []struct {
	bit  uint
	name string
}{
	{unix.CAP_NET_RAW, "net_raw"}, {unix.CAP_NET_ADMIN, "net_admin"}, {unix.CAP_SYS_ADMIN, "sys_admin"},
}

// capabilities says what this process may do.
func capabilities() []Check {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return []Check{{"capabilities", Info, "cannot be read: " + err.Error(), nil}}
	}
	effective := uint64(data[1].Effective)<<32 | uint64(data[0].Effective)
	var has []string
	for _, c := range capabilityNames {
		if effective&(1<<c.bit) != 0 {
			has = append(has, c.name)
		}
	}
	found := fmt.Sprintf("uid %d", os.Geteuid())
	switch {
	case effective == 0:
		found += ", no capabilities"
	case len(has) == 0:
		found += ", none that the lab can use"
	default:
		found += ", " + strings.Join(has, ", ")
	}
	return []Check{{Name: "capabilities", Level: Info, Found: found}}
}

// sysctls that decide about namespaces, those that there are.
func sysctls() []Check {
	var found []string
	for _, s := range []struct{ path, name string }{
		{"/proc/sys/user/max_user_namespaces", "user.max_user_namespaces"},
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "kernel.apparmor_restrict_unprivileged_userns"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone"},
	} {
		if text, err := os.ReadFile(s.path); err == nil {
			found = append(found, s.name+" = "+strings.TrimSpace(string(text)))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return []Check{{Name: "sysctl", Level: Info, Found: strings.Join(found, ", ")}}
}

// container looks for the traces of one: a container has its own rules about
// captures and namespaces.
func container() Check {
	where := ""
	cgroup, _ := os.ReadFile("/proc/1/cgroup")
	switch {
	case exists("/.dockerenv"):
		where = "Docker (/.dockerenv)"
	case exists("/run/.containerenv"):
		where = "Podman (/run/.containerenv)"
	case os.Getenv("container") != "":
		where = os.Getenv("container")
	default:
		for _, word := range []string{"docker", "kubepods", "containerd", "libpod", "lxc"} {
			if strings.Contains(string(cgroup), word) {
				where = word + " (/proc/1/cgroup)"
				break
			}
		}
	}
	if where == "" {
		return Check{Name: "container", Found: "none"}
	}
	return Check{Name: "container", Level: Info, Found: "inside " + where + "; the loopback is the container's own"}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
