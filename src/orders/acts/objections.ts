import { act, signed } from "./act.ts";
import { address, document, orderDigest, until } from "./fields.ts";
import { addressIn } from "./words.ts";

/** Holds a scheduled order back until the second `until`. */
export const Stay = act(signed({ order: orderDigest, document, until }), {
  number: 12,
  call: ["quorum", "stay"],
  sentence: {
    en: (m, say) => `Stay the order ${m.order} ${say.until(m)}, ${say.on(m)}`,
    ru: (m, say) => `приказ ${m.order}; ${say.until(m)}; ${say.on(m)}`,
    kk: (m, say) => `${m.order} бұйрығы; ${say.until(m)}; ${say.on(m)}`,
  },
});

/** Ends a delayed order for ever. */
export const Veto = act(signed({ order: orderDigest, document }), {
  number: 13,
  call: ["quorum", "veto"],
  sentence: {
    en: (m, say) => `Veto for ever the order ${m.order}, ${say.on(m)}`,
    ru: (m, say) => `навсегда запретить исполнение приказа ${m.order}; ${say.on(m)}`,
    kk: (m, say) => `${m.order} бұйрығын орындауға біржола жол берілмесін; ${say.on(m)}`,
  },
});

/** The objection of `holder`, from whom `asset` was taken, to a scheduled order. */
export const Appeal = act(signed({ order: orderDigest, document, asset: address, holder: address }), {
  number: 73,
  journal: "appeal",
  call: ["disposal", "appeal"],
  consent: "holder",
  unapproved: true,
  sentence: {
    en: (m, say) =>
      `Appeal against the order ${m.order} as the holder ${addressIn(m.holder)}, from whom ${say.asset(m.asset)} was taken, ` +
      say.on(m),
    ru: (m, say) =>
      `на приказ ${m.order}; от держателя ${addressIn(m.holder)}, у которого изъято: ${say.asset(m.asset)}; ${say.on(m)}`,
    kk: (m, say) =>
      `${m.order} бұйрығына; ${addressIn(m.holder)} ұстаушысынан, одан алып қойылған: ${say.asset(m.asset)}; ${say.on(m)}`,
  },
});

/** An officer withdraws its own approval of one order, or of one bundle, for ever. */
export const Cancel = act(signed({ order: orderDigest }), {
  number: 65,
  journal: "cancel",
  call: ["quorum", "cancel"],
  sentence: {
    en: (m) => `Withdraw for ever my own approval of the order ${m.order}, and nothing else`,
    ru: (m) => `навсегда отзывается моё собственное одобрение приказа ${m.order}, и ничего больше`,
    kk: (m) => `${m.order} бұйрығына берген өз мақұлдауым ғана біржола қайтарып алынады, басқа ештеңе емес`,
  },
});
