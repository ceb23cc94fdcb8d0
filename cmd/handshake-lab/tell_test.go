package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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

// A viewer who quits while a client is talking ends the talk, and that is no failure
// of the network.
func TestAnEndAskedForIsNoFailure(t *testing.T) {
	for _, cause := range []error{errEnough, errInterrupt, errTerminate} {
		err := fmt.Errorf("talk with 127.0.0.1:6000: %w", cause)
		if networkError(err) != nil || dialError(err, "127.0.0.1:6000") != nil || faultOfCause(cause) != nil {
			t.Errorf("%v is a failure", err)
		}
	}
	if networkError(errors.New("reset")) == nil {
		t.Error("a reset is no failure")
	}
}

func faultOfCause(cause error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	return faultOf(ctx)
}
