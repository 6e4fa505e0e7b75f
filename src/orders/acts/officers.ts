import { getAddress, isAddress, size, slice, type Hex } from "viem";
import { InvalidActError, InvalidAgencyError, InvalidKindError, InvalidSignerError } from "../errors.ts";
import { act, signed } from "./act.ts";
import {
  bytes,
  digits,
  document,
  flag,
  indexBelow,
  list,
  numbered,
  numberIn,
  officerId,
  seconds,
  type MessageOf,
} from "./fields.ts";
import type { InLanguages, Language } from "../../base/languages.ts";
import { TERMS } from "./terms.ts";
import type { Speech } from "./words.ts";

/**
 * Kinds of officers, fixed at admission: a key (20 bytes, only ever ecrecovered), a contract (20 bytes, ERC-1271),
 * or verifier ‖ key (ERC-7913).
 */
export const OFFICER_KINDS = { key: 1, contract: 2, verifier: 3 } as const;
export type OfficerKind = keyof typeof OFFICER_KINDS;

/** The kind with this number; undefined: there is none. */
export const officerKind = (number: number): OfficerKind | undefined =>
  (Object.keys(OFFICER_KINDS) as OfficerKind[]).find((kind) => OFFICER_KINDS[kind] === number);

/** The index that means SELF in a rule; agencies have the indices below it. */
export const SELF = 15;

/** Verifiers below are precompiles, among them one that echoes its input and so would accept any signature. */
const LEAST_VERIFIER = 0x200n;

const candidateFields = signed({
  agency: indexBelow(SELF, InvalidAgencyError),
  kind: numbered(OFFICER_KINDS, InvalidKindError),
  signer: bytes,
  document,
});

/** Seats an officer; the candidate signs too. `agency`: its index; `signer`: ERC-7913 bytes. */
export const Admit = act(candidateFields, {
  number: 14,
  call: ["quorum", "admit"],
  delayed: true,
  consent: "signer",
  check(_, { kind, signer }) {
    if (kind !== OFFICER_KINDS.verifier) {
      if (size(signer) === 20 && BigInt(signer) !== 0n) return;
      throw new InvalidSignerError("signer", signer, "the address of a key or contract, 20 bytes, not 0");
    }
    if (size(signer) <= 20) throw new InvalidSignerError("signer", signer, "verifier ‖ key, above 20 bytes");
    if (BigInt(slice(signer, 0, 20)) < LEAST_VERIFIER) {
      throw new InvalidSignerError("signer", signer, "a verifier that is no precompile (not below 0x200)");
    }
  },
  sentence: {
    en: (m, say) =>
      `Admit as an officer of ${say.agency(m.agency) ?? "an unknown agency"} (agency ${m.agency}) the ${candidate(m, "en")}, ` +
      say.on(m),
    ru: (m, say) =>
      `${say.agency(m.agency) ?? "неизвестный орган"} (орган ${m.agency}); ${candidate(m, "ru")}; ${say.on(m)}`,
    kk: (m, say) =>
      `${say.agency(m.agency) ?? "белгісіз орган"} (орган ${m.agency}); ${candidate(m, "kk")}; ${say.on(m)}`,
  },
});

const CANDIDATES: InLanguages<{
  key(key: string): string;
  contract(address: string): string;
  checked(key: string, verifier: string): string;
  unknown(signer: string, kind: number): string;
}> = {
  en: {
    key: (key) => `key ${key}`,
    contract: (address) => `contract ${address}`,
    checked: (key, verifier) => `key ${key} checked by the verifier ${verifier}`,
    unknown: (signer, kind) => `signer ${signer} of the unknown kind ${kind}`,
  },
  ru: {
    key: (key) => `ключ ${key}`,
    contract: (address) => `контракт ${address}`,
    checked: (key, verifier) => `ключ ${key}, его проверяет верификатор ${verifier}`,
    unknown: (signer, kind) => `подписант ${signer} неизвестного вида ${kind}`,
  },
  kk: {
    key: (key) => `кілт ${key}`,
    contract: (address) => `келісімшарт ${address}`,
    checked: (key, verifier) => `кілт ${key}, оны ${verifier} верификаторы тексереді`,
    unknown: (signer, kind) => `қол қоюшы ${signer}, түрі белгісіз: ${kind}`,
  },
};

