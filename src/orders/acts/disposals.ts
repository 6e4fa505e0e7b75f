import { zeroAddress } from "viem";
import { InvalidAddressError, InvalidSourceError } from "../errors.ts";
import { act, inCase } from "./act.ts";
import { address, addressOrNone, amount, list, listHash, numbered, some, term } from "./fields.ts";
import type { InLanguages } from "../../base/languages.ts";
import { TERMS } from "./terms.ts";
import { addressIn } from "./words.ts";

/** Money for one holder: `amount` base units of `asset`, for what was taken in `taken` (`taken = asset`: in kind). */
export const Refund = { fields: { taken: address, asset: address, account: address, amount } };

/** Pays recorded holders back from the vault, each up to what was taken from it. */
export const Return = act(
  inCase({ holders: some(list("Refund", Refund, ({ taken, asset, account }) => [taken, asset, account])) }),
  {
    number: 6,
    call: ["disposal", "refund"],
    bundled: true,
    sentence: {
      en: (m, say) => `Return ${say.ofCase(m)}, from its vault, ${say.repayments(m.holders)}`,
      ru: (m, say) => `${say.ofCase(m)}; из хранилища дела: ${say.repayments(m.holders)}`,
      kk: (m, say) => `${say.ofCase(m)}; істің қоймасынан: ${say.repayments(m.holders)}`,
    },
  },
);

/** Pays to the treasury that the register holds for `asset`. */
export const Forfeit = act(inCase({ asset: address, treasury: address, amount }), {
  number: 7,
  call: ["disposal", "forfeit"],
  delayed: true,
  sentence: {
    en: (m, say) =>
      `Forfeit ${say.ofCase(m)}, ${say.delayed}, ${say.amount(m.asset, m.amount)} to the treasury ${addressIn(m.treasury)}`,
    ru: (m, say) =>
      `${say.ofCase(m)}; ${say.delayed}; сумма: ${say.amount(m.asset, m.amount)}; в казначейство ${addressIn(m.treasury)}`,
    kk: (m, say) =>
      `${say.ofCase(m)}; ${say.delayed}; сомасы: ${say.amount(m.asset, m.amount)}; ${addressIn(m.treasury)} қазынашылығына`,
  },
});

/** Reserves `total` for a Merkle list of claims (`root`; `list` = hash of the list's file), open `claimTerm` seconds from execution. */
export const Compensate = act(
  inCase({ asset: address, total: amount, root: listHash, list: listHash, claimTerm: term }),
  {
    number: 8,
    call: ["disposal", "compensate"],
    delayed: true,
    sentence: {
      en: (m, say) =>
        `Compensate ${say.ofCase(m)}, ${say.delayed}, out of ${say.amount(m.asset, m.total)}, ${say.term(m.claimTerm)}, ` +
        `whoever stands in the list ${m.list} with the root ${m.root}`,
      ru: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; всего: ${say.amount(m.asset, m.total)}; срок требований: ` +
        `${say.term(m.claimTerm)}; получатели: по списку ${m.list} с корнем ${m.root}`,
      kk: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; барлығы: ${say.amount(m.asset, m.total)}; талап ету мерзімі: ` +
        `${say.term(m.claimTerm)}; алушылар: ${m.list} тізімі бойынша, түбірі ${m.root}`,
    },
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
    sentence: {
      en: (m, say) =>
        `Convert ${say.ofCase(m)}, ${say.delayed}, ${say.amount(m.asset, m.amount)} by delivery to the wallet ` +
        `${addressIn(m.wallet)} against its payment of at least ${say.amount(m.proceedsAsset, m.leastProceeds)} into the vault`,
      ru: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; сумма: ${say.amount(m.asset, m.amount)}, передаётся кошельку ` +
        `${addressIn(m.wallet)}; взамен он вносит в хранилище не менее: ${say.amount(m.proceedsAsset, m.leastProceeds)}`,
      kk: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; сомасы: ${say.amount(m.asset, m.amount)}, ${addressIn(m.wallet)} әмиянына ` +
        `беріледі; орнына ол қоймаға кемінде мынаны төлейді: ${say.amount(m.proceedsAsset, m.leastProceeds)}`,
    },
  },
);

/** Where the money of a Transfer comes from, as contracts/Disposal.sol numbers it. */
export const TRANSFER_SOURCES = { custody: 1, suspense: 2, unclaimed: 3 } as const;
export type TransferSource = keyof typeof TRANSFER_SOURCES;

const SOURCES_IN_WORDS: Readonly<Record<number, InLanguages<string>>> = {
  1: TERMS.custody,
  2: TERMS.suspense,
  3: { ...TERMS.unclaimed, en: "the unclaimed money" },
};

/** To a free payee. A holder is named where it is the unclaimed money, or at will where it is custody. */
export const Transfer = act(
  inCase({
    asset: address,
    source: numbered(TRANSFER_SOURCES, InvalidSourceError),
    holder: addressOrNone,
    to: address,
    amount,
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
    sentence: {
      en: (m, say) =>
        `Transfer ${say.ofCase(m)}, ${say.delayed}, ${say.amount(m.asset, m.amount)} from ` +
        (SOURCES_IN_WORDS[m.source]?.en ?? `the unknown source ${m.source}`) +
        `${m.holder === zeroAddress ? "" : ` of the holder ${addressIn(m.holder)}`} to the free payee ${addressIn(m.to)}`,
      ru: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; сумма: ${say.amount(m.asset, m.amount)}; источник: ` +
        (SOURCES_IN_WORDS[m.source]?.ru ?? `неизвестный, ${m.source}`) +
        `${m.holder === zeroAddress ? "" : `; держатель: ${addressIn(m.holder)}`}; свободно выбранный получатель: ${addressIn(m.to)}`,
      kk: (m, say) =>
        `${say.ofCase(m)}; ${say.delayed}; сомасы: ${say.amount(m.asset, m.amount)}; көзі: ` +
        (SOURCES_IN_WORDS[m.source]?.kk ?? `белгісіз, ${m.source}`) +
        `${m.holder === zeroAddress ? "" : `; ұстаушы: ${addressIn(m.holder)}`}; еркін таңдалған алушы: ${addressIn(m.to)}`,
    },
  },
);
