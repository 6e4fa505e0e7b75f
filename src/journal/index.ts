/** The journal: its entries read from a node, their chain of hashes checked, their effects replayed. */
export * from "./chain.ts";
export * from "./effects.ts";
export * from "./entries.ts";
export * from "./holds.ts";
export * from "./ledger.ts";
export * from "./replay.ts";
