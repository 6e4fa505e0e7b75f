import { act, signed } from "./act.ts";
import { address, codeHash, document, flag, name, until } from "./fields.ts";
import { addressIn, nameIn } from "./words.ts";

/** Registers the treasury of an asset. */
export const SetTreasury = act(signed({ asset: address, treasury: address, document }), {
  number: 17,
  call: ["disposal", "setTreasury"],
  delayed: true,
  sentence: {
    en: (m, say) =>
      `Register, ${say.delayed}, ${addressIn(m.treasury)} as the treasury of ${say.asset(m.asset)}, ${say.on(m)}`,
    ru: (m, say) =>
      `${say.delayed}; казначейство: ${addressIn(m.treasury)}; для актива: ${say.asset(m.asset)}; ${say.on(m)}`,
    kk: (m, say) =>
      `${say.delayed}; қазынашылық: ${addressIn(m.treasury)}; мына актив үшін: ${say.asset(m.asset)}; ${say.on(m)}`,
  },
});

/** Registers the adapter of an asset (`adapter = asset`: sovereign). No contract takes it yet, so nobody can be told it. */
export const SetAdapter = act(signed({ asset: address, adapter: address, codeHash, document }), { number: 18 });

/** Licenses a platform's wallet until the second `until`; `omnibus`: the money of many customers lies in it. */
export const License = act(signed({ wallet: address, platform: name, omnibus: flag, until, document }), {
  number: 19,
  call: ["register", "license"],
  consent: "wallet",
  sentence: {
    en: (m, say) =>
      `License the wallet ${addressIn(m.wallet)} of the platform ${nameIn(m.platform)}, one ` +
      `${m.omnibus ? "in which it keeps the money of many customers" : "that is its own"}, ${say.until(m)}, ${say.on(m)}`,
    ru: (m, say) =>
      `кошелёк ${addressIn(m.wallet)} платформы ${nameIn(m.platform)}, ` +
      `${m.omnibus ? "в котором она хранит деньги многих клиентов" : "собственный"}; ${say.until(m)}; ${say.on(m)}`,
    kk: (m, say) =>
      `${nameIn(m.platform)} платформасының ${addressIn(m.wallet)} әмияны, ` +
      `${m.omnibus ? "онда ол көп клиенттің ақшасын сақтайды" : "өзінің меншікті әмияны"}; ${say.until(m)}; ${say.on(m)}`,
  },
});

/** Suspends every wallet of a platform at once. */
export const Suspend = act(signed({ platform: name, document }), {
  number: 20,
  call: ["register", "suspend"],
  sentence: {
    en: (m, say) => `Suspend every wallet of the platform ${nameIn(m.platform)}, ${say.on(m)}`,
    ru: (m, say) => `все кошельки платформы ${nameIn(m.platform)}; ${say.on(m)}`,
    kk: (m, say) => `${nameIn(m.platform)} платформасының барлық әмияндары; ${say.on(m)}`,
  },
});
