// Package live captures packets as they pass, through libpcap. It is the only
// package that imports gopacket/pcap and the only one that needs cgo: built
// without cgo it has the same API, and everything in it returns ErrNoLibpcap. On
// Windows it needs no cgo but the build tag npcap, and Npcap.
//
// Open the capture before the traffic begins: once Open has returned, nothing
// that matches is missed, the first SYN included.
package live
