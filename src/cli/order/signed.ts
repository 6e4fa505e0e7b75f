import type { Address, Hex } from "viem";
import type { VerifierName } from "../../chain/artifacts.ts";
import { officerId } from "../../orders/approvals.ts";
import { isWithdrawnAt, proofAt, seatAt, type Proof, type QuorumAt, type Seat } from "../../orders/proofs.ts";
import { proofOffline } from "../../signing/check.ts";
import { finding, type Finding } from "./findings.ts";
import type { Papers, SignaturePaper } from "./papers.ts";
import { joinOwners } from "./safes.ts";

/** A signature, and what is known of it. */
export interface Judged extends SignaturePaper {
  officerId: Hex;
  proof: Proof;
  /** By the Quorum, where it was asked. */
  seat?: Seat;
  /** Whether the officer withdrew it. */
  withdrawn?: boolean;
  /** Of an owner of a Safe: how many more of them it takes. */
  lacking?: string;
}

/** What signatures are held against: the Quorum, and the verifiers of the deployment, whose keys need no node. */
export interface Against {
  at?: QuorumAt | undefined;
  verifiers?: Record<VerifierName, Address> | undefined;
}

/** Whether a signature counts: its officer's own, seated, not withdrawn. */
export const counts = ({ proof, seat, withdrawn }: Judged): boolean =>
  proof.is === "own" && seat?.kind !== undefined && withdrawn === false;

/** What was read, by digest. */
export const digestsIn = ({ orders, bundles }: Pick<Papers, "orders" | "bundles">): Hex[] =>
  [...orders, ...bundles].map(({ digest }) => digest.toLowerCase() as Hex);

/** Signatures over what was read; the others are of other orders. */
export function sorted(papers: Papers): { ours: SignaturePaper[]; foreign: SignaturePaper[] } {
  const { signatures } = papers;
  const digests = new Set<string>(digestsIn(papers));
  const isOurs = ({ digest }: SignaturePaper) => digests.has(digest.toLowerCase());
  return { ours: signatures.filter(isOurs), foreign: signatures.filter((it) => !isOurs(it)) };
}

/** Every signature is looked at alone, or with the Quorum's help; those of a Safe's owners are joined, where it tells them. */
export async function judge(signatures: readonly SignaturePaper[], { at, verifiers }: Against): Promise<Judged[]> {
  const seats = new Map<Hex, Promise<Seat>>();
  const seatOf = (quorum: QuorumAt, signer: Hex) => {
    const known = seats.get(signer) ?? seatAt(quorum, signer);
    seats.set(signer, known);
    return known;
  };
  const { officers, owners } = await joinOwners(signatures, at);
  const judged = await Promise.all(
    officers.map(async (file) => {
      const id = officerId(file.signer);
      const alone = await proofOffline(file, verifiers);
      if (at === undefined) return { ...file, officerId: id, proof: alone };
      const seat = await seatOf(at, file.signer);
      const [asked, withdrawn] = await Promise.all([
        proofAt(at, seat, file),
        isWithdrawnAt(at, file.digest, file.signer),
      ]);
      // The verifier decides; what it does not say is why.
      const proof = asked.is === "forged" && alone.is === "forged" ? alone : asked;
      return { ...file, officerId: id, proof, seat, withdrawn };
    }),
  );
  return [...judged, ...owners.map((it) => ({ ...it, officerId: officerId(it.signer) }))];
}

/**
 * Signatures that are not their signers' own, or by nobody who has or had a seat. Without a node a signature that no key
 * has made can be a contract's: `contracts` are the officers of whom the caller says that they are.
 */
export const signatureFindings = (judged: readonly Judged[], contracts: ReadonlySet<string>): Finding[] =>
  judged.flatMap(({ path, signer, digest, proof, seat, safe }) => {
    const needs = `the own signature of ${signer} over ${digest}`;
    const isVerifiers = signer.length > 42;
    if (proof.is === "forged") return [finding("WrongSigner", path, proof.has, needs)];
    if (proof.is === "open" && safe === undefined && !isVerifiers && !contracts.has(signer.toLowerCase())) {
      return [
        finding("WrongSigner", path, proof.has, `${needs}; or --contract ${signer}, if a contract is the officer`),
      ];
    }
    if (seat === undefined || seat.kind !== undefined || seat.dismissed) return [];
    return [finding("UnseatedSigner", path, `${signer}, who never had a seat`, "an officer's signature")];
  });

/** Signatures over nothing that was asked about. */
export const foreignFindings = (foreign: readonly SignaturePaper[], folder: boolean): Finding[] =>
  foreign
    .filter(({ loose }) => folder || !loose)
    .map(({ path, digest }) =>
      finding("ForeignSignature", path, `one over ${digest}`, "one over an order or a bundle that is here"),
    );
