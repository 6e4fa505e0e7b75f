import type { Hex } from "viem";
import type { Powers } from "../../journal/powers.ts";

/** Days without a signature after which an officer is named. */
export const SILENT_DAYS = 30;

/** A seated officer and its last signature. Unix seconds. */
export interface Seated {
  readonly officer: Hex;
  readonly agency: string;
  readonly since: number;
  readonly lastSigned?: number;
  /** Neither seated nor heard of for `SILENT_DAYS`. */
  readonly silent: boolean;
}

/** The officers who have a seat in the second `at`, those who were heard of least first. */
export function seatedAt({ officers, agencies }: Powers, at: number): Seated[] {
  return [...officers.values()]
    .filter(({ dismissed }) => dismissed === undefined)
    .map(({ id, agency, since, lastSigned }): Seated => {
      const heard = Math.max(since, lastSigned ?? 0);
      return {
        officer: id,
        agency: agencies.get(agency) ?? `${agency}`,
        since,
        ...(lastSigned !== undefined && { lastSigned }),
        silent: at - heard > SILENT_DAYS * 86_400,
      };
    })
    .sort((a, b) => Math.max(a.since, a.lastSigned ?? 0) - Math.max(b.since, b.lastSigned ?? 0));
}
