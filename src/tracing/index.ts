/** Tracing: transfers, seeds and stops are read, followed to the last unit, and written down as evidence that verifies. */
export * from "./evidence/explain.ts";
export * from "./evidence/plan.ts";
export * from "./evidence/read.ts";
export * from "./evidence/write.ts";
export * from "./lists/opening.ts";
export * from "./lists/seeds.ts";
export * from "./lists/stops.ts";
export * from "./methods.ts";
export * from "./sources/transfers.ts";
export * from "./trace.ts";
export * from "./transfers/builder.ts";
export * from "./transfers/transfers.ts";
export * from "./verify/verify.ts";
