import { getAddress, getContractAddress, isAddressEqual, type Address, type Hex } from "viem";
import { bytesOf, keccakHex } from "../base/keccak.ts";
import { namedEntries, type Deployment, type PerContract } from "../chain/deployments.ts";
import { verifyChain } from "../journal/chain.ts";
import { wordOf } from "../journal/effects.ts";
import type { Entry } from "../journal/entries.ts";
import { powersOf, type Powers } from "../journal/powers.ts";
import { replay, type JournalState } from "../journal/replay.ts";
import { definitionOf } from "../orders/acts/index.ts";
import { LAST_RULED, PRIMARY_TYPES } from "../orders/types.ts";
import { readHeader, type Header } from "./header.ts";
import { proven, ProofError, type AccountProof, type ProvenAccount } from "./proof.ts";
import { accountSlot, entriesIn, JOURNAL_SLOTS, ruleSlot } from "./slots.ts";

/** All that a pack is drawn up from. Nothing of it is believed but the hash of the block that an auditor brings. */
export interface Evidence {
  readonly deployment: Deployment;
  /** The block's header as it is hashed. */
  readonly header: Hex;
  /** In the order of `wantedBy`. */
  readonly proofs: readonly AccountProof[];
  /** The journal up to the block. */
  readonly entries: readonly Entry[];
  /** Runtime code by its keccak256, of every code that a proof tells. */
  readonly codes: Readonly<Record<Hex, Hex>>;
}

/** What the evidence shows, once every proof was followed. */
export interface Shown {
  readonly header: Header;
  readonly accounts: ReadonlyMap<Address, ProvenAccount>;
  readonly state: JournalState;
  readonly powers: Powers;
}

/** An account and the slots of its storage that are to be proven. */
export interface Wanted {
  readonly address: Address;
  readonly slots: readonly Hex[];
}

/** Every contract whose code is proven, by its name: those that the deployment's file names, and the check that the quorum made for itself. */
export const placesIn = (addresses: PerContract<Address>): [name: string, address: Address][] => [
  ...namedEntries(addresses),
  // The first contract that the quorum creates (EIP-161: a contract's nonce begins with 1).
  ["charterCheck", getContractAddress({ from: addresses.quorum, nonce: 1n })],
];

/** What is to be proven: code of every contract, journal, rules, and every vault's balance of every asset; ascending by address. */
export function wantedBy({ addresses }: Deployment, state: JournalState, powers: Powers): Wanted[] {
  const vaults = vaultsOf(state);
  const slotsOf: Record<string, readonly Hex[]> = {
    docket: [JOURNAL_SLOTS.counters, JOURNAL_SLOTS.head],
    quorum: ruledActs().flatMap((act) => {
      // One more than there are: that it ends there is proven, too.
      const alternatives = Array.from({ length: (powers.rules.get(act)?.length ?? 0) + 1 }, (_, i) => i);
      return alternatives.map((alternative) => ruleSlot(addresses[executorOf(act)], act, alternative));
    }),
  };
  const wanted = new Map<Address, Hex[]>();
  const want = (address: Address, slots: readonly Hex[]) =>
    wanted.set(address, [...(wanted.get(address) ?? []), ...slots]);
  for (const [name, address] of placesIn(addresses)) {
    want(address, name.startsWith("assets.") ? vaults.map(accountSlot) : (slotsOf[name] ?? []));
  }
  for (const vault of vaults) want(vault, []);
  return [...wanted]
    .map(([address, slots]) => ({ address, slots }))
    .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
}

/** The vaults that were created, in the order of their cases. */
const vaultsOf = ({ cases }: JournalState): Address[] =>
  [...cases.values()].flatMap(({ vault }) => (vault === undefined ? [] : [vault]));

/** Acts that are decided under rules. */
export const ruledActs = (): number[] => Array.from({ length: LAST_RULED }, (_, i) => i + 1);

/** The contract under which the Quorum keeps the rules of an act. */
export function executorOf(act: number): "docket" | "disposal" | "quorum" | "register" {
  const type = PRIMARY_TYPES.find((it) => definitionOf(it).number === act);
  return (type && definitionOf(type).call?.[0]) ?? "docket";
}

/**
 * Follows every proof from the header's state root, recomputes the journal up to the head that the docket stores, and replays it.
 * @throws HeaderError, ProofError, JournalBrokenError, JournalContradictionError, UnknownEffectError, UnreadableEffectsError
 */
export async function show({ deployment, header: encoded, proofs, entries, codes }: Evidence): Promise<Shown> {
  const { chainId, addresses } = deployment;
  const header = readHeader(encoded);
  const accounts = new Map<Address, ProvenAccount>();
  for (const proof of proofs) accounts.set(getAddress(proof.address), await proven(proof, header.stateRoot));
  requireCodes(codes, [...accounts.values()]);
  const docket = accounts.get(addresses.docket)?.words;
  const [counters, head] = [JOURNAL_SLOTS.counters, JOURNAL_SLOTS.head].map((slot) => docket?.get(slot));
  if (counters === undefined || head === undefined) {
    throw new ProofError(addresses.docket, "no proof of the journal", "its counters and its head");
  }
  const stored = { entries: entriesIn(counters), head: wordOf(head) };
  verifyChain(entries, { chainId, docket: addresses.docket, stored });
  const state = replay(entries);
  const powers = powersOf(entries);
  requireAll(proofs, wantedBy(deployment, state, powers));
  return { header, accounts, state, powers };
}

/** The proofs are those that the journal asks for, no more and no less, in their order. */
function requireAll(proofs: readonly AccountProof[], wanted: readonly Wanted[]): void {
  if (proofs.length !== wanted.length) {
    throw new ProofError(
      "the accounts",
      `${proofs.length} proofs`,
      `${wanted.length}, one for each contract and vault`,
    );
  }
  for (const [i, { address, slots }] of wanted.entries()) {
    const { address: has, storageProof } = proofs[i]!;
    if (!isAddressEqual(has, address)) throw new ProofError(address, has, address);
    const keys = storageProof.map(({ key }) => key);
    if (keys.join() !== slots.join()) throw new ProofError(address, `slots ${keys.join(" ")}`, slots.join(" "));
  }
}

/** Every code that is proven is there, and no other. */
function requireCodes(codes: Evidence["codes"], accounts: readonly ProvenAccount[]): void {
  const hashes = new Set(accounts.map(({ codeHash }) => codeHash));
  for (const [hash, code] of Object.entries(codes)) {
    const has = keccakHex(bytesOf(code));
    if (has !== hash || !hashes.has(has)) throw new ProofError(`the code ${hash}`, has, [...hashes].join(" "));
  }
  for (const hash of hashes) {
    if (!(hash in codes)) throw new ProofError(`the code ${hash}`, "no code", "the code itself");
  }
}
