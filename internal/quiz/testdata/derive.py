"""Answers the questions of a quiz without the program that asked them.

    derive.py QUESTIONS.json CAPTURE

What is known comes from tshark's fields, and from tcpdump for filters; the answers are
worked out anew. Standard output is a list of answers, null where this script has none.
"""
import json, re, subprocess, sys
from decimal import Decimal

FIELDS = """frame.number frame.time_epoch tcp.stream ip.src ipv6.src ip.dst ipv6.dst tcp.srcport tcp.dstport
tcp.flags tcp.seq_raw tcp.ack_raw tcp.len tcp.hdr_len tcp.window_size_value tcp.options.sack_perm
tcp.options.timestamp.tsval tcp.options.timestamp.tsecr tcp.options.wscale.shift tcp.options.mss_val""".split()
NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]
FIN, SYN, RST, ACK = 1, 2, 4, 16
ROUND = 1 << 32


def tshark(capture, occurrence, fields):
    command = ["tshark", "-r", capture, "-Y", "tcp", "-T", "fields", "-E", "occurrence=" + occurrence]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line.split("\t") for line in out.splitlines()]


class Frame:
    def __init__(self, values):
        v = dict(zip(FIELDS, values))
        number = lambda name, base=10: int(v[name], base) if v[name] else 0
        self.number, self.stream = number("frame.number"), number("tcp.stream")
        self.time = Decimal(v["frame.time_epoch"]) if v["frame.time_epoch"] else None
        self.src = socket(v["ip.src"] or v["ipv6.src"], v["tcp.srcport"])
        self.dst = socket(v["ip.dst"] or v["ipv6.dst"], v["tcp.dstport"])
        self.srcport, self.dstport = number("tcp.srcport"), number("tcp.dstport")
        self.flags = number("tcp.flags", 16)
        self.seq, self.ack = number("tcp.seq_raw"), number("tcp.ack_raw")
        self.len, self.header = number("tcp.len"), number("tcp.hdr_len")
        self.window = number("tcp.window_size_value")
        self.sack = v["tcp.options.sack_perm"] != ""
        self.tsval, self.tsecr = v["tcp.options.timestamp.tsval"], v["tcp.options.timestamp.tsecr"]
        self.shift, self.mss = v["tcp.options.wscale.shift"], v["tcp.options.mss_val"]

    def has(self, bits):
        return self.flags & bits == bits

    def names(self):
        return "+".join(reversed_order(self.flags)) or "none"


