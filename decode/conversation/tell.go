package conversation

import "github.com/handshake-lab/handshake-lab/decode"

// The texts that sentences rest on.
const (
	ofNumbers    = "RFC 9293 §3.4"
	ofOpening    = "RFC 9293 §3.5"
	ofHalfOpen   = "RFC 9293 §3.5.1"
	ofResetting  = "RFC 9293 §3.5.2"
	ofResets     = "RFC 9293 §3.5.3"
	ofClosing    = "RFC 9293 §3.6"
	ofKeepAlive  = "RFC 9293 §3.8.4"
	ofWindow     = "RFC 9293 §3.8.6"
	ofProbing    = "RFC 9293 §3.8.6.1"
	ofClosed     = "RFC 9293 §3.10.7.1"
	ofSynSent    = "RFC 9293 §3.10.7.3"
	ofArrival    = "RFC 9293 §3.10.7.4"
	ofTimer      = "RFC 6298 §5"
	ofDuplicates = "RFC 5681 §3.2"
	ofChallenge  = "RFC 5961 §3.2"
	ofChecksum   = "RFC 9293 §3.1"
	ofFastOpen   = "RFC 7413"
	ofSignature  = "RFC 2385"
	ofTwice      = "RFC 2883"
	ofPathMTU    = "RFC 1191, RFC 8201"
	ofCopies     = "RFC 9293 §3.8.1"
)

// leastTimer is the shortest that a retransmission timer is anywhere in use:
// Linux waits 200 ms where RFC 6298 §2.4 asks for a second; nanoseconds, with a
// margin.
const leastTimer = 190e6

// tell explains a segment, as a sentence to be filled, and names the text that
// it rests on.
func (e *Event) tell() (sentence, section string) {
	if e.CopyOf != 0 {
		return "A second copy of frame %c, made by the capture or on the way: the %m has not sent anything anew.", ofCopies
	}
	switch e.Step {
	case StepSYN:
		return e.tellSYN()
	case StepSYNACK:
		return e.tellSYNACK()
	case StepRST:
		return e.tellRST()
	case StepOther:
		return "A segment without ACK, which no connection has behind the SYN: a receiver drops it.", ofArrival
	}
	if !e.Segment.Flags.Has(decode.ACK) {
		return "A segment without ACK, which no connection has behind the SYN: a receiver drops it.", ofArrival
	}
	if sentence, section = e.tellRefused(); sentence != "" {
		return sentence, section
	}
	if sentence, section = e.tellRepeated(); sentence != "" {
		return sentence, section
	}
	if sentence, section = e.tellWindow(); sentence != "" {
		return sentence, section
	}
	return e.tellStep()
}

func (e *Event) tellSYN() (sentence, section string) {
	switch {
	case e.From == Server && e.Before[Client] == SynSent:
		return "The server sends a SYN of its own: the SYNs cross, in a simultaneous open, or it answers the client's by a SYN where a SYN+ACK is usual.", ofOpening
	case e.about.has(aboutLate):
		return "The client's SYN, later than it was sent: by now the client is further.", ofOpening
	case e.about.has(aboutAnswered):
		return "The client sends its SYN again, with the same x: the SYN+ACK has not reached it, or it has not taken it.", ofSynSent
	case e.about.has(aboutRefused):
		return "The client tries once more, with the same x, though an RST has refused its SYN.", ofOpening
	case e.Repeats:
		return "The %m sends its SYN again, with the same %x: no SYN+ACK has reached it.", ofOpening
	case e.Conversation.Reused:
		return "A SYN on ports that were in use before, with a new x: it asks for a new connection.", ofOpening
	}
	return "The %m asks for a connection and names its initial sequence number, %x.", ofOpening
}

