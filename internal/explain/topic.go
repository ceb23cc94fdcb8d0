// Package explain is the reference behind "handshake-lab explain": the TCP
// header, its fields, flag bytes, bits and options, the connection states, the
// socket calls, the verdicts, and what the program's own words mean. Find finds
// a topic, Topics lists them, and a Topic renders itself as text.
package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handshake-lab/handshake-lab/decode"
	"github.com/handshake-lab/handshake-lab/internal/nearby"
)

// Topic is one page of the reference.
type Topic struct {
	Name  string // what to ask for: "seq", "SYN-SENT", "connect"
	Group string // where it belongs in a list: "header", "flags", "options", …
	Title string // "Sequence Number, bits 32-63"
	Help  string // one sentence
	Ref   string // "RFC 9293 §3.1"

	aliases []string
	body    []block
}

// The groups, in the order in which they are listed.
const (
	groupHeader    = "header"
	groupFlags     = "flags"
	groupOptions   = "options"
	groupHandshake = "handshake"
	groupStates    = "states"
	groupCalls     = "socket calls"
	groupLab       = "reading the picture"
	groupVerdicts  = "verdicts"
)

// Topics lists every topic that has a name, group by group, for help and
// completion. Find knows more: any flag byte, any bit or range of bits, any
// completeness.
func Topics() []Topic {
	var all []Topic
	for _, list := range [...][]Topic{headerTopics(), flagTopics(), optionTopics(), lessonTopics(),
		labHandshakeTopics(), labDataTopics(), stateTopics(), callTopics(), programTopics(), connectionTopics(), labTopics(), filterTopics(), verdictTopics()} {
		all = append(all, list...)
	}
	return all
}

// Find returns the topic that the words ask for, however they are written:
// "seq", "tcp.seq_raw" and "Sequence Number" are one; so are "00010010",
// "0x12", "SA", "SYN+ACK", "[S.]" and "syn,ack". No words at all ask for the
// header. A number alone is an option, else a completeness, else a bit.
//
// The error for words that mean nothing names topics that are written nearly
// so.
func Find(words string) (Topic, error) {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" {
		words = "header"
	}
	topics := Topics()
	if key := plain(words); key == "topics" || key == "list" {
		return index(topics), nil
	}
	if t, ok := named(topics, words); ok {
		return t, nil
	}
	for _, read := range [...]func(string) (Topic, bool, error){number, flagByte, bits, completenessOf, optionOf} {
		if t, ok, err := read(words); ok || err != nil {
			return t, err
		}
	}
	return Topic{}, unknown(topics, words)
}

// index lists the names of all topics, group by group.
func index(topics []Topic) Topic {
	var groups []string
	names := map[string][]string{}
	for _, t := range topics {
		if names[t.Group] == nil {
			groups = append(groups, t.Group)
		}
		names[t.Group] = append(names[t.Group], t.Name)
	}
	list := rows{}
	for _, group := range groups {
		list = append(list, [2]string{group, strings.Join(names[group], ", ")})
	}
	return Topic{Name: "topics", Title: "Topics",
		Help: "What can be explained, besides any flag byte (0x12, SA, [S.]), bits (104-111) and completeness (31).",
		body: []block{list}}
}

// named looks the words up among the names and aliases, first as they are
// written: ack is the number, ACK the flag.
func named(topics []Topic, words string) (Topic, bool) {
	for _, t := range topics {
		if t.Name == words || slices.Contains(t.aliases, words) {
			return t, true
		}
	}
	key := plain(words)
	same := func(name string) bool {
		if key == "" {
			return strings.EqualFold(name, words)
		}
		return plain(name) == key
	}
	for _, t := range topics {
		if same(t.Name) || slices.ContainsFunc(t.aliases, same) {
			return t, true
		}
	}
	return Topic{}, false
}

// plain reduces a name to what matters: small letters and digits.
func plain(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), "()")
	if strings.ContainsAny(name, "+,|[]:") { // these belong to flag bytes and addresses
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// Line is what stands beside the name in a list: the title, or the sentence
// where the title says no more than the name.
func (t Topic) Line() string {
	if t.Title == verdictTitle+t.Name {
		return t.Help
	}
	return t.Title
}

// unknown is the error for words that mean nothing.
func unknown(topics []Topic, words string) error {
	near := nearest(topics, plain(words))
	if len(near) == 0 {
		return fmt.Errorf("unknown topic %q: want a header field, a flag byte, bits, an option, a state, "+
			"a socket call, a verdict", words)
	}
	return fmt.Errorf("unknown topic %q: did you mean %s?", words, strings.Join(near, ", "))
}

// nearest lists up to three topics whose name or an alias is near to the key,
// the nearest first.
func nearest(topics []Topic, key string) []string {
	var byDistance [nearby.Far][]string
	for _, t := range topics {
		best := nearby.Far
		for _, name := range append([]string{t.Name}, t.aliases...) {
			best = min(best, nearby.Distance(key, plain(name)))
		}
		if best < nearby.Far {
			byDistance[best] = append(byDistance[best], t.Name)
		}
	}
	var near []string
	for _, names := range byDistance {
		near = append(near, names...)
	}
	return near[:min(len(near), 3)]
}

// bitRange writes the bits of a field: "bits 32-63", "bit 110".
func bitRange(f decode.Field) string { return spanText(f.Offset, f.End()) }

func spanText(first, last int) string {
	if first == last {
		return fmt.Sprintf("bit %d", first)
	}
	return fmt.Sprintf("bits %d-%d", first, last)
}
