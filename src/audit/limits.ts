import type { InLanguages } from "../base/languages.ts";

/** What a pack, and all that is drawn up from it, proves and does not prove. */
export interface Limits {
  readonly proves: readonly string[];
  readonly provesNot: readonly string[];
}

export const LIMITS: InLanguages<Limits> = {
  en: {
    proves: [
      "That the journal of this docket has exactly these entries at this block.",
      "That every vault has exactly these balances of the deployment's assets at this block.",
      "Which rules the Quorum applies, and the code of every contract at this block.",
    ],
    provesNot: [
      "That the block is of the chain that you mean: get its hash elsewhere.",
      "Numbers of blocks and hashes of transactions beside the entries: their times are proven, these are what the node said.",
      "Who holds an officer's key, what a document says, what an asset is worth, what an issuer may do with it.",
      "Whether a hold that was lifted was wrong: the journal tells that a decision ended it, and its document why.",
    ],
  },
  ru: {
    proves: [
      "Что журнал этого реестра на этом блоке содержит именно эти записи.",
      "Что остатки активов системы во всех хранилищах на этом блоке именно такие.",
      "Какие правила применяет Кворум и каков код каждого контракта на этом блоке.",
    ],
    provesNot: [
      "Что блок принадлежит той сети, которую вы имеете в виду: узнайте его хеш из другого источника.",
      "Номера блоков и хеши транзакций рядом с записями: время записей доказано, а эти данные сообщил узел.",
      "Кто владеет ключом должностного лица, что сказано в документе, сколько стоит актив и что может сделать с ним эмитент.",
      "Было ли снятое обременение неправомерным: журнал сообщает, что его сняло решение, а почему, сказано в его документе.",
    ],
  },
  kk: {
    proves: [
      "Осы тізілімнің журналында осы блокта дәл осы жазбалар бар екенін.",
      "Осы блокта барлық қоймадағы жүйе активтерінің қалдықтары дәл осындай екенін.",
      "Осы блокта Кворум қандай қағидаларды қолданатынын және әр келісімшарттың коды қандай екенін.",
    ],
    provesNot: [
      "Блок сіз ойлаған желіге тиесілі екенін: оның хешін басқа көзден біліңіз.",
      "Жазбалардың жанындағы блок нөмірлері мен транзакция хештерін: жазбалардың уақыты дәлелденген, ал бұларды түйін айтқан.",
      "Лауазымды адамның кілті кімде екенін, құжатта не айтылғанын, активтің құны қанша екенін, эмитент онымен не істей алатынын.",
      "Алып тасталған ауыртпалық заңсыз болған-болмағанын: журнал оны шешім тоқтатқанын айтады, себебі шешімнің құжатында.",
    ],
  },
};
