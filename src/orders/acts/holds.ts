import { EmptyOrderError } from "../errors.ts";
import { act, inCase, targets } from "./act.ts";
import { address, amount, downFlag, flag, placement, some, subAccount, term, until } from "./fields.ts";
import { addressIn, amountIn, amounts, duration, moment, numbers, ofCase, scope } from "./words.ts";

/** Provisional holds. `term` in seconds from execution, at most the longest term of the rule named at execution. */
export const Freeze = act(inCase({ targets: some(targets), term, wholeAccount: downFlag }), {
  number: 1,
  call: ["docket", "freeze"],
  bundled: true,
  sentence: (m, words) =>
    `Freeze provisionally ${ofCase(m)}, for ${duration(m.term)} from execution, ${amounts(m.targets, words)}; ${scope(m)}`,
});

/** Holds by the court until the second `until`: confirms live ones with numbers up to `upTo`, places new ones, or both. */
export const Arrest = act(
  inCase({ confirm: targets, place: targets, upTo: placement, until, wholeAccount: downFlag, omnibus: downFlag }),
  {
    number: 2,
    call: ["docket", "arrest"],
    bundled: true,
    check(_, { confirm, place }) {
      if (confirm.length + place.length === 0)
        throw new EmptyOrderError("confirm and place", "no entry", "at least one");
    },
    sentence(m, words) {
      const omnibus = m.omnibus ? "omnibus wallets of platforms may be arrested" : "no omnibus wallet may be arrested";
      return (
        `Arrest ${ofCase(m)}, until ${moment(m.until)}, by confirming live holds with ${numbers(m)} on ` +
        `${amounts(m.confirm, words)}, and by placing new holds on ${amounts(m.place, words)}; ${scope(m)}; ${omnibus}`
      );
    },
  },
);

/** Releases holds with numbers up to `upTo` in whole or in part, youngest first; arrested ones only where it says so. */
export const Lift = act(inCase({ holds: some(targets), upTo: placement, arrested: flag }), {
  number: 3,
  call: ["docket", "lift"],
  sentence(m, words) {
    const which = m.arrested ? "the holds, arrested ones too," : "the provisional holds";
    return `Lift ${ofCase(m)}, ${which} with ${numbers(m)} on ${amounts(m.holds, words)}`;
  },
});

/** Moves held money with numbers up to `upTo` into the case's vault, oldest hold first. */
export const Seize = act(inCase({ holds: some(targets), upTo: placement }), {
  number: 5,
  call: ["docket", "seize"],
  bundled: true,
  sentence: (m, words) =>
    `Seize ${ofCase(m)}, from its holds with ${numbers(m)} into its vault, ${amounts(m.holds, words)}`,
});

/** A provisional hold inside a licensed platform's wallet, for `term` seconds from execution. */
export const ExchangeHold = act(inCase({ asset: address, wallet: address, subAccount, amount, term }), {
  number: 11,
  call: ["register", "exchangeHold"],
  sentence: (m, words) =>
    `Hold provisionally ${ofCase(m)}, for ${duration(m.term)} from execution, ${amountIn(m.asset, m.amount, words)} in the ` +
    `sub-account ${m.subAccount} of the platform's wallet ${addressIn(m.wallet)}, and nothing else in that wallet`,
});
