import {
  encodeFunctionData,
  getAddress,
  pad,
  parseAbi,
  recoverAddress,
  slice,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { abiOf } from "../chain/artifacts.ts";
import { saysNo } from "../chain/refusals.ts";
import { SequesterError } from "../base/errors.ts";
import { isKeyByLength, mergeApprovals, officerId } from "./approvals.ts";
import type { SignatureFile } from "./files.ts";
import { officerKind, type OfficerKind } from "./acts/officers.ts";

/** Whether a signature is its signer's own; open: nothing at hand can tell. */
export interface Proof {
  is: "own" | "forged" | "open";
  /** Why, where it is not its own. */
  has: string;
  /** Of its own: whether it was recovered, and so is a key's. */
  recovered?: true;
}

const OWN: Proof = { is: "own", has: "" };
const RECOVERED: Proof = { ...OWN, recovered: true };
const forged = (has: string): Proof => ({ is: "forged", has });
const open = (has: string): Proof => ({ is: "open", has });

/** What the signature of a key shows by itself. */
async function proofOfKey({ digest, signer, signature }: SignatureFile): Promise<Proof> {
  try {
    const [normal] = mergeApprovals([{ signer, signature }], () => true);
    const by = await recoverAddress({ hash: digest, signature: normal!.signature });
    return by.toLowerCase() === signer.toLowerCase() ? RECOVERED : forged(`one by ${by}`);
  } catch (fault) {
    return forged(
      fault instanceof SequesterError ? (fault.metaMessages[1] ?? "").replace("has: ", "") : "one by nobody",
    );
  }
}

/** What a signature shows by itself: of a key alone that it is its own. */
export async function proofAlone(file: SignatureFile): Promise<Proof> {
  if (!isKeyByLength(file.signer))
    return open("one of a verifier's key: --deployment names the verifiers, or a node asks its own");
  const proof = await proofOfKey(file);
  return proof.is === "own" ? proof : open(`${proof.has}, so none of a key; of a contract's, only a node can ask it`);
}

/** Who an officer is to the Quorum. */
export interface Seat {
  /** Undefined where it has no seat. */
  kind?: OfficerKind | undefined;
  agency?: number | undefined;
  dismissed: boolean;
  /** Dismissed since its key is in wrong hands: what it approved, and waits, is counted anew without it. */
  compromised?: boolean;
}

/** A Quorum at one block of a node. */
export interface QuorumAt {
  client: PublicClient;
  quorum: Address;
  blockNumber: bigint;
}

const views = ({ quorum, blockNumber }: QuorumAt) => ({ address: quorum, abi: abiOf("Quorum"), blockNumber }) as const;

/** The seat of an officer. */
export const seatAt = (at: QuorumAt, signer: Hex): Promise<Seat> => seatOfId(at, officerId(signer));

/** The seat of an officer, by its id. */
export async function seatOfId(at: QuorumAt, id: Hex): Promise<Seat> {
  const args = [id] as const;
  const [[kind, agency], [dismissed, compromised]] = await Promise.all([
    at.client.readContract({ ...views(at), functionName: "officer", args }),
    at.client.readContract({ ...views(at), functionName: "dismissalOf", args }),
  ]);
  const name = officerKind(kind);
  const ended = { dismissed, ...(compromised && { compromised }) };
  return name === undefined ? ended : { kind: name, agency, ...ended };
}

/** Whether an officer withdrew its approval of an order or a bundle. */
export const isWithdrawnAt = (at: QuorumAt, digest: Hex, signer: Hex): Promise<boolean> =>
  at.client.readContract({ ...views(at), functionName: "isWithdrawn", args: [digest, officerId(signer)] });

/** Whether a contract officer approved an order or a bundle by calling, and did not revoke it. */
export const isApprovedAt = (at: QuorumAt, digest: Hex, signer: Hex): Promise<boolean> =>
  at.client.readContract({ ...views(at), functionName: "isApproved", args: [digest, officerId(signer)] });

const QUESTIONS = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
  "function verify(bytes key, bytes32 hash, bytes signature) view returns (bytes4)",
]);

/** What a signature shows where the Quorum, contracts and verifiers can be asked. */
export async function proofAt(at: QuorumAt, seat: Seat, file: SignatureFile): Promise<Proof> {
  const { digest, signer, signature } = file;
  if (!isKeyByLength(signer)) {
    const verifier = getAddress(slice(signer, 0, 20));
    const args = [slice(signer, 20), digest, signature] as const;
    const yes = await affirms(at, verifier, encodeFunctionData({ abi: QUESTIONS, functionName: "verify", args }));
    return yes ? OWN : forged(`none of which the verifier ${verifier} says that it is`);
  }
  const ofKey = await proofOfKey(file);
  if (seat.kind === "key" || (seat.kind === undefined && ofKey.is === "own")) return ofKey;
  const args = [digest, signature] as const;
  const asked = encodeFunctionData({ abi: QUESTIONS, functionName: "isValidSignature", args });
  if ((await isApprovedAt(at, digest, signer)) || (await affirms(at, getAddress(signer), asked))) return OWN;
  return seat.kind === "contract" ? forged("none to which the contract says yes") : ofKey;
}

/** Whether an account answers a question with its selector in one word, which means yes, as the Quorum takes it. */
async function affirms({ client, blockNumber }: QuorumAt, to: Address, data: Hex): Promise<boolean> {
  try {
    const answer = await client.call({ to, data, blockNumber });
    return answer.data === pad(slice(data, 0, 4), { dir: "right", size: 32 });
  } catch (fault) {
    if (saysNo(fault)) return false;
    throw fault;
  }
}
