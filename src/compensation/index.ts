/** Compensation lists: admitted claims and a pool make shares, the shares a Merkle list that an order names. */
export * from "./claims.ts";
export * from "./list.ts";
export * from "./payees.ts";
export * from "./shares.ts";
