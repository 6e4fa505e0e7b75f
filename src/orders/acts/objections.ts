import { act, signed } from "./act.ts";
import { address, document, orderDigest, until } from "./fields.ts";
import { addressIn, assetIn, moment } from "./words.ts";

/** Holds a scheduled order back until the second `until`. */
export const Stay = act(signed({ order: orderDigest, document, until }), {
  number: 12,
  call: ["quorum", "stay"],
  sentence: (m) => `Stay the order ${m.order} until ${moment(m.until)}, on the document ${m.document}`,
});

/** Ends a delayed order for ever. */
export const Veto = act(signed({ order: orderDigest, document }), {
  number: 13,
  call: ["quorum", "veto"],
  sentence: (m) => `Veto for ever the order ${m.order}, on the document ${m.document}`,
});

/** The objection of `holder`, from whom `asset` was taken, to a scheduled order. */
export const Appeal = act(signed({ order: orderDigest, document, asset: address, holder: address }), {
  number: 73,
  journal: "appeal",
  call: ["disposal", "appeal"],
  consent: "holder",
  unapproved: true,
  sentence: (m, words) =>
    `Appeal against the order ${m.order} as the holder ${addressIn(m.holder)}, from whom ${assetIn(m.asset, words)} was ` +
    `taken, on the document ${m.document}`,
});

/** An officer withdraws its own approval of one order, or of one bundle, for ever. */
export const Cancel = act(signed({ order: orderDigest }), {
  number: 65,
  journal: "cancel",
  call: ["quorum", "cancel"],
  sentence: (m) => `Withdraw for ever my own approval of the order ${m.order}, and nothing else`,
});
