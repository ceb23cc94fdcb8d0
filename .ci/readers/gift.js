// Reads GIFT as Moodle's question banks have it, on standard input, and writes what it
// has read: for each question its title, its type and what counts as right.
import { parse } from 'gift-pegjs';

let text = '';
for await (const piece of process.stdin) text += piece;
const plain = (t) => t.text;
const right = (q) => {
  switch (q.type) {
    case 'MC': return q.choices.filter((c) => c.isCorrect).map((c) => plain(c.text));
    case 'Short': return q.choices.filter((c) => c.weight === null || c.weight === 100).map((c) => plain(c.text));
    case 'Numerical': return (Array.isArray(q.choices) ? q.choices : [{ isCorrect: true, weight: null, text: q.choices }])
      .filter((c) => c.weight === null || c.weight === 100).map((c) => [c.text.number, c.text.range]);
    case 'Matching': return q.matchPairs.map((p) => [p.subquestion.text, p.subanswer]);
    case 'TF': return [q.isTrue];
  }
  return [];
};
console.log(JSON.stringify(parse(text).filter((q) => q.type !== 'Category').map((q) => ({
  title: q.title, type: q.type, right: right(q),
  choices: Array.isArray(q.choices) ? q.choices.length : 0,
  feedback: (q.globalFeedback && plain(q.globalFeedback)) || '',
}))));