func (e *Event) tellSYNACK() (sentence, section string) {
	switch {
	case e.Reception == WrongAcknowledgment:
		return "This SYN+ACK acknowledges %k and not what the %p waits for, %y + 1: the %p does not take it, and answers it by an RST.", ofSynSent
	case e.Reception == WithoutSignature:
		return "The SYN carries a signature and this SYN+ACK carries none: the %p has to drop it.", ofSignature
	case e.about.has(aboutSecond):
		return "A second answer to the same SYN, with another number y: another machine, or another TCP, answers for this address too.", ofOpening
	case e.about.has(aboutLate):
		return "The %m's SYN+ACK, later than it was sent, or once more to a SYN that was late: by now the %m is further.", ofOpening
	case e.about.has(aboutAgain) && e.From == Client:
		return "The client sends its SYN+ACK again: no ACK of it has come.", ofOpening
	case e.about.has(aboutAgain):
		return "The server sends its SYN+ACK again, with the same y: no ACK of it has come, or none that it took.", ofOpening
	case e.From == Client:
		return "The client acknowledges the server's SYN by y + 1, in a SYN+ACK, which names its own x once more.", ofOpening
	case e.AckRule.Base == X && e.AckRule.Bytes > 0:
		return "The server acknowledges the SYN and its data by %k and asks for a connection of its own, with its own number y.", ofFastOpen
	case e.AckRule.Base == NoBase:
		return "The server acknowledges a SYN that is not in the capture, and asks for a connection of its own, with its own number y.", ofOpening
	}
	return "The server acknowledges x by x + 1 and asks for a connection of its own, with its own number y.", ofOpening
}

func (e *Event) tellRST() (sentence, section string) {
	me, peer := e.From, e.From.Other()
	acks := e.Segment.Flags.Has(decode.ACK)
	switch r := e.Reception; {
	case r == BadChecksum:
		return "An RST whose checksum is wrong, where the %m's SYN has a right one: the %p drops it.", ofChecksum
	case e.Before[me] == SynSent && e.After[me] == SynSent:
		return "The %m did not ask for what this answers: it rejects the answer by an RST and waits on.", ofResetting
	case e.Before[me] == SynSent && me == Client && e.Conversation.heard[Server] != 0:
		return "The client rejects what came in place of a SYN+ACK, or gives up waiting for one.", ofResetting
	case e.Before[me] == SynSent && me == Client:
		return "The client gives up waiting for an answer.", ofResetting
	case e.about.has(aboutAsked):
		return "The %m answers the challenge ACK by an RST with the number that it asked for: the %p has to take that.", ofChallenge
	case r == ResetInWindow:
		return "An RST in the window whose number is not the one that the %p expects: it is ignored, and answered by a challenge ACK.", ofArrival
	case e.about.has(aboutGone):
		return "The %m has closed and takes nothing more: it answers what came since by an RST. That has the number of its FIN, one too low for a %p that has the FIN; some stacks take it all the same.", ofArrival
	case r == ResetOutside && e.about.has(aboutBehind):
		return "An RST whose number the %p has left behind, if what was sent before has got there: then it is dropped.", ofArrival
	case r == ResetOutside:
		return "An RST whose number lies outside of the %p's window: it is dropped.", ofArrival
	case r == ResetWithoutACK:
		return "An RST that does not acknowledge the SYN: to an end in SYN-SENT it means nothing, so it is ignored.", ofSynSent
	case r == ResetIdle:
		return "An RST to an end that holds no connection any more: it changes nothing.", ofClosed
	case r == Taken && me == Client && e.Before[peer] == SynSent:
		return "The client answers the server's SYN by an RST: it wants no connection from there.", ofResets
	case r == Taken && e.isGivingUp():
		return "The server gives up: no ACK of its SYN+ACK has come.", ofResets
	case r == Taken && me == Client && e.Before[peer] == SynReceived && e.Conversation.Handshake.ACKFrame == 0 && !e.about.has(aboutForeign):
		return "The client rejects the SYN+ACK by an RST, as one that has not asked for it or wants no connection.", ofArrival
	case r == Taken && e.Before[peer] == SynSent && e.about.has(aboutBusy):
		return "The connection is refused, by a port that has accepted others: its queue may be full, or its program is gone.", ofResetting
	case r == Taken && e.Before[peer] == SynSent:
		return "The connection is refused: nobody listens on port %o, or a firewall answers in its name.", ofResetting
	case r == NotKnown && e.Segment.Flags&(decode.ACK|decode.SYN) == 0:
		return "The %m knows nothing of a connection to which the segment before belongs, or wants no more of it.", ofResetting
	case r == NotKnown && e.Before[me] == Unknown:
		return "The %m answers the segment before by an RST: it knows of no connection to which that belongs.", ofClosed
	case r == Taken && e.After[peer] >= Established && e.After[peer] == e.Before[peer]:
		return "An RST with the number that the %p expects; yet the %p goes on, so it has not got it, or does not take it.", ofResets
	case r == Taken && e.about.has(aboutForeign):
		return "An RST in the %m's name: for the %p the connection is gone at once.", ofResets
	case acks:
		return "The %m aborts: the connection is gone at once, and data on the way is lost.", ofResets
	}
	return "The %m resets the connection: it knows nothing of it, or wants no more.", ofResets
}

