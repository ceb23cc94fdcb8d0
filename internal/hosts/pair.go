package hosts

import "net/netip"

// Family is the version of IP that the two hosts of a Pair speak.
type Family uint8

// The families.
const (
	IPv4 Family = iota
	IPv6
)

// The addresses of the two hosts of a Pair, client first: of the ranges that are set
// apart for documentation (RFC 5737, RFC 3849), so that nothing is reached by them
// even where a packet got out.
var addresses = [...][2]netip.Addr{
	IPv4: {netip.AddrFrom4([4]byte{192, 0, 2, 10}), netip.AddrFrom4([4]byte{198, 51, 100, 20})},
	IPv6: {netip.MustParseAddr("2001:db8:1::10"), netip.MustParseAddr("2001:db8:2::20")},
}

// HostConfig says what one of the two hosts is like.
type HostConfig struct {
	MTU     int               // of its device; 0: 1500
	Sysctls map[string]string // "net.ipv4.tcp_ecn" → "1", set before anything is sent
}

// MissingSysctl is a setting that this kernel does not have, or does not let be
// changed.
type MissingSysctl struct {
	Name, Value string
	Err         error
}

// Error says which, and why.
func (e *MissingSysctl) Error() string {
	return "this kernel does not take " + e.Name + "=" + e.Value + ": " + e.Err.Error()
}

// Unwrap is what the system said.
func (e *MissingSysctl) Unwrap() error { return e.Err }

// usual is what both hosts have in common, so that a lab goes the same way on
// every machine. What a kernel lacks of it is left out.
var usual = [][2]string{
	{"net.ipv4.tcp_congestion_control", "reno"},
	{"net.ipv4.tcp_rmem", "4096 131072 6291456"}, // window scale 7
	{"net.ipv4.tcp_no_metrics_save", "1"},
	{"net.ipv4.tcp_ecn", "0"},
	{"net.ipv4.tcp_syn_linear_timeouts", "0"}, // the SYN again after 1, 2, 4 s (RFC 6298 §5.5)
	{"net.ipv4.tcp_early_retrans", "0"},       // no tail loss probes, which come or not as the machine is busy
}

// alone keeps a host of IPv6 from talking to neighbours of which there are none, and
// gives it no address but the one that it is given.
var alone = [][2]string{
	{"net.ipv6.conf." + hostDevice + ".addr_gen_mode", "1"},
	{"net.ipv6.conf." + hostDevice + ".accept_ra", "0"},
	{"net.ipv6.conf." + hostDevice + ".router_solicitations", "0"},
	{"net.ipv6.conf." + hostDevice + ".accept_dad", "0"},
}

// hostDevice is what a host's only network device is called.
const hostDevice = "eth0"
