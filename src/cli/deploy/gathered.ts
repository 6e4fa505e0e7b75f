import { existsSync } from "node:fs";
import type { Hex } from "viem";
import { answerOf } from "../../chain/node.ts";
import { admissionsOf } from "../../deployment/charter.ts";
import type { Deployed } from "../../deployment/stages.ts";
import { digestOf } from "../../orders/digest.ts";
import { OFFICER_KINDS } from "../../orders/types.ts";
import { signaturesIn } from "../order/papers.ts";
import { judge } from "../order/signed.ts";

/** The signatures over a charter that were brought so far. */
export interface Gathered {
  /** By the seat's signer, in lower case; each found to be its own. */
  signatures: Map<Hex, Hex>;
  /** Of Safes by their addresses, in lower case: how many owners have signed. */
  lacking: Map<string, string>;
  /** What counts for nothing, a line each. */
  faults: string[];
}

/** Looks at every signature of files and folders; a wrong one spoils nothing. */
export async function gathered(
  { site: { client }, charter, addresses, domain }: Deployed,
  places: readonly string[],
): Promise<Gathered> {
  const faults: string[] = [];
  const there = places.filter((place, i) => i > 0 || existsSync(place));
  const files = await signaturesIn(there, (file, fault) => faults.push(`${file}: ${fault.shortMessage}`));
  const seats = new Map(admissionsOf(charter).map((it) => [digestOf(it, domain), it.message]));
  const ours = files.filter(({ digest }) => seats.has(digest));
  for (const { path, digest } of files)
    if (!seats.has(digest)) faults.push(`${path}: over another charter, or by no seat of this one`);
  const blockNumber = await answerOf(client.getBlockNumber());
  const at = { client, quorum: addresses.quorum, blockNumber };
  const judged = await answerOf(judge(ours, { at, verifiers: addresses.verifiers }));
  const signatures = new Map<Hex, Hex>();
  const lacking = new Map<string, string>();
  for (const { path, signer, digest, signature, proof, lacking: more, safe } of judged) {
    const seat = seats.get(digest)!;
    if (more !== undefined && safe !== undefined) {
      lacking.set(safe.address.toLowerCase(), more);
      continue;
    }
    const isSeats = seat.signer.toLowerCase() === signer.toLowerCase();
    const isKind = seat.kind === OFFICER_KINDS.key ? proof.recovered === true : true;
    if (proof.is === "own" && isSeats && isKind && safe === undefined)
      signatures.set(signer.toLowerCase() as Hex, signature);
    else faults.push(`${path}: ${proof.is === "own" ? `${signer} has another seat` : proof.has}`);
  }
  return { signatures, lacking, faults };
}
