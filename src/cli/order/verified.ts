import type { Hex } from "viem";
import { isoOf } from "../../base/time.ts";
import { actTerm } from "../../orders/acts/terms.ts";
import { languageOf } from "../../orders/acts/words.ts";
import { timeIn, type Words } from "../../orders/sentence.ts";
import type { OrderState } from "../../orders/state.ts";
import { labelsOf } from "./labels.ts";
import { caseOf, columns, sentenceLines, sentenceOf } from "./shown.ts";
import { counts, type Judged } from "./signed.ts";
import type { AskedBlock, Verification, Verified } from "./verify.ts";

/** What was verified, for programs. */
export function verifiedData({ orders, bundles, block, deployment, words, findings, notChecked }: Verification) {
  return {
    schema: "sequester.order.verify/1",
    block: blockData(block),
    deployment: deployment ?? null,
    orders: orders.map(({ paper, state, ...rest }) => ({
      file: paper.path,
      type: paper.order.primaryType,
      case: caseOf(paper.order) ?? null,
      sentence: sentenceOf(paper, words) ?? null,
      ...hashesData(rest, words),
      state: stateData(state, paper.order.message.signBy),
    })),
    bundles: bundles.map(({ paper, ...rest }) => ({
      file: paper.path,
      type: paper.act,
      count: paper.count,
      root: paper.root,
      ...hashesData(rest, words),
    })),
    findings,
    notChecked,
  };
}

const hashesData = ({ hashes, signatures }: Omit<Verified<unknown>, "paper">, words: Words) => ({
  ...hashes,
  signatures: signatures.map((it) => signatureData(it, words)),
});

export const blockData = (block: AskedBlock | undefined) =>
  block === undefined ? null : { number: Number(block.number), hash: block.hash, time: isoOf(block.timestamp) };

export const stateData = ({ is, entry, start, deadline }: OrderState, signBy: bigint) => ({
  is,
  signBy: isoOf(signBy),
  ...(entry === undefined ? {} : { entry: String(entry) }),
  ...(start === undefined ? {} : { start: isoOf(start) }),
  ...(deadline === undefined ? {} : { deadline: isoOf(deadline) }),
});

const signatureData = (judged: Judged, words: Words) => ({
  file: judged.path,
  signer: judged.signer,
  officerId: judged.officerId,
  proof: judged.proof.is,
  ...(judged.safe === undefined ? {} : { safe: judged.safe.address, lacking: judged.lacking ?? null }),
  ...(judged.seat === undefined
    ? {}
    : {
        agency: agencyOf(judged, words) ?? null,
        kind: judged.seat.kind ?? null,
        dismissed: judged.seat.dismissed,
        withdrawn: judged.withdrawn,
        counts: counts(judged),
      }),
});

/** The agency for which the signer sits. */
export const agencyOf = ({ seat }: Judged, words: Words): string | undefined =>
  seat?.agency === undefined ? undefined : (words.agency(seat.agency) ?? labelsOf(words).agency(seat.agency));

/** Digits in groups of four, to be held beside a device. */
const inFours = (hash: Hex): string => `0x ${hash.slice(2).match(/.{4}/g)!.join(" ")}`;

/** What was verified, for a reader with a device in the other hand. */
export function verifiedForReaders(found: Verification): string {
  const { orders, bundles, words, block, findings, notChecked } = found;
  const labels = labelsOf(words);
  const asked = block === undefined ? "" : ` ${labels.askedAt(String(block.number), timeIn(block.timestamp, words))}`;
  return [
    ...orders.flatMap(({ paper, state, ...rest }) => [
      paper.path,
      ...sentenceLines(paper, words),
      ...indented(hashRows(rest), [[labels.state, stateInWords(state, paper.order.message.signBy, words)]]),
      ...signatureLines(rest.signatures, words),
      "",
    ]),
    ...bundles.flatMap(({ paper, ...rest }) => [
      `${paper.path}: ${labels.byOneSignature(paper.count, paper.act, actTerm(paper.act, languageOf(words)))}`,
      ...indented([[labels.root, inFours(paper.root)]], hashRows(rest)),
      ...signatureLines(rest.signatures, words),
      "",
    ]),
    ...notChecked.map(labels.notChecked),
    (findings.length === 0 ? labels.agrees : labels.agreesNot) + asked,
    "",
  ].join("\n");
}

type Rows = [string, string][];

const indented = (...rows: Rows[]) => columns(rows.flat()).map((line) => `  ${line}`);

const hashRows = ({ hashes }: Pick<Verified<unknown>, "hashes">): Rows => [
  ["EIP-712 Digest", inFours(hashes.digest)],
  ["Domain Hash", inFours(hashes.domainHash)],
  ["Message Hash", inFours(hashes.messageHash)],
];

function stateInWords({ is, entry, start, deadline }: OrderState, signBy: bigint, words: Words): string {
  const labels = labelsOf(words);
  if (is === "open" || is === "expired") return labels.voidAfter(labels.states[is], timeIn(signBy, words));
  if (is === "used") return `${labels.states.used}, ${labels.byEntry(String(entry))}`;
  const scheduled = labels.scheduledBy(String(entry));
  if (is === "scheduled") return labels.executable(scheduled, timeIn(start!, words), timeIn(deadline!, words));
  return is === "dead" ? labels.deadSince(timeIn(deadline!, words), scheduled) : `${labels.states[is]}, ${scheduled}`;
}

function signatureLines(signatures: readonly Judged[], words: Words): string[] {
  return signatures
    .map((it) => {
      const agency = agencyOf(it, words) ?? labelsOf(words).anOfficer;
      return `  ${labelsOf(words).signedBy(agency, it.signer, standing(it, words), it.path)}`;
    })
    .sort();
}

function standing(judged: Judged, words: Words): string {
  const { proof, seat, withdrawn, safe, lacking } = judged;
  const { standings, counts } = labelsOf(words);
  if (proof.is !== "own") return proof.is === "forged" ? standings.notOwn : standings.notShown;
  if (safe !== undefined) return `${standings.forSafe} ${safe.address}${lacking === undefined ? "" : `: ${lacking}`}`;
  if (seat === undefined) return standings.seatNotAsked;
  if (seat.kind === undefined) return seat.dismissed ? standings.dismissed : standings.withoutSeat;
  return withdrawn ? standings.withdrawn : counts[seat.kind];
}
