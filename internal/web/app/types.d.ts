// What the page's scripts are about, for the test that checks their types.

/** A row of the view story, by its keys (docs/keys.md). */
type Row = Record<string, any>;

interface Moment {
  row: Row;
  at: number; // milliseconds
  kind: string;
  from: string;
  client: number;
  before: number; // place of what moved the states before it
  prior: number; // place of the segment that was sent before it
  nth: number; // of a call: the how manieth of its kind
  kernel: Record<string, string> | undefined; // what both kernels said latest
}

type Story = import("./page/model.js").Story;

interface Lesson { name: string; happened: string[]; rule: string; question: string }

/** Who takes what comes from the server. */
interface Listener {
  moments: (rows: Row[]) => void;
  end: (left: number) => void;
  class: (state: any) => void;
  lost: () => void;
  back: () => void;
}