// isGivingUp reports whether an RST ends what its sender's SYN+ACK has begun, as
// nothing has come of it.
func (e *Event) isGivingUp() bool {
	c := e.Conversation
	return e.From == Server && e.Before[Server] == SynReceived && c.Handshake.ACKFrame == 0 && c.Handshake.SYNACKs > 0 && c.heard[Client] < c.firstSYNACK() &&
		e.Segment.Time.Since(c.Handshake.SYNACKTime).Nanoseconds() > 1e9
}

// tellRefused explains a segment that its receiver does not take.
func (e *Event) tellRefused() (sentence, section string) {
	switch r := e.Reception; {
	case r == WrongAcknowledgment && e.about.has(aboutOlder):
		return "The server answers by an ACK of %k, which is not x + 1, as of an older connection that it holds on these ports.", ofHalfOpen
	case r == WrongAcknowledgment && e.Before[e.From.Other()] == Listen:
		return "The %p is back in LISTEN and has nothing to be acknowledged: it answers this by an RST.", "RFC 9293 §3.10.7.2"
	case r == WrongAcknowledgment:
		return "This acknowledges %k, where the %p's SYN asks for %y + 1: the %p does not take it, and answers it by an RST.", ofArrival
	case r == BeyondWindow && !e.about.has(aboutProbe):
		return "The number of this lies beyond the %p's window: the %p does not take it, and says by an ACK what it expects.", ofArrival
	case r == OldNumbers && e.Before[e.From.Other()] == SynReceived:
		return "The number of this is none that the %p waits for, so the %p does not take it, and stays in SYN-RECEIVED.", ofArrival
	case r == StrayAcknowledgment:
		return "The %m acknowledges the SYN, without a SYN of its own so far: the %p waits on.", ofSynSent
	case r == NoConnection && e.about.has(aboutAcked):
		return "The %p holds no connection any more: whatever comes is answered by an RST.", ofClosed
	case r == NoConnection && e.Before[e.From.Other()] == Closed && e.Conversation.resetAt != 0:
		return "This was on its way when the connection was reset: the %p has no use for it.", ofClosed
	}
	return "", ""
}

// tellRepeated explains a segment that brings nothing new, or not in order.
func (e *Event) tellRepeated() (sentence, section string) {
	switch a := e.Analysis; {
	case a&KeepAlive != 0 && e.about.has(aboutProbe), a&ZeroWindowProbe != 0, e.Repeats && e.about.has(aboutProbe) && e.Segment.PayloadLen > 0:
		return "The %m probes the %p's window, which was 0, to learn whether it is still closed.", ofProbing
	case a&KeepAlive != 0:
		return "The %m asks whether the %p is still there.", ofKeepAlive
	case !e.Repeats || e.Fresh > 0:
	case e.about.has(aboutNotTaken):
		return "The server has not taken all of the data in the SYN: the client sends again what it did not take.", ofFastOpen
	case e.about.has(aboutSmaller):
		return "The %m sends this again, in a size that the router's ICMP message asked for.", ofPathMTU
	case e.about.has(aboutAcked):
		return "The %m sends again what the %p has already acknowledged: that ACK had not reached it, or this is late.", ofTimer
	case e.about.has(aboutThrice) && a&FastRetransmission != 0:
		return "The %m sends this again at once: three duplicate ACKs told it that the segment was missing.", ofDuplicates
	case e.RTO.Nanoseconds() >= leastTimer:
		return "The %m sends this again: its timer ran out before an ACK came.", ofTimer
	default:
		return "The %m sends this again, before any timer of RFC 6298 runs out, as if it were lost.", ofDuplicates
	}
	if e.Repeats && e.Fresh > 0 && e.Fresh == e.Segment.PayloadLen {
		return "These bytes come later than some that were sent after them: out of order on the way, or lost before and sent again.", ofNumbers
	}
	return "", ""
}

