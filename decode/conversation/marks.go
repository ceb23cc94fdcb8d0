package conversation

import (
	"net/netip"

	"github.com/handshake-lab/handshake-lab/capture"
)

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
	quotedBy      netip.Addr   // and who sent it
	quotedFrom    Side         // whose segment the latest quotes
	quotedSeq     uint32       // and its number
	uncapturedOf  Side         // what markUncaptured acknowledges is this end's
	uncapturedTo  uint32       // and ends here
	smallerTo     uint32       // where the first of markSmaller ends
	againSeq      [2]uint32    // the number of againTo
	bigSize       int          // how much payload the segment has that markBigAgain counts
	quotedMTU     uint32       // bytes
	quotedServer  int          // the first that quoted a segment of the server
	rejected      [2]int       // the SYN+ACK that the client had rejected, and the RST, before markReopened
	bigSeq        uint32       // the number of what markBigAgain counts
	bigFrom       Side         // who sent it
	bigFrame      int          // where it was first sent
	lacks         Side         // who tells by SACK that it lacks something
	aliveBy       Side         // who asks by keep-alives
	oldStampBy    Side         // who sent markOldStamp
	lateTo        Side         // whom markResetToo went to
	lateFrom      State        // and in which state that was
	stalled       Side         // who announced a window of 0 first
	early         [2]int64     // how long after that markEarlyReset came, and a round trip; nanoseconds
	wrongBy       int32        // by how much a SYN+ACK's, or a third step's, acknowledgment is off
	elseBy        int32        // and that of markResetElse
	oldBy         int32        // and the number of markOldThird
	tookOfSYN     uint32       // how many bytes of markDataNotTaken were taken
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
	alive         [3]int       // keep-alives without an answer: the first and the last, and how many
	earlyACK      uint32       // what markEarlyACK acknowledges
	earlyTime     capture.Time // and when it came
	otherISS      uint32       // the number of markSecondISN
	otherTime     capture.Time // and when it came
	answersOf     int          // the stream of the SYN that markAnswersOlder answers
	answerThere   int          // the stream of markAnswerThere
	crossAt       int          // the client's SYN+ACK
	crossTime     capture.Time // and when it came
}

// kinds is a set of kinds of marks, a bit each.
type kinds [2]uint64

// hasAll and hasAny report whether all, or any, of some kinds are in the set.
func (k kinds) hasAll(of kinds) bool { return k[0]&of[0] == of[0] && k[1]&of[1] == of[1] }
func (k kinds) hasAny(of kinds) bool { return k[0]&of[0]|k[1]&of[1] != 0 }

func (m mark) firstFrame() int { return int(m.first) }
func (m mark) lastFrame() int  { return int(m.last) }

