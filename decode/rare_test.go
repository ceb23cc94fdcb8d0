package decode

import (
	"strings"
	"testing"
)

// nsh is a network service header (RFC 8300 §2.2), metadata of type 1, before a
// packet, a frame or labels.
func nsh(next, inner string) string {
	return "0fc6 01" + next + " 00000101 " + strings.Repeat("00", 16) + " " + inner
}

// TestRareWays: what few captures have. tshark reads each of them likewise, but for
// three link types that it does not know (205, 206, 219) and the LAN identifier of a
// bridge, which it takes for a part of the frame.
func TestRareWays(t *testing.T) {
	for _, r := range []row{
		{"BSD loopback with an EtherType", 0, "00000800 " + ip4 + syn},
		{"BSD loopback with PPP", 0, "ff03 0021 " + ip4 + syn},
		{"OpenBSD loopback, IPv6", 108, "00000018 " + ip6 + syn},
		{"OpenBSD's IPsec, little endian", 109, "02000000 00000000 00000000 " + ip4 + syn},
		{"OpenBSD's IPsec, big endian", 109, "00000002 00000000 00000000 " + ip4 + syn},
		{"Linux cooked with GRE", 113, "0000 030a 0004 c0000201 00000000 0800 " + ip4 + syn},
		{"PPP with MPLS", 9, "ff03 0281 00064140 " + ip4 + syn},
		{"PPP, bridged", 9, "ff03 0031 00 01 " + eth4},
		{"PPP, bridged on a LAN", 9, "ff03 0031 40 01 00000001 " + eth4},
		{"PPP with a direction", 204, "00 ff03 0021 " + ip4 + syn},
		{"Cisco HDLC with a direction", 205, "00 0f00 0800 " + ip4 + syn},
		{"Frame Relay with a direction", 206, "00 0441 03 cc " + ip4 + syn},
		{"Cisco HDLC under PPP's type", 50, "0f00 0800 " + ip4 + syn},
		{"Cisco HDLC with an ISO protocol", 104, "0f00 fefe 03 cc " + ip4 + syn},
		{"Frame Relay, IPv6", 107, "0441 03 8e " + ip6 + syn},
		{"Frame Relay with padding and SNAP", 107, "0441 03 00 80 000000 0800 " + ip4 + syn},
		{"Frame Relay with PPP", 107, "0441 03 cf 0021 " + ip4 + syn},
		{"MPLS", 219, "00064140 " + ip4 + syn},
		{"ATM, LLC", 100, snap4},
		{"ATM, bridged", 100, "aaaa03 0080c2 0007 0000 " + eth4},
		{"ATM, ISO", 100, "fefe03 cc " + ip4 + syn},
		{"ATM of SunATM", 123, "02 00 0005 " + snap4},
		{"classical IP over ATM", 106, ip4 + syn},
		{"IP over Fibre Channel", 122, "0000020000000002 0000020000000001 " + snap4},
		{"ARCNET of BSD, IPv6", 7, "0102 c4 000001 " + ip6 + syn},
		{"ARCNET of BSD, an exception", 7, "0102 d4 ff ffff 00 00 0001 " + ip4 + syn},
		{"Prism", 119, "44000000 90000000 " + strings.Repeat("00", 136) + " " + wlan4},
		{"AVS under Prism's type", 119, "80211001 00000040 " + strings.Repeat("00", 56) + " " + wlan4},
		{"802.11 with PPI and a checksum", 192, "0000 2000 69000000 0200 1400 0000000000000000 0100 " + strings.Repeat("00", 10) + " " + wlan4 + "deadbeef"},
		{"Juniper PPP", 179, "4d4743 00 ff03 0021 " + ip4 + syn},
		{"Juniper Frame Relay", 180, "4d4743 00 0441 03 cc " + ip4 + syn},
		{"Juniper HDLC", 181, "4d4743 00 0f00 0800 " + ip4 + syn},
		{"Juniper Ethernet with extensions", 178, "4d4743 80 0004 02010100 " + eth4},
		{"Juniper without its link layer", 178, "4d4743 02 02000000 " + ip4 + syn},

		over("IEEE 802.3 with LLC", "002b 060603 "+ip4+syn),
		over("TRILL", "22f3 003f 0001 0002 "+eth4),
		over("network service header, a frame", "894f "+nsh("03", eth4)),
		over("network service header, IPv4", "894f "+nsh("01", ip4+syn)),
		over("network service header, IPv6", "894f "+nsh("02", ip6+syn)),
		over("network service header, MPLS", "894f "+nsh("05", "00064140 "+ip4+syn)),
		over("Cisco metadata", "8909 0101 0001 0005 0800 "+ip4+syn),
		over("virtual NIC tag", "8926 00000001 0800 "+ip4+syn),
		over("E-tag", "893f 0000 0001 0000 0800 "+ip4+syn),
		over("LLC of jumbo frames", "8870 "+snap4),

		in4("ERSPAN of type III", "2f", "1000 22eb 00000001 2000 0000 00000000 00000000 "+eth4),
		in4("ERSPAN of type III with its subheader", "2f", "1000 22eb 00000001 2000 0000 00000000 00000001 00000000 00000000 "+eth4),
		in4("ERSPAN of type I", "2f", "0000 88be "+eth4),
		in4("GRE with a route", "2f", "4000 0800 0000 0000 0002 0004 c0000201 0000 0000 "+ip4+syn),
		in4("GRE, MPLS", "2f", "0000 8847 00064140 "+ip4+syn),

		inUDP("VXLAN-GPE with a network service header", 4790, "0c000004 00000500 "+nsh("03", eth4)),
		inUDP("GTP of old", 3386, "1e ff 0028 0000 0000 ff ffffff 0000000000000000 "+ip4+syn),
		inUDP("Teredo with authentication", 3544, "0001 00 00 0000000000000000 00 "+ip6+syn),
		inUDP("LISP", 4341, "00000000 00000000 "+ip4+syn),
		inUDP("MPLS in UDP", 6635, "00064140 "+ip4+syn),
		inUDP("L2TP with length, sequence and offset", 1701, "4a02 0044 0001 0001 0000 0000 0002 0000 ff03 0021 "+ip4+syn),
		inUDP("LWAPP", 12222, "00 00 0000 0000 "+wlan4),
		inUDP("TZSP", 37008, "01 00 0001 01 "+eth4),
		inUDP("TZSP with tags", 37008, "01 00 0001 00 0a 01 c8 01 "+eth4),
		inUDP("TZSP, 802.11", 37008, "01 00 0012 01 "+wlan4),
	} {
		r.check(t)
	}
}
