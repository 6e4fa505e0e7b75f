import { EmptyOrderError } from "../errors.ts";
import { act, inCase, targets } from "./act.ts";
import { address, amount, downFlag, flag, placement, some, subAccount, term, until } from "./fields.ts";
import { addressIn, nameIn } from "./words.ts";

/** Provisional holds. `term` in seconds from execution, at most the longest term of the rule named at execution. */
export const Freeze = act(inCase({ targets: some(targets), term, wholeAccount: downFlag }), {
  number: 1,
  call: ["docket", "freeze"],
  bundled: true,
  sentence: {
    en: (m, say) =>
      `Freeze provisionally ${say.ofCase(m)}, ${say.term(m.term)}, ${say.amounts(m.targets)}; ${say.scope(m)}`,
    ru: (m, say) => `${say.ofCase(m)}; срок: ${say.term(m.term)}; сумма: ${say.amounts(m.targets)}; ${say.scope(m)}`,
    kk: (m, say) =>
      `${say.ofCase(m)}; мерзімі: ${say.term(m.term)}; сомасы: ${say.amounts(m.targets)}; ${say.scope(m)}`,
  },
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
    sentence: {
      en: (m, say) =>
        `Arrest ${say.ofCase(m)}, ${say.until(m)}, by confirming live holds with ${say.numbers(m)} on ` +
        `${say.amounts(m.confirm)}, and by placing new holds on ${say.amounts(m.place)}; ${say.scope(m)}; ` +
        (m.omnibus ? "omnibus wallets of platforms may be arrested" : "no omnibus wallet may be arrested"),
      ru: (m, say) =>
        `${say.ofCase(m)}; ${say.until(m)}; подтвердить действующие обременения (${say.numbers(m)}): ` +
        `${say.amounts(m.confirm)}; наложить новые обременения: ${say.amounts(m.place)}; ${say.scope(m)}; ` +
        `арест общих кошельков платформ ${m.omnibus ? "разрешён" : "запрещён"}`,
      kk: (m, say) =>
        `${say.ofCase(m)}; ${say.until(m)}; қолданыстағы ауыртпалықтар расталсын (${say.numbers(m)}): ` +
        `${say.amounts(m.confirm)}; жаңа ауыртпалықтар салынсын: ${say.amounts(m.place)}; ${say.scope(m)}; ` +
        `платформалардың ортақ әмияндарына тыйым салуға рұқсат ${m.omnibus ? "етіледі" : "етілмейді"}`,
    },
  },
);

/** Releases holds with numbers up to `upTo` in whole or in part, youngest first; arrested ones only where it says so. */
export const Lift = act(inCase({ holds: some(targets), upTo: placement, arrested: flag }), {
  number: 3,
  call: ["docket", "lift"],
  sentence: {
    en: (m, say) =>
      `Lift ${say.ofCase(m)}, ${m.arrested ? "the holds, arrested ones too," : "the provisional holds"} with ` +
      `${say.numbers(m)} on ${say.amounts(m.holds)}`,
    ru: (m, say) =>
      `${say.ofCase(m)}; ${m.arrested ? "обременения, в том числе под арестом" : "только временные обременения"} ` +
      `(${say.numbers(m)}): ${say.amounts(m.holds)}`,
    kk: (m, say) =>
      `${say.ofCase(m)}; ${m.arrested ? "ауыртпалықтар, оның ішінде тыйым салынғандары" : "тек уақытша ауыртпалықтар"} ` +
      `(${say.numbers(m)}): ${say.amounts(m.holds)}`,
  },
});

/** Moves held money with numbers up to `upTo` into the case's vault, oldest hold first. */
export const Seize = act(inCase({ holds: some(targets), upTo: placement }), {
  number: 5,
  call: ["docket", "seize"],
  bundled: true,
  sentence: {
    en: (m, say) =>
      `Seize ${say.ofCase(m)}, from its holds with ${say.numbers(m)} into its vault, ${say.amounts(m.holds)}`,
    ru: (m, say) =>
      `${say.ofCase(m)}; из-под обременений дела (${say.numbers(m)}) в его хранилище: ${say.amounts(m.holds)}`,
    kk: (m, say) =>
      `${say.ofCase(m)}; істің ауыртпалықтарынан (${say.numbers(m)}) оның қоймасына: ${say.amounts(m.holds)}`,
  },
});

/** A provisional hold inside a licensed platform's wallet, for `term` seconds from execution. */
export const ExchangeHold = act(inCase({ asset: address, wallet: address, subAccount, amount, term }), {
  number: 11,
  call: ["register", "exchangeHold"],
  sentence: {
    en: (m, say) =>
      `Hold provisionally ${say.ofCase(m)}, ${say.term(m.term)}, ${say.amount(m.asset, m.amount)} in the sub-account ` +
      `${nameIn(m.subAccount)} of the platform's wallet ${addressIn(m.wallet)}, and nothing else in that wallet`,
    ru: (m, say) =>
      `${say.ofCase(m)}; срок: ${say.term(m.term)}; сумма: ${say.amount(m.asset, m.amount)}; субсчёт ${nameIn(m.subAccount)} ` +
      `в кошельке платформы ${addressIn(m.wallet)}, и ничего больше в этом кошельке`,
    kk: (m, say) =>
      `${say.ofCase(m)}; мерзімі: ${say.term(m.term)}; сомасы: ${say.amount(m.asset, m.amount)}; платформаның ` +
      `${addressIn(m.wallet)} әмиянындағы ${nameIn(m.subAccount)} қосалқы шоты, осы әмияндағы басқа ештеңе емес`,
  },
});
