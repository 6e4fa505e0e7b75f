// The words of the law, in the three languages. Neither a lawyer nor a sworn translator has reviewed them: docs/glossary.md
// shows them to whoever will.
import type { InLanguages, Language } from "../../base/languages.ts";

type Term = InLanguages<string>;

/** What every act of the journal is called. */
export const ACT_TERMS = {
  Freeze: {
    en: "provisional freeze",
    ru: "временное ограничение распоряжения",
    kk: "билік етуді уақытша шектеу",
  },
  Arrest: { en: "arrest", ru: "наложение ареста", kk: "тыйым салу" },
  Lift: { en: "lift", ru: "снятие обременений", kk: "ауыртпалықтарды алып тастау" },
  LiftArrested: {
    en: "lift of holds, arrested ones too",
    ru: "снятие обременений и ареста",
    kk: "ауыртпалықтарды және тыйымды алып тастау",
  },
  Seize: { en: "seizure", ru: "изъятие", kk: "алып қою" },
  Return: { en: "return", ru: "возврат", kk: "қайтару" },
  Forfeit: { en: "forfeiture", ru: "конфискация", kk: "тәркілеу" },
  Compensate: { en: "compensation", ru: "возмещение ущерба", kk: "залалды өтеу" },
  Convert: { en: "conversion", ru: "обмен", kk: "айырбастау" },
  Transfer: { en: "transfer", ru: "перевод", kk: "аудару" },
  ExchangeHold: {
    en: "provisional hold at a platform",
    ru: "временное ограничение на платформе",
    kk: "платформадағы уақытша шектеу",
  },
  Stay: { en: "stay", ru: "приостановление исполнения", kk: "орындауды тоқтата тұру" },
  Veto: { en: "veto", ru: "вето", kk: "вето" },
  Admit: { en: "admission of an officer", ru: "назначение должностного лица", kk: "лауазымды адамды тағайындау" },
  Dismiss: { en: "dismissal of an officer", ru: "отстранение должностного лица", kk: "лауазымды адамды шеттету" },
  Configure: { en: "replacement of rules", ru: "замена правил", kk: "қағидаларды алмастыру" },
  SetTreasury: { en: "registration of a treasury", ru: "регистрация казначейства", kk: "қазынашылықты тіркеу" },
  SetAdapter: { en: "registration of an adapter", ru: "регистрация адаптера", kk: "адаптерді тіркеу" },
  License: { en: "licence", ru: "выдача лицензии", kk: "лицензия беру" },
  Suspend: { en: "suspension", ru: "приостановление лицензии", kk: "лицензияны тоқтата тұру" },
  install: { en: "installation", ru: "установка", kk: "орнату" },
  cancel: { en: "withdrawal of an approval", ru: "отзыв одобрения", kk: "мақұлдауды қайтарып алу" },
  approve: { en: "approval", ru: "одобрение", kk: "мақұлдау" },
  revoke: { en: "end of an approval", ru: "прекращение одобрения", kk: "мақұлдауды тоқтату" },
  lapse: { en: "lapse", ru: "прекращение по сроку", kk: "мерзімі бойынша тоқтау" },
  book: { en: "booking", ru: "зачисление", kk: "есепке жазу" },
  open: { en: "opening of a document", ru: "раскрытие документа", kk: "құжатты ашу" },
  claim: { en: "payment of a claim", ru: "выплата по требованию", kk: "талап бойынша төлеу" },
  appeal: { en: "appeal", ru: "жалоба", kk: "шағым" },
  observe: { en: "observation", ru: "наблюдение", kk: "байқау" },
  acknowledge: { en: "acknowledgement", ru: "подтверждение", kk: "растау" },
  surrender: { en: "surrender", ru: "передача платформой", kk: "платформаның тапсыруы" },
  execute: { en: "execution", ru: "исполнение", kk: "орындау" },
  unreserve: { en: "end of a reserve", ru: "снятие резерва", kk: "резервті алып тастау" },
} as const satisfies Readonly<Record<string, Term>>;

/** What stands beside the acts. */
export const TERMS = {
  act: { en: "act", ru: "акт", kk: "акт" },
  agency: { en: "agency", ru: "орган", kk: "орган" },
  approval: { en: "approval", ru: "одобрение", kk: "мақұлдау" },
  arrested: { en: "arrested", ru: "под арестом", kk: "тыйым салынған" },
  asset: { en: "asset", ru: "актив", kk: "актив" },
  case: { en: "case", ru: "дело", kk: "іс" },
  custody: { en: "custody", ru: "хранение", kk: "сақтау" },
  delay: { en: "delay", ru: "отсрочка", kk: "кейінге қалдыру" },
  document: { en: "document", ru: "документ", kk: "құжат" },
  grace: { en: "grace", ru: "срок исполнения", kk: "орындау мерзімі" },
  hold: { en: "hold", ru: "обременение", kk: "ауыртпалық" },
  holder: { en: "holder", ru: "держатель", kk: "ұстаушы" },
  notice: { en: "notice", ru: "уведомление", kk: "хабарлама" },
  officer: { en: "officer", ru: "должностное лицо", kk: "лауазымды адам" },
  omnibus: { en: "omnibus wallet", ru: "общий кошелёк", kk: "ортақ әмиян" },
  order: { en: "order", ru: "приказ", kk: "бұйрық" },
  payee: { en: "payee", ru: "получатель", kk: "алушы" },
  platform: { en: "platform", ru: "платформа", kk: "платформа" },
  proceeds: { en: "proceeds", ru: "выручка", kk: "түсім" },
  provisional: { en: "provisional", ru: "временное", kk: "уақытша" },
  rule: { en: "rule", ru: "правило", kk: "қағида" },
  ruling: { en: "ruling", ru: "постановление", kk: "қаулы" },
  subAccount: { en: "sub-account", ru: "субсчёт", kk: "қосалқы шот" },
  suspense: { en: "suspense", ru: "невыясненные поступления", kk: "анықталмаған түсімдер" },
  target: { en: "target", ru: "цель", kk: "нысана" },
  term: { en: "longest term", ru: "предельный срок", kk: "ең ұзақ мерзім" },
  treasury: { en: "treasury", ru: "казначейство", kk: "қазынашылық" },
  unclaimed: { en: "unclaimed money", ru: "невостребованные деньги", kk: "талап етілмеген ақша" },
  vault: { en: "vault", ru: "хранилище", kk: "қойма" },
  wallet: { en: "wallet", ru: "кошелёк", kk: "әмиян" },
} as const satisfies Readonly<Record<string, Term>>;

/** An act in words: in English by the name that is signed and that the journal has. */
export function actTerm(name: string, language: Language): string {
  if (language === "en" || !(name in ACT_TERMS)) return name;
  return ACT_TERMS[name as keyof typeof ACT_TERMS][language];
}

/** The same at the beginning of a line. */
export const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
