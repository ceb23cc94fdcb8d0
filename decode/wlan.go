package decode

import (
	"bytes"
	"encoding/binary"
)

// wlan reads an IEEE 802.11 frame; only data frames that are not encrypted
// hold anything for us.
func (w *walk) wlan() { w.wlanFrame(false, false) }

// wlanFrame is wlan, with the frame control's bytes swapped as Cisco's access
// points send them, and with the header padded to whole words.
func (w *walk) wlanFrame(swapped, padded bool) {
	const toDS, fromDS, protected, ordered = 0x01, 0x02, 0x40, 0x80
	b := w.b
	w.end()
	if len(b) < 24 {
		return
	}
	kind, flags := b[0], b[1]
	if swapped {
		kind, flags = flags, kind
	}
	isData, isNull, isQoS := kind>>2&3 == 2, kind&0x40 != 0, kind&0x80 != 0
	if !isData || isNull || flags&protected != 0 {
		return
	}
	size := 24
	if flags&(toDS|fromDS) == toDS|fromDS {
		size += 6
	}
	aggregate := false
	if isQoS {
		if len(b) < size+2 {
			return
		}
		aggregate = b[size]&0x80 != 0
		size += 2
		if flags&ordered != 0 {
			size += 4
		}
	}
	if padded {
		size = (size + 3) &^ 3
	}
	if !w.skip(size) {
		return
	}
	if !aggregate && len(w.b) >= 14 && (bytes.Equal(w.b[:6], b[4:10]) || bytes.Equal(w.b[6:12], b[10:16])) {
		w.next = layerEthernet // some devices put whole frames there, with the same addresses again
		return
	}
	if aggregate { // the first subframe: two addresses, a length, LLC
		if len(w.b) < 14 {
			return
		}
		length := int(binary.BigEndian.Uint16(w.b[12:]))
		w.skip(14)
		w.clip(length)
	}
	w.next = layerLLC
}

// radiotap goes past a radiotap header; its flags tell of a frame check
// sequence and of padding (https://www.radiotap.org).
func (w *walk) radiotap() {
	const hasTSFT, hasFlags, more = 1 << 0, 1 << 1, 1 << 31
	const withFCS, withPadding = 0x10, 0x20
	w.end()
	if len(w.b) < 8 {
		return
	}
	size := int(binary.LittleEndian.Uint16(w.b[2:]))
	present := binary.LittleEndian.Uint32(w.b[4:])
	if size < 8 || size > len(w.b) {
		return
	}
	at := 8
	for word := present; word&more != 0 && at+4 <= size; at += 4 {
		word = binary.LittleEndian.Uint32(w.b[at:])
	}
	var flags byte
	if present&hasFlags != 0 {
		if present&hasTSFT != 0 {
			at = (at+7)&^7 + 8
		}
		if at < size {
			flags = w.b[at]
		}
	}
	w.skip(size)
	if flags&withFCS != 0 {
		w.clip(w.n - 4)
	}
	w.wlanFrame(false, flags&withPadding != 0)
}

// prism goes past the header of Prism cards, under whose link type AVS's is
// found too.
func (w *walk) prism() {
	w.end()
	if len(w.b) < 8 {
		return
	}
	if binary.BigEndian.Uint32(w.b)>>12 == 0x80211 {
		w.avs()
		return
	}
	const size = 144
	w.then(size, layerWLAN, 0)
}

// avs goes past an AVS header: a version, then its own length.
func (w *walk) avs() {
	w.end()
	if len(w.b) >= 8 {
		w.then(int(binary.BigEndian.Uint32(w.b[4:])&0xffff), layerWLAN, 0)
	}
}

// ppi goes past a per-packet information header to the link type it names;
// its field on 802.11 tells of a frame check sequence.
func (w *walk) ppi() {
	const wlanCommon, withFCS = 2, 1
	w.end()
	if len(w.b) < 8 {
		return
	}
	size := int(binary.LittleEndian.Uint16(w.b[2:]))
	inner := binary.LittleEndian.Uint32(w.b[4:])
	if size < 8 || size > len(w.b) {
		return
	}
	fcs := false
	for at := 8; at+4 <= size; {
		field, length := binary.LittleEndian.Uint16(w.b[at:]), int(binary.LittleEndian.Uint16(w.b[at+2:]))
		if field == wlanCommon && length >= 10 && at+14 <= size {
			fcs = binary.LittleEndian.Uint16(w.b[at+12:])&withFCS != 0
		}
		at += 4 + length
	}
	w.skip(size)
	if fcs {
		w.clip(w.n - 4)
	}
	w.linkInside(inner)
}
