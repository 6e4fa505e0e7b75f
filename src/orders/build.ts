import { isHex, size, slice, type Address, type Hex } from "viem";
import {
  address,
  amount,
  ascending,
  inCase,
  InvalidAgencyError,
  InvalidDocumentError,
  InvalidOrderDigestError,
  InvalidSignerError,
  InvalidUntilError,
  placement,
  signed,
  some,
  targets,
  term,
  time,
  word,
  type InCase,
  type Signed,
} from "./fields.ts";
import { OFFICER_KINDS, SELF, type Order, type Refund, type Target } from "./types.ts";

/** Verifiers below are precompiles, among them one that echoes its input and so would accept any signature. */
const LEAST_VERIFIER = 0x200n;

const refunded = ({ taken, asset, account }: Refund): Address[] => [taken, asset, account];

/** Provisional holds for `term` seconds from execution. */
export function buildFreeze(
  input: InCase & { targets: readonly Target[]; term: number; wholeAccount?: boolean },
): Order<"Freeze"> {
  return {
    primaryType: "Freeze",
    message: {
      ...inCase(input),
      targets: some("targets", targets("targets", input.targets)),
      term: term("term", input.term),
      wholeAccount: input.wholeAccount ?? false,
      ...signed(input),
    },
  };
}

/**
 * Holds by the court until `until` (Unix seconds): confirms live ones with placement numbers up to `upTo`, places new ones,
 * or both.
 */
export function buildArrest(
  input: InCase & {
    confirm?: readonly Target[];
    place?: readonly Target[];
    upTo: number;
    until: bigint;
    wholeAccount?: boolean;
    omnibus?: boolean;
  },
): Order<"Arrest"> {
  const confirm = targets("confirm", input.confirm ?? []);
  const place = targets("place", input.place ?? []);
  some("confirm and place", [...confirm, ...place]);
  return {
    primaryType: "Arrest",
    message: {
      ...inCase(input),
      confirm,
      place,
      upTo: placement("upTo", input.upTo),
      until: time(InvalidUntilError, "until", input.until),
      wholeAccount: input.wholeAccount ?? false,
      omnibus: input.omnibus ?? false,
      ...signed(input),
    },
  };
}

/** Releases the amounts of the case's live holds with placement numbers up to `upTo`; arrested ones only where it says so. */
export function buildLift(
  input: InCase & { holds: readonly Target[]; upTo: number; arrested: boolean },
): Order<"Lift"> {
  return {
    primaryType: "Lift",
    message: {
      ...inCase(input),
      holds: some("holds", targets("holds", input.holds)),
      upTo: placement("upTo", input.upTo),
      arrested: input.arrested,
      ...signed(input),
    },
  };
}

/** Moves the amounts of the case's live holds with placement numbers up to `upTo` into its vault. */
export function buildSeize(input: InCase & { holds: readonly Target[]; upTo: number }): Order<"Seize"> {
  return {
    primaryType: "Seize",
    message: {
      ...inCase(input),
      holds: some("holds", targets("holds", input.holds)),
      upTo: placement("upTo", input.upTo),
      ...signed(input),
    },
  };
}

/** Pays recorded holders back from the case's vault. */
export function buildReturn(input: InCase & { holders: readonly Refund[] }): Order<"Return"> {
  const holders = ascending(
    "holders",
    refunded,
    input.holders.map((refund, i) => ({
      taken: address(`holders[${i}].taken`, refund.taken),
      asset: address(`holders[${i}].asset`, refund.asset),
      account: address(`holders[${i}].account`, refund.account),
      amount: amount(`holders[${i}].amount`, refund.amount),
    })),
  );
  return {
    primaryType: "Return",
    message: { ...inCase(input), holders: some("holders", holders), ...signed(input) },
  };
}

/** Withdraws the signing officer's own approval of the order with the digest `order`. */
export function buildCancel(input: Signed & { order: Hex }): Order<"Cancel"> {
  return {
    primaryType: "Cancel",
    message: { order: word(InvalidOrderDigestError, "order", input.order), ...signed(input) },
  };
}

/** Seats an officer in the agency with the index `agency`; `signer` are its ERC-7913 bytes. */
export function buildAdmit(
  input: Signed & { agency: number; kind: keyof typeof OFFICER_KINDS; signer: Hex; document: Hex },
): Order<"Admit"> {
  const { agency, kind } = input;
  if (!Number.isInteger(agency) || agency < 0 || agency >= SELF) {
    throw new InvalidAgencyError("agency", agency, `an index from 0 to ${SELF - 1}`);
  }
  return {
    primaryType: "Admit",
    message: {
      agency,
      kind: OFFICER_KINDS[kind],
      signer: signerOf(kind, input.signer),
      document: word(InvalidDocumentError, "document", input.document),
      ...signed(input),
    },
  };
}

function signerOf(kind: keyof typeof OFFICER_KINDS, signer: Hex): Hex {
  const wholeBytes = isHex(signer) && signer.length % 2 === 0;
  if (kind === "verifier") {
    if (!wholeBytes || size(signer) <= 20)
      throw new InvalidSignerError("signer", signer, "verifier ‖ key, above 20 bytes");
    if (BigInt(slice(signer, 0, 20)) < LEAST_VERIFIER) {
      throw new InvalidSignerError("signer", signer, "a verifier that is no precompile (not below 0x200)");
    }
  } else if (!wholeBytes || size(signer) !== 20 || BigInt(signer) === 0n) {
    throw new InvalidSignerError("signer", signer, `the address of a ${kind}, 20 bytes, not 0`);
  }
  return signer.toLowerCase() as Hex;
}