// What is marked while a conversation goes on, for its verdict.
const (
	markSYNAgain          = iota // the SYN was sent again
	markSYNChanged               // and what it offers had changed
	markSYNNotTaken              // the SYN was sent again although a SYN+ACK had come
	markBadSYN                   // a SYN whose checksum is wrong
	markSYNACKAgain              // the SYN+ACK was sent again
	markACKBeforeAgain           // the client's ACK stood before a repeated SYN+ACK
	markAgainOnData              // the SYN+ACK came again right after data
	markACKLost                  // the ACK that completes echoes a SYN+ACK that had been answered before
	markSYNArrived               // the SYN+ACK echoes a SYN that was repeated since
	markQueueFull                // the server took no connection until it had served others
	markWrongAck                 // a SYN+ACK that does not acknowledge the SYN
	markSecondISN                // a SYN+ACK with another number than the one before
	markBadSum                   // a SYN+ACK whose checksum is wrong
	markDataNotTaken             // a SYN+ACK that acknowledges the SYN and none of its data
	markUnsigned                 // a SYN+ACK without the signature that the SYN had
	markSigned                   // the SYN carries a signature
	markWrongThird               // a third step that does not acknowledge the server's SYN
	markOldThird                 // a third step with a number that is not in the server's window
	markNoStamp                  // a third step without the timestamp that was agreed on
	markNoSignature              // a third step without the signature that both SYNs had
	markBadThird                 // a third step whose checksum is wrong
	markChallenge                // an ACK in answer to a SYN that an existing connection got
	markAnswerThere              // the answer to the SYN came when a SYN with another number had taken the ports
	markAnswersOlder             // a SYN+ACK that answers the SYN before, whose ports this one took
	markAckedSYN                 // an ACK without SYN that acknowledges the SYN
	markEarlyACK                 // the client's third step stands before the SYN+ACK, or there is none
	markSurvived                 // the connection that a SYN seemed to replace went on
	markGoesOn                   // it goes on as the next stream
	markDisowned                 // an RST to an answer that is not to the SYN
	markNotItsSYN                // an RST to the SYN+ACK, with another TTL than the SYN had
	markServerSYN                // the server sent a SYN of its own
	markSimultaneousOpen         // SYNs crossed
	markSplit                    // the server's SYN was the answer to the client's
	markSimultaneousClose        // FINs crossed
	markBadReset                 // an RST whose checksum is wrong
	markResetIgnored             // an RST that does not count
	markResetOfOlder             // an RST that fits the connection before, whose ports the SYN took
	markResetBehind              // one with a number that its receiver has left behind, if what came before has got there
	markResetWithoutACK          // an RST without ACK to an end in SYN-SENT
	markResetElse                // an RST to an end in SYN-SENT that acknowledges something else than the SYN
	markChallengeACK             // a challenge ACK in answer to an RST
	markResetAsked               // an RST that counted, in answer to a challenge ACK that asked for its number
	markResetCrossed             // an RST the other way, right behind the one that counted
	markResetCopied              // an RST that looks like what it answers
	markEarlyReset               // an RST that acknowledges what cannot have got to its sender yet
	markLateReset                // an RST after the end
	markResetToo                 // an RST after the end that counted at the end it went to
	markWentOn                   // the end in whose name an RST was sent went on after it
	markLateFIN                  // a FIN after the end
	markResetOnData              // an RST that answers data
	markUnknown                  // an RST as it comes from an end that knows nothing of the connection
	markUnanswered               // an RST after keep-alives that nobody answered
	markReplaced                 // a new SYN took the ports
	markReopened                 // after the end the SYN came again, with the same number
	markZeroWindow               // an end announced a window of 0
	markWindowOpen               // the window opened again after that
	markProbe                    // a closed window was probed
	markProbeAnswered            // and the probe answered
	markKeepAlive                // a keep-alive
	markAgain                    // data or FIN sent again
	markOldStamp                 // new data with an older timestamp than before
	markBigAgain                 // the same segment of full size sent again
	markSmaller                  // data sent again after ICMP had refused its size
	markHalfCloseData            // data from one end after it had acknowledged the other's FIN
	markQuoteUnreachable         // ICMP: destination unreachable
	markQuoteProhibited          // ICMP: administratively prohibited, or a port unreachable, as a firewall says
	markQuoteExpired             // ICMP: the time to live was used up on the way
	markQuoteTooBig              // ICMP: fragmentation needed, packet too big
	markQuoteOther               // ICMP: another error, as a parameter problem
	markQuoteAdvice              // ICMP: no error, the packet was passed on: redirect, source quench
	markQuoteUnsent              // an ICMP error quotes a number that its sender had not sent, as far as captured
	markLost                     // a gap: segments that were not captured
	markUncaptured               // an acknowledgment of what was not captured
	markMissing                  // an end tells by SACK that it lacks something
	markCopy                     // a second copy of a segment
	markDisorder                 // an earlier time than the segment before
	markElsewhere                // an answer came from another address
	markUnsentAck                // an ACK of what its addressee has not sent, as that shows
	markRefused                  // an RST refused the SYN, and the SYN came again
	markOwnAnswer                // a second SYN+ACK that answers the second SYN
	markOutlived                 // an RST that seemed to end the connection, which went on
	markAckless                  // the first segment has flags that no connection begins with
	markCount
)

// of is the set of the kinds that are named.
func of(list ...int) (set kinds) {
	for _, kind := range list {
		set[kind/64] |= 1 << (kind % 64)
	}
	return set
}

func (m *marks) mark(kind, frame int) {
	if m.room == nil {
		m.room = new(remarks)
	}
	at := &m.room.at[kind]
	if !m.has(kind) {
		m.set[kind/64] |= 1 << (kind % 64)
		*at = mark{first: uint32(frame)}
	}
	at.last = uint32(frame)
	at.count++
}

func (m *marks) unmark(kind int) { m.set[kind/64] &^= 1 << (kind % 64) }

func (m *marks) has(kind int) bool { return m.set[kind/64]>>(kind%64)&1 != 0 }

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
