package conversation

import "github.com/handshake-lab/handshake-lab/capture"

// mark remembers that something happened: in which frame first and last, and
// how often.
type mark struct{ first, last, count uint32 }

// marks are one mark of each kind. Most conversations have none, and room for
// them only once there is something to remark.
type marks struct {
	set  kinds
	room *remarks // set wherever a mark has ever been
}

// remarks are the marks, and what is known besides of what they stand for.
type remarks struct {
	at            [markCount]mark
	quoted        string       // what the first ICMP error said
	quotedBy      string       // and who sent it
	quotedMTU     uint32       // bytes
	bigSeq        uint32       // the number of what markBigAgain counts
	bigFrom       Side         // who sent it
	alone         bool         // and nothing came from the peer since it was first sent
	lacks         Side         // who tells by SACK that it lacks something
	stalled       Side         // who announced a window of 0 first
	wrongBy       int32        // by how much a SYN+ACK's, or a third step's, acknowledgment is off
	againTS       uint32       // the timestamp of the latest SYN
	lacksSince    capture.Time // since when
	lacksTo       uint32       // up to this number
	changed       uint32       // how the SYN that was answered differs from the first
	againFrom     [2]int       // the first segment of each end that was sent again and not acknowledged since
	againTo       [2]int       // and its latest repetition
	shutAt        capture.Time // since when a window is 0
	longest       int64        // the longest time that a window was 0; nanoseconds
	replacedAfter int64        // nanoseconds from the last segment to the SYN that took the ports
	elsewhere     *elsewhere   // what came from, or went to, another address
	copiedSYN     int          // the latest second copy of the SYN
	serverSYN     capture.Time // when the server's own SYN came
	crossAt       int          // the client's SYN+ACK
	crossTime     capture.Time // and when it came
}

// kinds is a set of kinds of marks, a bit each.
type kinds uint64

func (m mark) firstFrame() int { return int(m.first) }
func (m mark) lastFrame() int  { return int(m.last) }

// What is marked while a conversation goes on, for its verdict.
const (
	markSYNAgain          = iota // the SYN was sent again
	markSYNChanged               // and what it offers had changed
	markSYNNotTaken              // the SYN was sent again although a SYN+ACK had come
	markSYNACKAgain              // the SYN+ACK was sent again
	markACKBeforeAgain           // the client's ACK stood before a repeated SYN+ACK
	markAgainOnData              // the SYN+ACK came again right behind data
	markACKLost                  // the ACK that completes echoes a SYN+ACK that had been answered before
	markSYNArrived               // the SYN+ACK echoes a SYN that was repeated since
	markQueueFull                // the server took no connection until it had served others
	markWrongAck                 // a SYN+ACK that does not acknowledge the SYN
	markSecondISN                // a SYN+ACK with another number than the one before
	markBadSum                   // a SYN+ACK whose checksum is wrong
	markUnsigned                 // a SYN+ACK without the signature that the SYN had
	markSigned                   // the SYN carries a signature
	markWrongThird               // a third step that acknowledges what the server did not send
	markChallenge                // an ACK in answer to a SYN that an existing connection got
	markAckedSYN                 // an ACK without SYN that acknowledges the SYN
	markSurvived                 // the connection that a SYN seemed to replace went on
	markGoesOn                   // it goes on as the next stream
	markDisowned                 // an RST to an answer that is not to the SYN
	markServerSYN                // the server sent a SYN of its own
	markSimultaneousOpen         // SYNs crossed
	markSplit                    // the server's SYN was the answer to the client's
	markSimultaneousClose        // FINs crossed
	markResetIgnored             // an RST that does not count
	markResetWithoutACK          // an RST without ACK to an end in SYN-SENT
	markChallengeACK             // a challenge ACK in answer to an RST
	markForeignReset             // an RST whose TTL is not that of the end's other segments
	markEarlyReset               // an RST that acknowledges what it cannot have received yet
	markResetCopied              // an RST that looks like what it answers
	markLateReset                // an RST behind the end
	markLateFIN                  // a FIN behind the end
	markResetOnData              // an RST that answers data
	markUnknown                  // an RST as it comes from an end that knows nothing of the connection
	markUnanswered               // an RST after keep-alives that nobody answered
	markReplaced                 // a new SYN took the ports
	markZeroWindow               // an end announced a window of 0
	markWindowOpen               // the window opened again after that
	markProbe                    // a closed window was probed
	markProbeAnswered            // and the probe answered
	markKeepAlive                // a keep-alive
	markAgain                    // data or FIN sent again
	markBigAgain                 // the same segment of full size sent again
	markSmaller                  // data sent again after ICMP had refused its size
	markHalfCloseData            // data from one end after it had acknowledged the other's FIN
	markQuoteUnreachable         // ICMP: destination unreachable
	markQuoteProhibited          // ICMP: administratively prohibited
	markQuoteTooBig              // ICMP: fragmentation needed, packet too big
	markQuoteOther               // ICMP: another error, as time exceeded
	markLost                     // a gap: segments that were not captured
	markMissing                  // an end tells by SACK that it lacks something
	markCopy                     // a second copy of a segment
	markDisorder                 // an earlier time than the segment before
	markNoACK                    // a segment without ACK in the middle of a connection
	markElsewhere                // an answer came from another address
	markRejectedThere            // an RST to what belongs to another conversation
	markOutlived                 // an RST that seemed to end the connection, which went on
	markUnsentAck                // an ACK of what its addressee has not sent, as that shows
	markRefused                  // an RST refused the SYN, and the SYN came again
	markOwnAnswer                // a second SYN+ACK that answers the second SYN
	markAckless                  // the first segment has flags that no connection begins with
	markCount
)

// of is the set of the kinds that are named.
func of(list ...int) (set kinds) {
	for _, kind := range list {
		set |= 1 << kind
	}
	return set
}

func (m *marks) mark(kind, frame int) {
	if m.room == nil {
		m.room = new(remarks)
	}
	at := &m.room.at[kind]
	if !m.has(kind) {
		m.set |= 1 << kind
		*at = mark{first: uint32(frame)}
	}
	at.last = uint32(frame)
	at.count++
}

func (m *marks) unmark(kind int) { m.set &^= 1 << kind }

func (m *marks) has(kind int) bool { return m.set>>kind&1 != 0 }

// at is the mark of a kind: all 0 where it has not happened.
func (m *marks) at(kind int) mark {
	if !m.has(kind) {
		return mark{}
	}
	return m.room.at[kind]
}

// first and last are the frames of a mark, 0 where it has not happened.
func (m *marks) first(kind int) int { return m.at(kind).firstFrame() }
func (m *marks) last(kind int) int  { return m.at(kind).lastFrame() }
