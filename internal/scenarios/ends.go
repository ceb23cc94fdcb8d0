package scenarios

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/handshake-lab/handshake-lab/capture"
	"github.com/handshake-lab/handshake-lab/capture/savefile"
	"github.com/handshake-lab/handshake-lab/testdata"
)

// The scenarios that the lab stages are recorded at both ends of a cable, in one file
// with two interfaces. Each file says of itself what it is a recording of; where one
// end alone is shown it is the one that tells more.

// folder is where these lie.
const folder = "lab"

// bothEnds are they, by name: what their files say of themselves.
func bothEnds() map[string]Scenario {
	found := map[string]Scenario{}
	entries, err := fs.ReadDir(testdata.Recordings, folder)
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		s := Scenario{both: path.Join(folder, e.Name())}
		file, err := capture.NewReader(bytes.NewReader(s.Both()))
		if err == nil {
			err = file.Next(new(capture.Packet)) // which the section stands before
		}
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(file.Section().Comment) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "scenario":
				s.Name = value
			case "sentence":
				s.Sentence = value
			case "verdict":
				s.Verdict = value
			case "stream":
				s.Stream, _ = strconv.Atoi(value)
			case "end":
				s.end = slices.Index([]string{"client", "server"}, value)
			}
		}
		file.Close()
		found[s.Name] = s
	}
	return found
}

// Both is the recording of both ends of the cable, a pcapng file; nil where there is
// none of the scenario.
func (s Scenario) Both() []byte {
	if s.both == "" {
		return nil
	}
	recording, err := testdata.Recordings.ReadFile(s.both)
	if err != nil {
		panic(err) // a test reads every one
	}
	return recording
}

// oneEnd is what a recording of both ends holds of one, as a capture file of its own.
func oneEnd(both []byte, end int) []byte {
	file, err := capture.NewReader(bytes.NewReader(both))
	if err != nil {
		panic(err)
	}
	defer file.Close()
	var out bytes.Buffer
	var writer *savefile.Writer
	for number := 1; ; {
		var p capture.Packet
		err := file.Next(&p)
		if err == io.EOF {
			return out.Bytes()
		}
		if err == nil && writer == nil {
			writer, err = savefile.NewWriter(&out, capture.PCAPNG, capture.Section{}, file.Interfaces()[end:end+1])
		}
		if err == nil && p.Interface == end {
			p.Interface, p.Number, p.Comment = 0, number, ""
			number++
			err = writer.Append(&p)
		}
		if err == nil {
			err = writer.Flush()
		}
		if err != nil {
			panic(err) // a test reads every one
		}
	}
}
