package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/internal/scenarios"
	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/timeline"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// A recording of both ends of a cable is told as run tells what it has staged: with
// what was lost and when each segment arrived. It is a scenario's, a file that run
// has recorded, or two files, one an end.

// openBothEnds opens what is a recording of both ends; nil where path names none.
// more is the capture of the other end; "" for none.
func (a *app) openBothEnds(ctx context.Context, path, more string) (*staged.Recording, error) {
	switch {
	case more != "":
		return a.join(ctx, path, more)
	case scenarios.Is(path):
		s, err := scenarios.Find(path)
		if err != nil || s.Both() == nil {
			return nil, nil // whoever opens it next says what is wrong
		}
		return load(bytes.NewReader(s.Both()), s.Name)
	}
	if size, regular := sizeOf(path); !regular || size > bothEndsMost {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil
	}
	defer file.Close()
	if !isOfBothEnds(file) {
		return nil, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fileError(err)
	}
	return load(file, "")
}

// bothEndsMost is the size of a file that is looked at for both ends: it is held whole.
const bothEndsMost = 64 << 20

func isOfBothEnds(r io.Reader) bool {
	file, err := capture.NewReader(r)
	if err != nil {
		return false
	}
	defer file.Close()
	return file.Next(new(capture.Packet)) == nil && wire.IsOfBothEnds(file.Section())
}

func load(r io.Reader, scenario string) (*staged.Recording, error) {
	file, err := capture.NewReader(r)
	if err != nil {
		return nil, fileError(err)
	}
	defer file.Close()
	records, err := wire.Load(file)
	if err != nil {
		return nil, fileError(err)
	}
	recording := &staged.Recording{Records: records}
	if s, err := staged.Find(scenario); err == nil {
		recording.Scenario = s
	}
	return recording, nil
}

// join puts the captures of two ends together, and says how their clocks were fitted.
func (a *app) join(ctx context.Context, first, second string) (*staged.Recording, error) {
	if first == "-" || second == "-" {
		return nil, useError("save it to a file first", "two captures are read as files, not from standard input")
	}
	one, closeOne, err := a.openFile(ctx, first)
	if err != nil {
		return nil, err
	}
	defer closeOne()
	two, closeTwo, err := a.openFile(ctx, second)
	if err != nil {
		return nil, err
	}
	defer closeTwo()
	joined, err := wire.Join(one, two)
	switch {
	case errors.Is(err, wire.ErrNothingInCommon):
		return nil, fail(exitFile, fmt.Errorf("%s and %s: %w", first, second, err),
			"each is to be of one end of the same connections; a device that changes addresses or ports between them cannot be seen through")
	case err != nil:
		return nil, fileError(fmt.Errorf("%s and %s: %w", first, second, err))
	}
	client, server := first, second
	if joined.Swapped {
		client, server = second, first
	}
	a.say("%s is the client's end, %s the server's: %s in both", client, server, stand(joined.Both, "segment"))
	a.say("%s", fitText(joined))
	return &staged.Recording{Records: joined.Records}, nil
}

// stand is "1 segment stands", "2 segments stand".
func stand(n int, what string) string {
	if n == 1 {
		return plural(n, what) + " stands"
	}
	return plural(n, what) + " stand"
}

// fitText says how the clocks were fitted.
func fitText(j *wire.Joined) string {
	ahead, by := "ahead", j.Offset
	if by < 0 {
		ahead, by = "behind", -by
	}
	text := fmt.Sprintf("the server's clock is %v %s of the client's", by.Round(time.Microsecond), ahead)
	if j.OneWay {
		return text + ": so it is if the quickest segment needed no time, as segments of one direction alone stand in both"
	}
	return text + fmt.Sprintf(": so it is if the quickest segments needed as long there as back, %v together", j.Trip.Round(time.Microsecond))
}

// tellBothEnds shows a recording of both ends.
func (a *app) tellBothEnds(ctx context.Context, recording *staged.Recording, sink timeline.Sink, to *report) error {
	err := recording.Tell(ctx, sink)
	if ctx.Err() != nil && !isOutputFailure(err) {
		err = nil // who has left need not see the rest
	}
	if closed := to.Close(); err == nil {
		err = closed
	}
	if ctx.Err() == nil && err == nil {
		lost := 0
		for _, r := range recording.Records {
			if r.Fate == wire.Lost {
				lost++
			}
		}
		a.say("%s, %d of them lost on the way", plural(len(recording.Records), "packet"), lost)
	}
	return err
}