function candidate({ kind, signer }: MessageOf<typeof candidateFields>, language: Language): string {
  const told = CANDIDATES[language];
  const shown = isAddress(signer, { strict: false }) ? getAddress(signer) : signer;
  if (kind === OFFICER_KINDS.key) return told.key(shown);
  if (kind === OFFICER_KINDS.contract) return told.contract(shown);
  if (kind === OFFICER_KINDS.verifier && size(signer) > 20) {
    return told.checked(slice(signer, 20), getAddress(slice(signer, 0, 20)));
  }
  return told.unknown(shown, kind);
}

/** Unseats an officer at once; `compromised`: delayed orders that it approved can never execute. */
export const Dismiss = act(signed({ officerId, document, compromised: flag }), {
  number: 15,
  call: ["quorum", "dismiss"],
  sentence: {
    en: (m, say) =>
      `Dismiss for ever the officer ${m.officerId}, ` +
      `${m.compromised ? "because its key is in wrong hands" : "in good standing"}, ${say.on(m)}`,
    ru: (m, say) =>
      `навсегда, должностное лицо ${m.officerId}; его ключ ${m.compromised ? "в чужих руках" : "не в чужих руках"}; ${say.on(m)}`,
    kk: (m, say) =>
      `біржола, лауазымды адам ${m.officerId}; оның кілті ${m.compromised ? "бөтен қолда" : "бөтен қолда емес"}; ${say.on(m)}`,
  },
});

/** What an act needs. `officers`: one hex digit per agency; `delay`, `grace`, `term` in seconds. */
export const Rule = { fields: { officers: digits, delay: seconds, grace: seconds, term: seconds } };

/** Replaces the rules of one act, or ends it where there are none. */
export const Configure = act(signed({ act: numberIn([1, 20], InvalidActError), document, rules: list("Rule", Rule) }), {
  number: 16,
  call: ["quorum", "configure"],
  delayed: true,
  sentence: {
    en: (m, say) =>
      `Replace the rules of ${say.act(m.act) ?? "an unknown act"} (act ${m.act}) by ${rulesOf(m.rules, say, "en")}, ${say.on(m)}`,
    ru: (m, say) =>
      `${say.act(m.act) ?? "неизвестный акт"} (акт ${m.act}); новые правила: ${rulesOf(m.rules, say, "ru")}; ${say.on(m)}`,
    kk: (m, say) =>
      `${say.act(m.act) ?? "белгісіз акт"} (акт ${m.act}); жаңа қағидалар: ${rulesOf(m.rules, say, "kk")}; ${say.on(m)}`,
  },
});

const OFFICERS_IN_WORDS: InLanguages<{ self: string; nobody: string; or: string; none: string }> = {
  en: { self: "the agency itself", nobody: "nobody", or: ", or ", none: "none" },
  ru: { self: "сам орган", nobody: "никто", or: "; или ", none: "нет" },
  kk: { self: "органның өзі", nobody: "ешкім", or: "; немесе ", none: "жоқ" },
};

function rulesOf(rules: readonly MessageOf<typeof Rule.fields>[], say: Speech, language: Language): string {
  const { or, none } = OFFICERS_IN_WORDS[language];
  const told = rules.map(({ officers, delay, grace, term }) => {
    const times = [
      [TERMS.delay, delay],
      [TERMS.grace, grace],
      [TERMS.term, term],
    ] as const;
    const timesTold = times.map(([name, seconds]) => `${name[language]} ${say.duration(seconds)}`).join(", ");
    return `${officersOf(officers, say, language)} (${timesTold})`;
  });
  return told.join(or) || none;
}

/** Of the packed digits, one per agency; the highest one is the agency that the order is about. */
function officersOf(officers: Hex, say: Speech, language: Language): string {
  const { self, nobody } = OFFICERS_IN_WORDS[language];
  const told = [...officers.slice(2)].reverse().flatMap((digit, index) => {
    if (digit === "0") return [];
    const name = say.agency(index);
    const numbered = `${TERMS.agency[language]} ${index}`;
    const agency = index === SELF ? self : name === undefined ? numbered : `${name} (${numbered})`;
    return [`${agency} ${Number.parseInt(digit, 16)}`];
  });
  return told.join(" + ") || nobody;
}
