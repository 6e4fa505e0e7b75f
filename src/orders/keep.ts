import { mergeApprovals, officerId } from "./approvals.ts";
import type { SignatureFile } from "./files.ts";
import type { Proof } from "./proofs.ts";

/** A signature with what is shown of it. */
export interface Candidate extends SignatureFile {
  proof: Proof;
}

export interface Kept<C extends Candidate> {
  kept: SignatureFile[];
  /** Why each of these is not among them. */
  leftOut: { candidate: C; reason: string }[];
}

/**
 * What stays of signatures: of each officer and digest its own, else every one that may be. So a forged signature displaces
 * nothing. Commutative and idempotent, as `mergeApprovals`.
 */
export function keepOwn<C extends Candidate>(candidates: readonly C[]): Kept<C> {
  const groups = Map.groupBy(candidates, ({ digest, signer }) => `${digest}${officerId(signer)}`.toLowerCase());
  const found = [...groups.values()].map((group): Kept<C> => {
    const own = group.filter(({ proof }) => proof.is === "own");
    const rest = group.filter(({ proof }) => proof.is !== "own");
    const isForged = ({ proof }: C) => proof.is === "forged";
    const out = (all: readonly C[]) => all.map((candidate) => ({ candidate, reason: candidate.proof.has }));
    if (own.length === 0) return { kept: rest.filter((it) => !isForged(it)), leftOut: out(rest.filter(isForged)) };
    const isKey = own.some(({ proof }) => proof.recovered);
    const [approval] = mergeApprovals(isKey ? own.filter(({ proof }) => proof.recovered) : own, () => isKey);
    return { kept: [{ digest: group[0]!.digest, ...approval! }], leftOut: out(rest) };
  });
  return { kept: found.flatMap(({ kept }) => kept), leftOut: found.flatMap(({ leftOut }) => leftOut) };
}
