import { getAddress, isAddress, size, slice, type Hex } from "viem";
import { InvalidActError, InvalidAgencyError, InvalidKindError, InvalidSignerError } from "../errors.ts";
import { act, signed } from "./act.ts";
import {
  bytes,
  digits,
  document,
  flag,
  indexBelow,
  list,
  numbered,
  numberIn,
  officerId,
  seconds,
  type MessageOf,
} from "./fields.ts";
import { duration, type Told } from "./words.ts";

/**
 * Kinds of officers, fixed at admission: a key (20 bytes, only ever ecrecovered), a contract (20 bytes, ERC-1271),
 * or verifier ‖ key (ERC-7913).
 */
export const OFFICER_KINDS = { key: 1, contract: 2, verifier: 3 } as const;
export type OfficerKind = keyof typeof OFFICER_KINDS;

/** The index that means SELF in a rule; agencies have the indices below it. */
export const SELF = 15;

/** Verifiers below are precompiles, among them one that echoes its input and so would accept any signature. */
const LEAST_VERIFIER = 0x200n;

const candidateFields = signed({
  ...{ agency: indexBelow(SELF, InvalidAgencyError), kind: numbered(OFFICER_KINDS, InvalidKindError) },
  ...{ signer: bytes, document },
});

/** Seats an officer; the candidate signs too. `agency`: its index; `signer`: ERC-7913 bytes. */
export const Admit = act(candidateFields, {
  number: 14,
  call: ["quorum", "admit"],
  delayed: true,
  consent: "signer",
  check(_, { kind, signer }) {
    if (kind !== OFFICER_KINDS.verifier) {
      if (size(signer) === 20 && BigInt(signer) !== 0n) return;
      throw new InvalidSignerError("signer", signer, "the address of a key or contract, 20 bytes, not 0");
    }
    if (size(signer) <= 20) throw new InvalidSignerError("signer", signer, "verifier ‖ key, above 20 bytes");
    if (BigInt(slice(signer, 0, 20)) < LEAST_VERIFIER) {
      throw new InvalidSignerError("signer", signer, "a verifier that is no precompile (not below 0x200)");
    }
  },
  sentence(m, words) {
    const agency = words.agency(m.agency) ?? "an unknown agency";
    return `Admit as an officer of ${agency} (agency ${m.agency}) the ${candidate(m)}, on the document ${m.document}`;
  },
});

function candidate({ kind, signer }: MessageOf<typeof candidateFields>): string {
  const shown = isAddress(signer, { strict: false }) ? getAddress(signer) : signer;
  if (kind === OFFICER_KINDS.key) return `key ${shown}`;
  if (kind === OFFICER_KINDS.contract) return `contract ${shown}`;
  if (kind === OFFICER_KINDS.verifier && size(signer) > 20) {
    return `key ${slice(signer, 20)} checked by the verifier ${getAddress(slice(signer, 0, 20))}`;
  }
  return `signer ${shown} of the unknown kind ${kind}`;
}

/** Unseats an officer at once; `compromised`: delayed orders that it approved can never execute. */
export const Dismiss = act(signed({ officerId, document, compromised: flag }), {
  number: 15,
  call: ["quorum", "dismiss"],
  sentence(m) {
    const why = m.compromised ? "because its key is in wrong hands" : "in good standing";
    return `Dismiss for ever the officer ${m.officerId}, ${why}, on the document ${m.document}`;
  },
});

/** What an act needs. `officers`: one hex digit per agency; `delay`, `grace`, `term` in seconds. */
export const Rule = { fields: { officers: digits, delay: seconds, grace: seconds, term: seconds } };

/** Replaces the rules of one act, or ends it where there are none. */
export const Configure = act(signed({ act: numberIn([1, 20], InvalidActError), document, rules: list("Rule", Rule) }), {
  number: 16,
  call: ["quorum", "configure"],
  delayed: true,
  sentence(m, words) {
    const rules = m.rules.map(({ officers, delay, grace, term }) => {
      const times = `delay ${duration(delay)}, grace ${duration(grace)}, longest term ${duration(term)}`;
      return `${officersOf(officers, words)} (${times})`;
    });
    const act = words.act(m.act) ?? "an unknown act";
    return `Replace the rules of ${act} (act ${m.act}) by ${rules.join(", or ") || "none"}, on the document ${m.document}`;
  },
});

/** Of the packed digits, one per agency; the highest one is the agency that the order is about. */
function officersOf(officers: Hex, words: Told): string {
  const told = [...officers.slice(2)].reverse().flatMap((digit, index) => {
    if (digit === "0") return [];
    const agency = index === SELF ? "the agency itself" : (words.agency(index) ?? `agency ${index}`);
    return [`${agency} ${Number.parseInt(digit, 16)}`];
  });
  return told.join(" + ") || "nobody";
}
