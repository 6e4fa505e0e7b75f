/**
 * Orders: what officers sign, how it is built, told, digested and passed on. What an act is stands in acts/. Two files stay
 * apart, so that a browser can have the rest: disk.ts (reads and writes files) and digest-ethers.ts (the second, independent
 * digest).
 */
export * from "./amount.ts";
export * from "./approvals.ts";
export * from "./build.ts";
export * from "./bundle.ts";
export * from "./caseId.ts";
export * from "./digest.ts";
export * from "./document.ts";
export * from "./errors.ts";
export * from "./files.ts";
export * from "./lookAlikes.ts";
export * from "./salts.ts";
export * from "./sentence.ts";
export * from "./signatures.ts";
export * from "./types.ts";
