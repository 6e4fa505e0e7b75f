import { act, signed } from "./act.ts";
import { address, codeHash, document, flag, name, until } from "./fields.ts";
import { addressIn, assetIn, moment, nameIn } from "./words.ts";

/** Registers the treasury of an asset. */
export const SetTreasury = act(signed({ asset: address, treasury: address, document }), {
  number: 17,
  call: ["disposal", "setTreasury"],
  delayed: true,
  sentence: (m, words) =>
    `Register, after the delay of its rule, ${addressIn(m.treasury)} as the treasury of ${assetIn(m.asset, words)}, on the ` +
    `document ${m.document}`,
});

/** Registers the adapter of an asset (`adapter = asset`: sovereign). No contract takes it yet, so nobody can be told it. */
export const SetAdapter = act(signed({ asset: address, adapter: address, codeHash, document }), { number: 18 });

/** Licenses a platform's wallet until the second `until`; `omnibus`: the money of many customers lies in it. */
export const License = act(signed({ wallet: address, platform: name, omnibus: flag, until, document }), {
  number: 19,
  call: ["register", "license"],
  consent: "wallet",
  sentence(m) {
    const kind = m.omnibus ? "in which it keeps the money of many customers" : "that is its own";
    return (
      `License the wallet ${addressIn(m.wallet)} of the platform ${nameIn(m.platform)}, one ${kind}, until ` +
      `${moment(m.until)}, on the document ${m.document}`
    );
  },
});

/** Suspends every wallet of a platform at once. */
export const Suspend = act(signed({ platform: name, document }), {
  number: 20,
  call: ["register", "suspend"],
  sentence: (m) => `Suspend every wallet of the platform ${nameIn(m.platform)}, on the document ${m.document}`,
});
