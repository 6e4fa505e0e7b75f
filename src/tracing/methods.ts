/** The methods of tracing, in the order of the columns of every result. */
export const METHODS = ["fifo", "libr", "haircut", "taint-first", "lifo", "poison"] as const;

export type Method = (typeof METHODS)[number];

/** Methods that show how far opinions go; no order may rest on them. */
export const COMPARISON_ONLY: ReadonlySet<Method> = new Set<Method>(["lifo", "poison"]);

/** What each method says of a wallet that sends money: as a sentence of a report. */
export const METHOD_RULES: Readonly<Record<Method, string>> = {
  fifo: "What came first leaves first.",
  libr: "Clean money leaves first; clean money that comes later never restores what was spent.",
  haircut: "Each transfer carries the wallet's share of tainted money, rounded down; the rest stays with the sender.",
  "taint-first": "Tainted money leaves first.",
  lifo: "What came last leaves first.",
  poison: "A wallet that ever got tainted money is wholly tainted.",
};
