/** The notice: what is held of an account, by whom, on which document, until when, and how to contest it. */
export * from "./notice.ts";
export * from "./people.ts";
export * from "./read.ts";
export * from "./reading.ts";
