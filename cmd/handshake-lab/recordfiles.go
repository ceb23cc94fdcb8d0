package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/handshake-lab/handshake-lab/internal/staged"
	"github.com/handshake-lab/handshake-lab/internal/wire"
)

// recordFiles are the files of --record.
type recordFiles struct{ files []*sink }

// What each of them holds, by its name's end.
var recordedEnds = []struct {
	suffix string
	holds  wire.Ends
}{{".pcapng", wire.BothEnds}, {"-client.pcapng", wire.ClientEnd}, {"-server.pcapng", wire.ServerEnd}}

// open makes the files of --record, with the rights of the user behind sudo.
func (s *stageFlags) open() (*recordFiles, error) {
	r := new(recordFiles)
	if s.record == "" {
		return r, nil
	}
	info, err := os.Stat(s.record)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no directory", s.record)
	}
	if err != nil {
		return nil, fail(exitOutput, fmt.Errorf("--record: %w", err), "make it first: mkdir "+s.record)
	}
	for _, end := range recordedEnds {
		file, err := openSink(nil, filepath.Join(s.record, s.scenario.Name+end.suffix))
		if err != nil {
			r.close()
			return nil, err
		}
		file.records = true
		r.files = append(r.files, file)
	}
	return r, nil
}

func (r *recordFiles) write(recording *staged.Recording) error {
	for i, file := range r.files {
		if err := wire.Save(file, recording.Records, recordedEnds[i].holds); err != nil {
			return saveError(err)
		}
	}
	return nil
}

func (r *recordFiles) close() (err error) {
	for _, file := range r.files {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}
	return err
}
