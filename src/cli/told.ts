import { SequesterError } from "../errors.ts";
import { placedReasonOf } from "../system.ts";

/** An error for who called: the project's own in its words, any other as a fault that nobody foresaw. */
export function told(error: unknown): string {
  if (process.env.SEQUESTER_DEBUG && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof SequesterError) return error.message;
  return `unexpected fault: ${placedReasonOf(error)}\n  SEQUESTER_DEBUG=1 shows where`;
}