def reversed_order(flags):
    """The names of flags as they are usually said: SYN+ACK, PSH+ACK."""
    said = ["SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]
    return [name for name in said if flags >> NAMES.index(name) & 1]


def socket(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def letter(choices, wanted):
    """The one choice that is wanted, by its text; None where it is not just one."""
    found = [c for c in choices if wanted(c)]
    return found[0] if len(found) == 1 else None


class Capture:
    def __init__(self, path):
        self.path = path
        self.frames = [Frame(v) for v in tshark(path, "l", FIELDS)]
        self.by_number = {f.number: f for f in self.frames}
        self.kinds = {int(n): [int(k) for k in kinds.split(",") if k] for n, kinds in
                      tshark(path, "a", ["frame.number", "tcp.option_kind"])}

    def stream(self, question):
        numbers = question.get("frames") or []
        if not numbers or numbers[0] not in self.by_number:
            return None
        return [f for f in self.frames if f.stream == self.by_number[numbers[0]].stream]


def steps(frames):
    """The SYN, the SYN+ACK and the third step, by their flags and numbers."""
    syn = next((f for f in frames if f.has(SYN) and not f.has(ACK)), None)
    if syn is None:
        return None
    synack = next((f for f in frames if f.number > syn.number and f.has(SYN | ACK) and f.src == syn.dst and f.ack == (syn.seq + 1) % ROUND), None)
    if synack is None:
        return None
    third = next((f for f in frames if f.number > synack.number and f.src == syn.src and f.has(ACK) and not f.has(SYN)
                  and f.seq == (syn.seq + 1) % ROUND and f.ack == (synack.seq + 1) % ROUND), None)
    return (syn, synack, third) if third else None


def asked(question, capture):
    """The frames that the question names, in its order."""
    return [capture.by_number[int(n)] for n in re.findall(r"#(\d+)", question["ask"])]


def ordered(question, frames):
    """Items put in the order of the capture, each found by what it says."""
    places = []
    for at, item in enumerate(question["items"]):
        m = re.fullmatch(r"(\S+) to (\S+): (\S+), seq (\d+)(?:, ack (\d+))?(?:, (\d+) bytes)?", item)
        src, dst, flags, seq, ack, size = m.groups()
        same = [f.number for f in frames if f.src == src and f.dst == dst and sorted(flags.split("+")) == sorted(reversed_order(f.flags))
                and f.seq == int(seq) and (ack is None or f.ack == int(ack)) and f.len == int(size or 0)]
        if not same:
            return None
        places.append((same[0], chr(ord("A") + at)))
    return " ".join(name for _, name in sorted(places))


def milliseconds(a, b):
    return str((b.time - a.time) * 1000) + " ms"


def selects_one(capture, frame, choices):
    """The choice with which tcpdump shows just the frame; None where it cannot read the file."""
    right = []
    for choice in choices:
        run = subprocess.run(["tcpdump", "-nn", "-tt", "--nano", "-r", capture.path, choice], capture_output=True, text=True)
        lines = run.stdout.splitlines()
        if run.returncode != 0:
            return None
        if len(lines) == 1 and abs(Decimal(lines[0].split()[0]) - frame.time) < Decimal("0.000001"):
            right.append(choice)
    return right[0] if len(right) == 1 else f"{len(right)} of them"


def further(a, b):
    """How far a sequence number lies after another one, modulo 2^32."""
    return (a - b + ROUND // 2) % ROUND - ROUND // 2


def end_of(f):
    """The number after all that a segment brings (RFC 9293 section 3.4)."""
    return (f.seq + f.len + (1 if f.has(SYN) else 0) + (1 if f.has(FIN) else 0)) % ROUND


class Course:
    """What the shown segments of a connection let see, claim by claim. A claim is a method whose
    name is that of the diagnosis; its doc is how the choice that says it begins."""

    def __init__(self, frames):
        # Who opens is who sends the first SYN; where it was not captured, nothing is claimed.
        self.frames = frames
        self.client = next((f.src for f in frames if f.has(SYN)), None)
        plain = lambda f: f.has(SYN) and not f.has(ACK)
        self.syns = [f for f in frames if plain(f) and f.src == self.client]
        self.back_syns = [f for f in frames if plain(f) and f.src != self.client]
        self.synacks = [f for f in frames if f.has(SYN | ACK) and f.src != self.client]
        self.own_synacks = [f for f in frames if f.has(SYN | ACK) and f.src == self.client]
        self.answers = [f for f in frames if f.src != self.client]
        self.resets = [f for f in frames if f.has(RST)]
        self.fins = {}
        for f in frames:
            if f.has(FIN):
                self.fins.setdefault(f.src, f)

    def third(self):
        """The segment with which the handshake is complete, or None. Its seq is further on where
        the SYN brought data (RFC 7413)."""
        return next((f for f in self.frames if f.src == self.client and f.has(ACK) and not f.has(SYN)
                     and any(a.number < f.number and further(f.ack, end_of(a)) >= 0 for a in self.synacks)), None)

    def opened(self):
        return self.third() is not None

    def closers(self):
        """The first FIN of each end, the earlier first, or None."""
        both = sorted(self.fins.values(), key=lambda f: f.number)
        return both if len(both) == 2 else None

    def knows(self, f, fin):
        return f.src != fin.src and f.has(ACK) and further(f.ack, end_of(fin)) >= 0

    def refused(self):
        """the server refused"""
        return any(r.has(RST | ACK) and r.src != self.client and any(s.number < r.number and r.ack == end_of(s) for s in self.syns)
                   for r in self.resets) and not self.synacks

    def unanswered(self):
        """the SYN got no answer"""
        return bool(self.syns) and not self.answers

    def disowned(self):
        """an end answered by an RST without ACK"""
        return any(not r.has(ACK) and any(f.number < r.number and f.src != r.src and f.has(ACK) and f.ack == r.seq for f in self.frames)
                   for r in self.resets)

    def broken_off(self):
        """the connection was open, and an end broke it off"""
        return self.opened() and any(r.number > self.third().number for r in self.resets)

    def syn_again(self):
        """the first SYN got no answer"""
        return len(self.syns) > 1 and bool(self.answers) and self.answers[0].number > self.syns[1].number

    def syn_after_synack(self):
        """the SYN was sent again although"""
        return any(s.number > a.number for s in self.syns for a in self.synacks)

    def synack_after_ack(self):
        """the SYN+ACK was sent again although"""
        acks = [f for f in self.frames if f.src == self.client and f.has(ACK) and not f.flags & (SYN | FIN | RST)]
        return any(a.number > k.number and b.number < k.number for k in acks for a in self.synacks for b in self.synacks)

    def half_closed(self):
        """one end closed its direction"""
        if not self.fins:
            return False
        first = min(self.fins.values(), key=lambda f: f.number)
        seen = {}  # how far each end had sent before
        for f in self.frames:
            isNew = f.src not in seen or further(end_of(f), seen[f.src]) > 0
            if f.len > 0 and isNew and f.number > first.number and self.knows(f, first):
                return True
            if isNew:
                seen[f.src] = end_of(f)
        return False

    def in_turn(self):
        """it was opened in three steps"""
        both = self.closers()
        return bool(self.opened() and both and self.knows(both[1], both[0]) and not self.resets and not self.back_syns)

    def opened_at_once(self):
        """both ends opened at once"""
        return bool(self.syns and self.back_syns and self.synacks and self.own_synacks)

    def split(self):
        """the server answered by a SYN without ACK"""
        return bool(self.back_syns and self.own_synacks and not self.synacks)

    def closed_at_once(self):
        """both ends closed at once"""
        both = self.closers()
        return bool(both) and not self.knows(both[1], both[0])

    def stalled(self):
        """the receiver's window was closed"""
        return any(f.window == 0 and not f.flags & (SYN | RST) for f in self.frames)

    CLAIMS = refused, unanswered, disowned, broken_off, syn_again, syn_after_synack, synack_after_ack, half_closed, \
        in_turn, opened_at_once, split, closed_at_once, stalled


def happened(question, capture):
    """The one choice whose claim the shown segments bear out; how many do, where it is not one."""
    course = Course([capture.by_number[n] for n in question["frames"]])
    held = []
    for choice in question["choices"]:
        claims = [claim for claim in Course.CLAIMS if choice.startswith(claim.__doc__)]
        if len(claims) != 1:
            return f"{len(claims)} claims for {choice!r}"
        if claims[0](course):
            held.append(choice)
    return held[0] if len(held) == 1 else f"{len(held)} of them: {held}"


KNOWN = {  # reasons, from RFC 9293: what the right choice says
    "third-payload": lambda c: c.startswith("yes") and "ESTABLISHED" in c,  # §3.10.7.3
    "which-synack": lambda c: "SYN and ACK are both" in c,  # §3.5
    "synack-ack-why": lambda c: "SYN's sequence number and added 1" in c,  # §3.4
    "syn-ack-zero": lambda c: "ACK is not set" in c,  # §3.1
    "isn-why": lambda c: "old segments" in c,  # §3.4.1
}


def answer(question, capture):
    kind, ask = question["kind"], question["ask"]
    if kind in KNOWN:
        return letter(question["choices"], KNOWN[kind])
    if kind == "bits-of-byte":
        return "+".join(reversed_order(int(re.search(r"[01]{8}", ask).group(), 2)))
    if kind in ("handshake-order", "connection-order", "closing-order"):
        return ordered(question, capture.frames)
    frames = capture.stream(question)
    if frames is None:
        return None
    named = asked(question, capture)
    if kind == "header-length":
        return str(named[0].header)
    if kind == "data-offset":
        return str(named[0].header // 4)
    if kind == "data-size":
        return str((named[1].ack - named[0].seq) % ROUND)
    if kind == "next-ack":
        return str((named[1].seq + named[1].len) % ROUND)
    if kind == "data-time":
        data = named[0]
        back = next(f for f in frames if f.number > data.number and f.src == data.dst and f.has(ACK) and f.ack == (data.seq + data.len) % ROUND)
        return milliseconds(data, back)
    if kind == "fin-frames":
        return ", ".join(f"#{n}" for n in question["frames"] if capture.by_number[n].has(FIN))
    if kind == "fin-ack":
        return str((named[1].seq + named[1].len + 1) % ROUND)
    if kind == "reset-number":
        victim = named[0].src  # it has acknowledged this much
        return str(max((f.ack for f in frames if f.src == victim and f.number <= named[0].number and f.has(ACK)),
                       key=lambda n: (n - named[0].ack + ROUND // 2) % ROUND))
    if kind == "syn-tries":
        return str(sum(1 for f in frames if f.has(SYN) and not f.has(ACK)))
    if kind == "synack-tries":
        return str(sum(1 for f in frames if f.has(SYN | ACK)))
    if kind == "waiting":
        waiting, shown = set(), [capture.by_number[n] for n in question["frames"]]
        for f in shown:
            pair = frozenset((f.src, f.dst))
            if f.has(SYN | ACK):
                waiting.add(pair)
            elif not f.has(SYN) and any(s.has(SYN | ACK) and s.dst == f.src and s.src == f.dst for s in shown):
                waiting.discard(pair)
        return str(len(waiting))
    if kind == "what-happened":
        return happened(question, capture)
    if kind == "filter":
        return selects_one(capture, named[0], question["choices"])
    if kind == "who-closes":
        client = steps(frames)[0].src if steps(frames) else None
        fin = next(f for f in frames if f.has(FIN))
        return None if client is None else "client" if fin.src == client else "server"
    opening = steps(frames)
    if opening is None:
        return None
    syn, synack, third = opening
    match kind:
        case "client-socket":
            return syn.src
        case "server-socket":
            return syn.dst
        case "port-class":
            port = int(re.search(r"port (\d+)", ask).group(1))
            assert port in (syn.srcport, syn.dstport)
            wanted = "system" if port < 1024 else "user" if port < 49152 else "dynamic"
            return letter(question["choices"], lambda c: c.startswith(wanted))
        case "ports-of-reply":
            return f"source {synack.srcport}, destination {synack.dstport}"
        case "synack-time":
            return milliseconds(syn, synack)
        case "syn-flags":
            return f"0x{syn.flags & 0x1ff:03x}"
        case "synack-flags":
            return f"0x{synack.flags & 0x1ff:03x}"
        case "third-flags":
            return f"0x{third.flags & 0x1ff:03x}"
        case "syn-seq":
            return str(syn.seq)
        case "synack-seq":
            return str(synack.seq)
        case "synack-ack" | "third-seq":
            return str((syn.seq + 1) % ROUND)
        case "third-ack":
            return str((synack.seq + 1) % ROUND)
        case "sack":
            return "yes" if syn.sack and synack.sack else "no"
        case "syn-options":
            words = {2: "mss", 3: "wscale", 4: "sackOK", 8: "timestamps"}
            return ", ".join(words.get(k, f"kind {k}") for k in sorted(set(capture.kinds[named[0].number])) if k > 1)
        case "echo":
            return named[1].tsval
        case "scaled-window":
            offer = syn if named[0].src == syn.src else synack
            return str(named[0].window << int(offer.shift))
        case "first-data":
            first = next(f for f in frames if f.len > 0)
            isn = syn.seq if first.src == syn.src else synack.seq
            return str((isn + 1) % ROUND) if first.number == named[0].number else None
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        questions = json.load(f)
    capture = Capture(sys.argv[2])
    json.dump([answer(q, capture) for q in questions], sys.stdout)


main()
