package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// What names a file on the terminal is text, whatever the file's name.
func TestTellNamesFilesVisibly(t *testing.T) {
	for _, err := range []error{
		fail(exitFile, errors.New("open \x1b]0;x\a\n.pcap: no such file"), "look for \x1b[2J"),
		errors.New("unknown command \x1b[2J\n\nDid you mean this?\n\t\x1b[31m\n"),
	} {
		var b bytes.Buffer
		tell(&b, err)
		if strings.ContainsAny(b.String(), "\x1b\a\r\x00") {
			t.Errorf("%q", b.String())
		}
	}
	var b bytes.Buffer
	tell(&b, fail(exitFile, errors.New("open a\nb.pcap: no such file")))
	if got := b.String(); got != "handshake-lab: open a\\nb.pcap: no such file\n" {
		t.Errorf("%q", got)
	}
}