// tellWindow explains gaps, windows and acknowledgments that repeat themselves.
func (e *Event) tellWindow() (sentence, section string) {
	switch a := e.Analysis; {
	case e.about.has(aboutGap):
		return "Something that the %m sent before this has not been captured so far.", ofNumbers
	case e.about.has(aboutUnsent):
		return "This acknowledges something of the %p that has not been captured so far, or that it never sent.", ofNumbers
	case a&ZeroWindowProbeAck != 0:
		return "The %m answers the probe: its window is still 0.", ofProbing
	case a&ZeroWindow != 0:
		return "The %m announces a window of 0: the %p has to stop.", ofWindow
	case a&WindowUpdate != 0:
		return "The %m has room for %w bytes now.", "RFC 9293 §3.8.6.2.2"
	case a&KeepAliveAck != 0:
		return "The %m is still there.", ofKeepAlive
	case e.about.has(aboutChallenge) && e.Conversation.last(markChallengeACK) != e.Segment.Number:
		return "The %m answers the SYN, which it has no use for by now, by an ACK: it says once more which byte it expects.", ofArrival
	case e.about.has(aboutChallenge):
		return "The %m answers what it had to refuse by a challenge ACK: it says once more which byte it expects.", ofChallenge
	case e.Step == StepAck && e.isDSACK():
		return "The %m says by SACK that bytes below %k came twice (D-SACK): what was sent again had arrived, or the path made a copy.", ofTwice
	case e.Step == StepAck && a&DuplicateAck != 0:
		return "The %m repeats its ACK: number %d of those that repeat frame %f.", ofDuplicates
	case a&WindowFull != 0 && e.Step == StepData:
		return "With these %b the %p's window is used up.", ofWindow
	}
	return "", ""
}

// isDSACK reports whether the first SACK block lies below the acknowledgment
// number: such bytes came a second time (RFC 2883).
func (e *Event) isDSACK() bool {
	o := &e.Segment.Options
	return o.SACKCount > 0 && earlier(o.SACK[0].Left, e.Segment.Ack) && notLater(o.SACK[0].Right, e.Segment.Ack)
}

// tellStep explains the part that a segment plays.
func (e *Event) tellStep() (sentence, section string) {
	switch e.Step {
	case StepACK:
		if e.From == Server {
			return "The server acknowledges x by x + 1: both ends are sure of each other's number now.", ofOpening
		}
		return "The client acknowledges y by y + 1: both ends are sure of each other's number now.", ofOpening
	case StepData:
		if e.Conversation.Handshake.ACKFrame == e.Segment.Number {
			return "%b of data; their ACK bit completes the handshake as well.", ofOpening
		}
		if me := &e.Conversation.hosts[e.From]; me.is(sentFIN) && later(e.Segment.Seq, me.fin) {
			return "The %m sends %b behind its own FIN, which had said that nothing more would come: the %p ignores them.", ofArrival
		}
		if !e.Repeats && e.Fresh > 0 && e.Fresh < e.Segment.PayloadLen {
			return "The %m sends %b, some of which it had sent before; the next byte will have the number %n.", ofNumbers
		}
		return "The %m sends %b; the next byte will have the number %n.", ofNumbers
	case StepFIN:
		if e.Conversation.Flows[e.From.Other()].FINFrame != 0 && e.Before[e.From] != Established {
			return "The %m closes its direction too: nothing more will come from it.", ofClosing
		}
		return "The %m has nothing more to send and closes its direction.", ofClosing
	case StepFINACK:
		return "The %m acknowledges the FIN, which takes one sequence number like the SYN.", ofClosing
	}
	if e.Conversation.Handshake.ACKFrame == e.Segment.Number {
		return "The %m acknowledges %y, and what came behind it, by %k: that completes the handshake as well.", ofOpening
	}
	if e.AcksFrame != 0 {
		return "The %m has received everything up to frame %a.", ofNumbers
	}
	return "The %m tells the %p which byte it expects next.", ofNumbers
}
