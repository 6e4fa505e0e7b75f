import type { Address, Hex } from "viem";
import { decodeName } from "../orders/caseId.ts";
import type { Entry } from "./entries.ts";
import { decodeEffects, dismissalOf, licenceOf, seatOf, wordOf } from "./effects.ts";

/** An officer, as the journal tells it. Seconds are Unix time. */
export interface OfficerState {
  /** keccak256 of its ERC-7913 signer. */
  readonly id: Hex;
  /** Its key, its contract, or the verifier of its key. */
  readonly account: Address;
  readonly kind: number;
  readonly agency: number;
  readonly since: number;
  /** The last approval of it that counted; undefined: none did. */
  lastSigned?: number;
  dismissed?: { at: number; compromised: boolean };
}

/** An alternative of an act's rule. Seconds. */
export interface RuleState {
  /** Least number of officers by the index of their agency; 15: added to the agency that an order is about. */
  readonly officers: ReadonlyMap<number, number>;
  readonly delay: number;
  readonly grace: number;
  readonly term: number;
  /** As the Quorum stores it. */
  readonly word: bigint;
}

export interface LicenceState {
  readonly platform: string;
  readonly omnibus: boolean;
  readonly first: number;
  readonly until: number;
  /** When its platform was suspended; no licence since then undid it. */
  readonly suspended?: number;
}

/** What officers said on chain of an order, or of a bundle: by digest, their ids. What they signed is told with the order that it decided. */
export type Said = Map<Hex, Set<Hex>>;

/** Who may do what, as the journal tells it. */
export interface Powers {
  /** Names by index. */
  readonly agencies: Map<number, string>;
  readonly officers: Map<Hex, OfficerState>;
  /** Alternatives by act, without gaps. */
  readonly rules: Map<number, RuleState[]>;
  /** By asset. */
  readonly treasuries: Map<Address, Address>;
  readonly verifiers: Set<Address>;
  /** By place in the charter's numbers. */
  readonly numbers: Map<number, bigint>;
  /** The last of each wallet. */
  readonly licences: Map<Address, LicenceState>;
  /** Approvals that contract officers gave on chain; one that was withdrawn since counts no more. */
  readonly approved: Said;
  /** Approvals that were withdrawn, for ever: whoever withdrew from a bundle approves none of its orders by it. */
  readonly withdrawn: Said;
}

/** What a word of contracts/types/Rule.sol packs. */
export function ruleOf(word: bigint): RuleState {
  const part = (bit: bigint) => Number((word >> bit) & 0xffff_ffffn);
  const digits = Array.from({ length: 16 }, (_, i): [number, number] => [i, Number((word >> BigInt(4 * i)) & 0xfn)]);
  const officers = new Map(digits.filter(([, n]) => n > 0));
  return { officers, delay: part(64n), grace: part(96n), term: part(128n), word };
}

/** Rebuilds who may do what from the entries alone. @throws UnreadableEffectsError, UnknownEffectError */
export function powersOf(entries: Iterable<Entry>): Powers {
  const powers: Powers = {
    agencies: new Map(),
    officers: new Map(),
    rules: new Map(),
    treasuries: new Map(),
    verifiers: new Set(),
    numbers: new Map(),
    licences: new Map(),
    approved: new Map(),
    withdrawn: new Map(),
  };
  for (const { timestamp, officerIds, effects } of entries) {
    const at = Number(timestamp);
    for (const id of officerIds) {
      const officer = powers.officers.get(id);
      if (officer !== undefined) officer.lastSigned = at;
    }
    for (const { what, asset, account, amount, value } of decodeEffects(effects)) {
      switch (what) {
        case "agencyNamed":
          powers.agencies.set(Number(amount), decodeName(wordOf(value)));
          break;
        case "admitted":
          powers.officers.set(wordOf(value), { id: wordOf(value), account, ...seatOf(amount), since: at });
          break;
        case "dismissed": {
          const officer = powers.officers.get(wordOf(value));
          if (officer !== undefined) officer.dismissed = { at, compromised: dismissalOf(amount).compromised };
          break;
        }
        case "ruleSet":
          setRule(powers.rules, Number(amount >> 8n), Number(amount & 0xffn), value);
          break;
        case "treasurySet":
          powers.treasuries.set(asset, account);
          break;
        case "verifierAllowed":
          powers.verifiers.add(account);
          break;
        case "numberSet":
          powers.numbers.set(Number(amount), value);
          break;
        case "licensed":
          powers.licences.set(account, { platform: decodeName(wordOf(value)), ...licenceOf(amount) });
          break;
        case "suspended":
          for (const [wallet, licence] of powers.licences) {
            if (licence.platform === decodeName(wordOf(value)))
              powers.licences.set(wallet, { ...licence, suspended: at });
          }
          break;
        case "approved":
          say(powers.approved, amount, value);
          break;
        case "approvalWithdrawn":
          say(powers.withdrawn, amount, value);
          break;
        default:
      }
    }
  }
  return powers;
}

function say(said: Said, digest: bigint, officer: bigint): void {
  const officers = said.get(wordOf(digest)) ?? new Set();
  said.set(wordOf(digest), officers.add(wordOf(officer)));
}

function setRule(rules: Powers["rules"], act: number, alternative: number, value: bigint): void {
  const alternatives = rules.get(act) ?? [];
  rules.set(act, alternatives);
  if (value === 0n) alternatives.length = Math.min(alternatives.length, alternative);
  else alternatives[alternative] = ruleOf(value);
}
