package cases

// Words are patterns that others use by name: many ways to say one thing.
var Words = map[string]string{
	// An RST, a SYN, an ACK had no effect.
	"@ignored": `ignor|disregard|passed over|(not|n't) (be )?(accept|take|fit|believ|valid|expect|end|match)|reject|challenge` +
		`|dropp?(s|ed)?\b|discard|out of (the |its )?(window|range)|outside|not exact|(wrong|another|other|different) number` +
		`|stray|(without|no) effect|surviv`,
	// Nobody answered.
	"@unanswered": `unanswered|unacknowledged|unacked|no (answer|reply|response|ack)\b|(not|never|n't) (\w+ ){0,2}(answer|acknowledg|ack|cover|confirm)` +
		`|without (an? |any )?(answer|reply|response|ack)|silen(t|ce)|nothing (came|comes|was heard)|(no|none|neither)\b.{0,40}(answer|acknowledg|ack)`,
	// Another sender than the one whose address stands there.
	"@forged": `forg|spoof|inject|fake|not (sent|made|come|written) by|did not (come|send)|(another|other|different) (sender|machine|device|host|box|system)` +
		`|someone else|third (party|machine)|middlebox|firewall|gateway|(device|box|machine|something) (on|in|near|between)|on the way|TTL`,
	// The capture holds packets more than once.
	"@copies": `twice|cop(y|ies)\b|duplicat|both ends|two (places|points|taps|interfaces|positions)|double|same packet|more than once`,
	// An ordinary end.
	"@fine": `fine|closed|every FIN`,
	// An acknowledgment number that answers nothing that was sent.
	"@wrongack": `x ?\+ ?[23]\b|not x ?\+ ?1|instead of x|one (more|too)|too (far|high|many|much)|wrong|never sent|(did|does|has) not (send|sent)` +
		`|not sent|(another|other|different|foreign|unknown) (number|connection|session)|not (an |the )?answer|(does|do|did) not (answer|acknowledge|belong)`,
	// A sentence that tells of a repetition.
	"@toldagain": `(sends|sent) (this|its \S+|the \S+) again|repeats (its|this|the)\b|timer ran out`,
	// Something got lost on the way.
	"@lost": `\blost\b|\bloss(es)?\b|dropp?(s|ed)?\b|(not|never|n't) (\w+ )?(arriv|reach|receiv|get|got)`,
	// A cause that is told as one of several.
	"@hedged": `\bor\b|\bmay\b|might|could|perhaps|possibl|either|probabl|unless|not (known|certain|sure)`,
	// A connection that was before.
	"@older": `older|earlier|\bold\b|previous|first connection|TIME-WAIT|stream 0`,
	// Another place than the one that was asked.
	"@elsewhere": `(another|other|different|wrong) (address|host|machine|source|end|port|socket)|translat|elsewhere|somewhere else`,
	// Nobody has asked for it.
	"@unasked": `(no|without (a|any|its)) SYN\b|(did|had|has) not (send|sent|ask)|never (sent|asked)|(not|nobody|no one) (had )?asked` +
		`|un(asked|solicited|requested)|backscatter|(forged|spoofed) (source|address|SYN)|forgotten|knows nothing`,
	// No part of a connection.
	"@probe": `probe|scan|no connection|not? (a )?part of|belongs? to no|stray|never (a )?(part|in|belong|has|had)|flags that no`,
}
