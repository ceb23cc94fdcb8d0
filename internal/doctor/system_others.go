//go:build !linux

package doctor

import "runtime"

func capabilities() []Check { return nil }

func sysctls() []Check { return nil }

func container() Check {
	return Check{Name: "container", Level: Info, Found: "not looked for on " + runtime.GOOS}
}

func captureRemedy() []string {
	if runtime.GOOS == "windows" {
		return []string{"use a Linux: the Windows Subsystem for Linux will do"}
	}
	return []string{
		"run it as root: sudo handshake-lab run",
		"or let your user read /dev/bpf* (Wireshark's ChmodBPF does it at every start)",
	}
}
