import { zeroAddress } from "viem";
import { InvalidAddressError, InvalidSourceError } from "../errors.ts";
import { act, inCase } from "./act.ts";
import { address, addressOrNone, amount, list, listHash, numbered, some, term } from "./fields.ts";
import { addressIn, amountIn, duration, ofCase, repayments } from "./words.ts";

/** Money for one holder: `amount` base units of `asset`, for what was taken in `taken` (`taken = asset`: in kind). */
export const Refund = { fields: { taken: address, asset: address, account: address, amount } };

/** Pays recorded holders back from the vault, each up to what was taken from it. */
export const Return = act(
  inCase({ holders: some(list("Refund", Refund, ({ taken, asset, account }) => [taken, asset, account])) }),
  {
    number: 6,
    call: ["disposal", "refund"],
    bundled: true,
    sentence: (m, words) => `Return ${ofCase(m)}, from its vault, ${repayments(m.holders, words)}`,
  },
);

/** Pays to the treasury that the register holds for `asset`. */
export const Forfeit = act(inCase({ asset: address, treasury: address, amount }), {
  number: 7,
  call: ["disposal", "forfeit"],
  delayed: true,
  sentence: (m, words) =>
    `Forfeit ${ofCase(m)}, after the delay of its rule, ${amountIn(m.asset, m.amount, words)} to the treasury ${addressIn(m.treasury)}`,
});

/** Reserves `total` for a Merkle list of claims (`root`; `list` = hash of the list's file), open `claimTerm` seconds from execution. */
export const Compensate = act(
  inCase({ asset: address, total: amount, root: listHash, list: listHash, claimTerm: term }),
  {
    number: 8,
    call: ["disposal", "compensate"],
    delayed: true,
    sentence: (m, words) =>
      `Compensate ${ofCase(m)}, after the delay of its rule, out of ${amountIn(m.asset, m.total, words)}, for ` +
      `${duration(m.claimTerm)} from execution, whoever stands in the list ${m.list} with the root ${m.root}`,
  },
);

/** Delivery of `amount` to the licensed `wallet` against at least `leastProceeds`, both in base units. */
export const Convert = act(
  inCase({ asset: address, amount, wallet: address, proceedsAsset: address, leastProceeds: amount }),
  {
    number: 9,
    call: ["disposal", "convert"],
    delayed: true,
    check(_, { asset, proceedsAsset }) {
      if (asset !== proceedsAsset) return;
      throw new InvalidAddressError("proceedsAsset", proceedsAsset, "an asset other than the converted one");
    },
    sentence: (m, words) =>
      `Convert ${ofCase(m)}, after the delay of its rule, ${amountIn(m.asset, m.amount, words)} by delivery to the wallet ` +
      `${addressIn(m.wallet)} against its payment of at least ${amountIn(m.proceedsAsset, m.leastProceeds, words)} into the vault`,
  },
);

/** Where the money of a Transfer comes from, as contracts/Disposal.sol numbers it. */
export const TRANSFER_SOURCES = { custody: 1, suspense: 2, unclaimed: 3 } as const;
export type TransferSource = keyof typeof TRANSFER_SOURCES;

const SOURCES_IN_WORDS: Record<number, string> = { 1: "custody", 2: "suspense", 3: "the unclaimed money" };

/** To a free payee. A holder is named where it is the unclaimed money, or at will where it is custody. */
export const Transfer = act(
  inCase({
    ...{ asset: address, source: numbered(TRANSFER_SOURCES, InvalidSourceError), holder: addressOrNone },
    ...{ to: address, amount },
  }),
  {
    number: 10,
    call: ["disposal", "transfer"],
    delayed: true,
    check(_, { source, holder }) {
      const unclaimed = source === TRANSFER_SOURCES.unclaimed;
      if (source === TRANSFER_SOURCES.custody || (holder !== zeroAddress) === unclaimed) return;
      const needs = unclaimed ? "the holder who did not come for it" : "no holder, of the source suspense";
      throw new InvalidSourceError("holder", holder === zeroAddress ? "none" : holder, needs);
    },
    sentence(m, words) {
      const source = SOURCES_IN_WORDS[m.source] ?? `the unknown source ${m.source}`;
      const of = m.holder === zeroAddress ? "" : ` of the holder ${addressIn(m.holder)}`;
      return (
        `Transfer ${ofCase(m)}, after the delay of its rule, ${amountIn(m.asset, m.amount, words)} from ${source}${of} to the ` +
        `free payee ${addressIn(m.to)}`
      );
    },
  },
);
