import { zeroAddress, type Address, type Hex } from "viem";
import {
  address,
  amount,
  inCase,
  InvalidAddressError,
  InvalidDocumentError,
  InvalidListError,
  InvalidOrderDigestError,
  InvalidSourceError,
  InvalidUntilError,
  signed,
  term,
  time,
  word,
  type InCase,
  type Signed,
} from "./fields.ts";
import { TRANSFER_SOURCES, type Order, type TransferSource } from "./types.ts";

/** A payment to the treasury that is registered for the asset; delayed. */
export function buildForfeit(input: InCase & { asset: Address; treasury: Address; amount: bigint }): Order<"Forfeit"> {
  return {
    primaryType: "Forfeit",
    message: {
      ...inCase(input),
      asset: address("asset", input.asset),
      treasury: address("treasury", input.treasury),
      amount: amount("amount", input.amount),
      ...signed(input),
    },
  };
}

/** A compensation by the list with the hash `list`: `total` base units, claims for `claimTerm` seconds; delayed. */
export function buildCompensate(
  input: InCase & { asset: Address; total: bigint; root: Hex; list: Hex; claimTerm: number },
): Order<"Compensate"> {
  return {
    primaryType: "Compensate",
    message: {
      ...inCase(input),
      asset: address("asset", input.asset),
      total: amount("total", input.total),
      root: word(InvalidListError, "root", input.root),
      list: word(InvalidListError, "list", input.list),
      claimTerm: term("claimTerm", input.claimTerm),
      ...signed(input),
    },
  };
}

/** Delivery of `amount` to a licensed wallet against at least `leastProceeds`, both in base units; delayed. */
export function buildConvert(
  input: InCase & {
    asset: Address;
    amount: bigint;
    wallet: Address;
    proceedsAsset: Address;
    leastProceeds: bigint;
  },
): Order<"Convert"> {
  const proceedsAsset = address("proceedsAsset", input.proceedsAsset);
  if (proceedsAsset === address("asset", input.asset)) {
    throw new InvalidAddressError("proceedsAsset", proceedsAsset, "an asset other than the converted one");
  }
  return {
    primaryType: "Convert",
    message: {
      ...inCase(input),
      asset: address("asset", input.asset),
      amount: amount("amount", input.amount),
      wallet: address("wallet", input.wallet),
      proceedsAsset,
      leastProceeds: amount("leastProceeds", input.leastProceeds),
      ...signed(input),
    },
  };
}

/** A payment to a free payee. A holder is named where it is the unclaimed money, or at will where it is custody; delayed. */
export function buildTransfer(
  input: InCase & {
    asset: Address;
    source: TransferSource;
    holder?: Address;
    to: Address;
    amount: bigint;
  },
): Order<"Transfer"> {
  const { source, holder } = input;
  if (source !== "custody" && (holder !== undefined) !== (source === "unclaimed")) {
    const needs = source === "unclaimed" ? "the holder who did not come for it" : "no holder";
    throw new InvalidSourceError("holder", holder ?? "none", `${needs}, of the source ${source}`);
  }
  return {
    primaryType: "Transfer",
    message: {
      ...inCase(input),
      asset: address("asset", input.asset),
      source: TRANSFER_SOURCES[source],
      holder: holder === undefined ? zeroAddress : address("holder", holder),
      to: address("to", input.to),
      amount: amount("amount", input.amount),
      ...signed(input),
    },
  };
}

/** Postpones the scheduled order with the digest `order` to the second `until` (Unix seconds). */
export function buildStay(input: Signed & { order: Hex; document: Hex; until: bigint }): Order<"Stay"> {
  return {
    primaryType: "Stay",
    message: {
      order: word(InvalidOrderDigestError, "order", input.order),
      document: word(InvalidDocumentError, "document", input.document),
      until: time(InvalidUntilError, "until", input.until),
      ...signed(input),
    },
  };
}

/** Ends the delayed order with the digest `order` for ever. */
export function buildVeto(input: Signed & { order: Hex; document: Hex }): Order<"Veto"> {
  return {
    primaryType: "Veto",
    message: {
      order: word(InvalidOrderDigestError, "order", input.order),
      document: word(InvalidDocumentError, "document", input.document),
      ...signed(input),
    },
  };
}

/** The objection of `holder`, from whom `asset` was taken, to the scheduled order with the digest `order`. */
export function buildAppeal(
  input: Signed & { order: Hex; document: Hex; asset: Address; holder: Address },
): Order<"Appeal"> {
  return {
    primaryType: "Appeal",
    message: {
      order: word(InvalidOrderDigestError, "order", input.order),
      document: word(InvalidDocumentError, "document", input.document),
      asset: address("asset", input.asset),
      holder: address("holder", input.holder),
      ...signed(input),
    },
  };
}
