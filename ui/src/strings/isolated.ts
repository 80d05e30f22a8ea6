const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ["\u2068", "\u2069"];

/** A name within a sentence changes the direction of nothing but itself. */
export const isolated = (text: string): string =>
  RIGHT_TO_LEFT.test(text) || MARKS.test(text)
    ? FIRST_STRONG_ISOLATE + text.replace(CONTROLS, "") + POP_ISOLATE
    : text;
