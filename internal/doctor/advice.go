package doctor

import (
	"fmt"
	"os"
	"runtime"
)

// useLinux is the way out on a system that this program cannot capture on.
const useLinux = "use a Linux: the Windows Subsystem for Linux will do"

// WhoListens is the command that shows who listens on a TCP port.
func WhoListens(port int) string {
	switch runtime.GOOS {
	case "linux":
		return fmt.Sprintf("ss -ltnp 'sport = :%d'", port)
	case "freebsd":
		return fmt.Sprintf("sockstat -l -P tcp -p %d", port)
	case "windows":
		return "netstat -ano -p TCP"
	}
	return fmt.Sprintf("lsof -nP -iTCP:%d -sTCP:LISTEN", port)
}

// Addresses is the command that lists the addresses of this machine.
func Addresses() string {
	switch runtime.GOOS {
	case "linux":
		return "ip address"
	case "windows":
		return "ipconfig"
	}
	return "ifconfig -a"
}

// BringUp says how to bring an interface up.
func BringUp(name string) string {
	switch runtime.GOOS {
	case "linux":
		return "bring it up: sudo ip link set " + name + " up"
	case "windows":
		return "bring it up, as administrator: netsh interface set interface " + name + " enable"
	}
	return "bring it up: sudo ifconfig " + name + " up"
}

// loopback is what the loopback is called.
func loopback() string {
	switch runtime.GOOS {
	case "linux":
		return "lo"
	case "windows":
		return `\Device\NPF_Loopback`
	}
	return "lo0"
}

// PortDenied says why this system may keep a TCP port from a program.
func PortDenied() string {
	if runtime.GOOS == "windows" {
		return "Windows keeps ranges of ports to itself: netsh interface ipv4 show excludedportrange tcp; take another with --port"
	}
	return "ports below 1024 need root: take a higher one with --port"
}

// GrantCapture says how to get the right to capture without being root.
func GrantCapture() string {
	switch runtime.GOOS {
	case "windows":
		return "Npcap was installed for administrators only: run as administrator, or install it again without that"
	case "linux":
	default:
		return "let your user read /dev/bpf* (Wireshark's ChmodBPF does it at every start)"
	}
	executable, err := os.Executable()
	if err != nil {
		executable = "handshake-lab"
	}
	return "grant the capture once: sudo setcap cap_net_raw=ep " + executable
}

func captureRight() []string {
	if runtime.GOOS == "windows" {
		return []string{GrantCapture()}
	}
	return []string{"run it as root: sudo handshake-lab run", "or " + GrantCapture()}
}

// Libpcap says how to get a program that can capture.
func Libpcap() string {
	if runtime.GOOS == "windows" {
		return "install Npcap (npcap.com) and take handshake-lab-npcap.exe; or " + useLinux
	}
	return "build it with a C compiler and libpcap's headers: make build"
}
