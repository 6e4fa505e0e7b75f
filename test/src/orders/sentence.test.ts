// Long: random orders of each type, compared with each other.
import { expect } from "chai";
import { getAddress, stringToHex, type Address, type Hex } from "viem";
import { InvalidCaseIdError } from "../../../src/orders/caseId.ts";
import {
  buildAdmit,
  buildArrest,
  buildCancel,
  buildExchangeHold,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
} from "../../../src/orders/build.ts";
import { LANGUAGES, type Language } from "../../../src/base/languages.ts";
import { ACT_TERMS, TERMS } from "../../../src/orders/acts/terms.ts";
import { NoSentenceError, hasSentence, localTimes, sentence, type Words } from "../../../src/orders/sentence.ts";
import { ACTS, domainOf, PRIMARY_TYPES, type ActName, type Order } from "../../../src/orders/types.ts";
import { mutationsOf } from "./mutate.ts";
import { builtOrder, randomFrom, randomOrders } from "./random.ts";
import { foreignIn } from "./letters.ts";

/** SetAdapter is decided by nobody yet. */
const SENTENCED = PRIMARY_TYPES.filter((name) => name !== "SetAdapter");

/** Half of all assets are known, many of them by the same symbol. */
const words: Words = {
  asset: (address) => {
    const last = parseInt(address.slice(-1), 16);
    return last < 8 ? { symbol: "KZTE", decimals: [0, 2, 6, 18][last % 4]! } : undefined;
  },
  agency: (index) => (index < 8 ? "COURT" : undefined),
};

const USD: Address = "0x1000000000000000000000000000000000000001";
const EUR: Address = "0x2000000000000000000000000000000000000002";
const A: Address = "0xa000000000000000000000000000000000000001";
const B: Address = "0xb000000000000000000000000000000000000002";
const DOCUMENT: Hex = `0x${"d".repeat(64)}`;
const SALT: Hex = `0x${"5".repeat(64)}`;
const DOMAIN = domainOf(31337, EUR);
const HERE = `at the Quorum ${EUR} on chain 31337`;
const common = { caseId: "TUMAR-A-01", document: DOCUMENT, signBy: 1_759_212_000n, salt: SALT };

const known: Words = {
  asset: (address) => {
    if (address === USD) return { symbol: "KZTE", decimals: 6 };
    return address === EUR ? { symbol: "EURT)", decimals: 2 } : undefined;
  },
  agency: (index) => (index === 3 ? "COURT" : undefined),
};

/** What is signed, or stands beside it: hashes and addresses, quoted ids, times. */
const SIGNED = /0x[0-9a-fA-F]+|"(?:[^"\\]|\\.)*"|[+\d]\d*-\d\d-\d\dT[\d:]+Z/g;

/** Orders as a builder builds them. */
const orders = (seed: string, name: (typeof SENTENCED)[number], count: number): Order[] => {
  const random = randomFrom(`${seed} ${name}`);
  return Array.from({ length: count }, () => builtOrder(random, name));
};

describe("orders: sentences", () => {
  it("tells a Freeze in full", () => {
    const order = buildFreeze({
      ...common,
      targets: [
        { asset: USD, account: B, amount: 20_000_000n },
        { asset: USD, account: A, amount: 1_234_567_000_001n },
      ],
      term: 864_000,
    });
    expect(sentence(order, DOMAIN, known)).to.equal(
      `Freeze provisionally in case "TUMAR-A-01", on the document ${DOCUMENT}, for 10 days from execution, ` +
        `1,234,587.000001 KZTE of asset 0x1000000000000000000000000000000000000001 in 2 accounts ` +
        `(1,234,567.000001 KZTE in 0xA000000000000000000000000000000000000001, ` +
        `20 KZTE in 0xb000000000000000000000000000000000000002); ` +
        `no account may be blocked beyond these amounts; valid only ${HERE}; void after 2025-09-30T06:00:00Z.`,
    );
  });

  it("tells what an Arrest confirms and what it places, and its flags", () => {
    const place = [{ asset: EUR, account: A, amount: 7n }];
    const text = sentence(
      buildArrest({ ...common, place, upTo: 7, until: 1_774_764_000n, omnibus: true }),
      DOMAIN,
      known,
    );
    expect(text).to.contain(
      "until 2026-03-29T06:00:00Z, by confirming live holds with numbers up to 7 on nothing, and by placing new holds on",
    );
    expect(text).to.contain(
      "7 base units of the unknown asset 0x2000000000000000000000000000000000000002 in 1 account",
    );
    expect(text).to.contain("omnibus wallets of platforms may be arrested");
  });

  it("shows no symbol that could pass for more of the sentence", () => {
    const order = buildFreeze({ ...common, targets: [{ asset: USD, account: A, amount: 5n }], term: 60 });
    const told = (symbol: string) => sentence(order, DOMAIN, { ...known, asset: () => ({ symbol, decimals: 0 }) });
    expect(told("USDT.b")).to.contain("5 USDT.b of asset 0x1000");
    for (const symbol of ["KZTE of asset 0x1", "KZTE ", "a\nb", "K,Z", "", "A".repeat(17), "K\u202eZTE"]) {
      expect(told(symbol)).to.contain("5 base units of the unknown asset 0x1000");
    }
  });

  it("shows no symbol that reads as a number, mixes scripts or hides a character", () => {
    const order = buildFreeze({ ...common, targets: [{ asset: USD, account: A, amount: 5n }], term: 60 });
    const told = (symbol: string) => sentence(order, DOMAIN, { ...known, asset: () => ({ symbol, decimals: 0 }) });
    for (const symbol of ["ТЕҢГЕ", "€URT", "台幣", "x1"])
      expect(told(symbol)).to.contain(`5 ${symbol} of asset 0x1000`);
    const numbers = ["000", "1INCH", "e6", "E18", ".5", "_000", "-1"];
    const mixed = ["USD\u0422", "\u041aZTE", "\uff2bZTE", "K\u03a5"];
    for (const symbol of [...numbers, ...mixed, "KZ\u200bTE", "\u2066KZTE", "KZTE\ufeff", "\u05e9\u05e7\u05dc"]) {
      expect(told(symbol), JSON.stringify(symbol)).to.contain("5 base units of the unknown asset 0x1000");
    }
  });

  it("tells which holds an Arrest, a Lift and a Seize can reach", () => {
    const holds = [{ asset: USD, account: A, amount: 5n }];
    const lift = { ...common, holds, upTo: 41 };
    expect(sentence(buildLift({ ...lift, arrested: false }), DOMAIN, known)).to.contain(
      "the provisional holds with numbers up to 41 on",
    );
    expect(sentence(buildLift({ ...lift, arrested: true }), DOMAIN, known)).to.contain(
      "the holds, arrested ones too, with numbers up to 41 on",
    );
    expect(sentence(buildSeize(lift), DOMAIN, known)).to.contain("from its holds with numbers up to 41 into its vault");
    expect(sentence(buildArrest({ ...lift, confirm: holds, until: 9n }), DOMAIN, known)).to.contain(
      "by confirming live holds with numbers up to 41 on",
    );
  });

  it("tells a Return in kind from one of proceeds", () => {
    const holders = [
      { taken: USD, asset: USD, account: A, amount: 1n },
      { taken: EUR, asset: USD, account: A, amount: 2_000_000n },
      { taken: USD, asset: EUR, account: A, amount: 9n },
    ];
    const text = sentence(buildReturn({ ...common, holders }), DOMAIN, known);
    expect(text).to.contain(`0.000001 KZTE of asset ${USD}, in kind, to 1 holder (0.000001 KZTE to 0xA0`);
    expect(text).to.contain(`2 KZTE of asset ${USD}, as proceeds of the unknown asset ${EUR}, to 1 holder`);
    expect(text).to.contain(`9 base units of the unknown asset ${EUR}, as proceeds of KZTE, asset ${USD}, to 1 holder`);
  });

  it("tells a sub-account by its name where it has one, and by its bytes where it has none", () => {
    const of = (subAccount: Hex) =>
      sentence(
        buildExchangeHold({ ...common, asset: USD, wallet: A, subAccount, amount: 5_000_000n, term: 3600 }),
        DOMAIN,
        known,
      );
    expect(of(stringToHex("client 4711", { size: 32 }))).to.include('in the sub-account "client 4711" of the platform');
    expect(of(DOCUMENT)).to.include(`in the sub-account ${DOCUMENT} of the platform`);
  });

  it("tells Cancel and Admit", () => {
    const { signBy, salt } = common;
    expect(sentence(buildCancel({ order: DOCUMENT, signBy, salt }), DOMAIN, known)).to.equal(
      `Withdraw for ever my own approval of the order ${DOCUMENT}, and nothing else; valid only ${HERE}; void after 2025-09-30T06:00:00Z.`,
    );
    const admit = buildAdmit({ agency: 3, kind: "key", signer: A, document: DOCUMENT, signBy, salt });
    expect(sentence(admit, DOMAIN, known)).to.contain(
      "Admit as an officer of COURT (agency 3) the key 0xA000000000000000000000000000000000000001, on the document",
    );
  });

  for (const name of SENTENCED) {
    it(`changes in each language with every field but the salt, over random orders: ${name}`, () => {
      const random = randomFrom(`sentences ${name}`);
      const paths = new Set<string>();
      const tellAll = (order: Order) => LANGUAGES.map((language) => sentence(order, DOMAIN, { ...words, language }));
      for (const order of randomOrders("sentences", name, 200)) {
        const told = tellAll(order);
        for (const { path, order: changed } of mutationsOf(order, random)) {
          tellAll(changed).forEach((other, i) => {
            if (path === "salt") expect(other).to.equal(told[i]);
            else if (other === told[i]) expect.fail(`${path} does not change: ${other}`);
          });
          paths.add(path);
        }
      }
      expect(paths).to.include("salt").and.to.include("signBy");
    });
  }

  it("tells orders of two chains or two deployments apart", () => {
    for (const name of SENTENCED) {
      const [order] = randomOrders("elsewhere", name, 1);
      const domains = [DOMAIN, domainOf(1, EUR), domainOf(31337, USD)];
      const told = domains.map((domain) => sentence(order!, domain, words));
      expect(new Set(told).size, name).to.equal(domains.length);
    }
  });

  it("tells the address of a deployment with its checksum, however it is written", () => {
    const order = buildCancel({ order: DOCUMENT, signBy: common.signBy, salt: SALT });
    expect(sentence(order, domainOf(1, A), known)).to.contain(`at the Quorum ${getAddress(A)} on chain 1;`);
  });

  it("tells no two of many random orders alike", () => {
    for (const language of LANGUAGES) {
      const told = SENTENCED.flatMap((name) =>
        randomOrders("unlike", name, 500).map((order) => sentence(order, DOMAIN, { ...words, language })),
      );
      expect(new Set(told).size).to.equal(told.length);
    }
  });

  it("is one line of one sentence", () => {
    for (const name of SENTENCED) {
      for (const order of randomOrders("lines", name, 50))
        for (const language of LANGUAGES)
          expect(sentence(order, DOMAIN, { ...words, language })).to.match(/^\p{Lu}[^\n]*\.$/u);
    }
  });

  it("tells an Arrest in Russian and Kazakh, what is signed as it is", () => {
    const place = [
      { asset: USD, account: A, amount: 1_234_567_500_000n },
      { asset: EUR, account: B, amount: 21n },
    ];
    const order = buildArrest({ ...common, place, upTo: 7, until: 1_774_764_000n, wholeAccount: true });
    const [a, b] = ["0xA000000000000000000000000000000000000001", "0xb000000000000000000000000000000000000002"];
    expect(sentence(order, DOMAIN, { ...known, language: "ru" })).to.equal(
      `Наложение ареста: по делу "TUMAR-A-01", на основании документа ${DOCUMENT}; до 2026-03-29T06:00:00Z; подтвердить ` +
        `действующие обременения (номера до 7 включительно): нет; наложить новые обременения: ` +
        `1\u00a0234\u00a0567,5 KZTE актива ${USD} на 1 счёте (1\u00a0234\u00a0567,5 KZTE на ${a}) и ` +
        `21 базовая единица неизвестного актива ${EUR} на 1 счёте (21 базовая единица на ${b}); ` +
        `счета могут быть заблокированы целиком, если эмитент не может заблокировать часть; ` +
        `арест общих кошельков платформ запрещён; приказ действует только в Кворуме ${EUR} в сети 31337; ` +
        `после 2025-09-30T06:00:00Z он недействителен.`,
    );
    expect(sentence(order, DOMAIN, { ...known, language: "kk" })).to.equal(
      `Тыйым салу: "TUMAR-A-01" ісі бойынша, ${DOCUMENT} құжаты негізінде; 2026-03-29T06:00:00Z сәтіне дейін; ` +
        `қолданыстағы ауыртпалықтар расталсын (нөмірлерінің жоғарғы шегі 7): жоқ; жаңа ауыртпалықтар салынсын: ` +
        `1\u00a0234\u00a0567,5 KZTE (актив ${USD}) 1 шотта (${a} шотында 1\u00a0234\u00a0567,5 KZTE) және ` +
        `21 базалық бірлік (белгісіз актив ${EUR}) 1 шотта (${b} шотында 21 базалық бірлік); ` +
        `эмитент бір бөлігін бұғаттай алмаса, шоттар толық бұғатталуы мүмкін; ` +
        `платформалардың ортақ әмияндарына тыйым салуға рұқсат етілмейді; ` +
        `бұйрық тек 31337 желісіндегі ${EUR} Кворумында жарамды; 2025-09-30T06:00:00Z сәтінен кейін ол жарамсыз.`,
    );
  });

  it("has the same ids, hashes, addresses, numbers and times in every language, and only letters of it besides", () => {
    for (const name of SENTENCED) {
      for (const order of orders("signed", name, 50)) {
        const told = (language: Language) => sentence(order, DOMAIN, { ...words, language });
        const signed = (text: string) => text.match(SIGNED)!.sort();
        for (const language of ["ru", "kk"] as const) {
          expect(signed(told(language))).to.deep.equal(signed(told("en")));
          expect(foreignIn(told(language), language), told(language)).to.deep.equal([]);
        }
      }
    }
  });

  it("has words of the law for every act, in letters of their language", () => {
    expect(Object.keys(ACT_TERMS)).to.have.members(Object.keys(ACTS) satisfies string[] as ActName[]);
    for (const [name, term] of Object.entries({ ...ACT_TERMS, ...TERMS })) {
      expect(term.en, name).to.match(/^[a-z ,-]+$/);
      for (const language of ["ru", "kk"] as const) expect(foreignIn(term[language], language), name).to.deep.equal([]);
    }
    for (const language of LANGUAGES) {
      const names = Object.values(ACT_TERMS).map((term) => term[language]);
      expect(new Set(names).size, language).to.equal(names.length);
    }
  });

  it("tells the clock of the deployment beside UTC, below the sentence", () => {
    const order = buildArrest({
      ...common,
      place: [{ asset: USD, account: A, amount: 1n }],
      upTo: 7,
      until: 1_774_810_800n,
    });
    expect(localTimes([order, order], { ...known, timeZone: "Asia/Almaty" })).to.deep.equal([
      "local time: 2025-09-30T06:00:00Z (11:00:00 in Almaty, UTC+5)",
      "local time: 2026-03-29T19:00:00Z (2026-03-30 00:00:00 in Almaty, UTC+5)",
    ]);
    expect(localTimes([order], { ...known, timeZone: "Asia/Almaty", language: "kk" })).to.deep.equal([
      "жергілікті уақыт: 2025-09-30T06:00:00Z (11:00:00, UTC+5, Asia/Almaty)",
      "жергілікті уақыт: 2026-03-29T19:00:00Z (30.03.2026 00:00:00, UTC+5, Asia/Almaty)",
    ]);
    expect(localTimes([order], known)).to.deep.equal([]);
  });

  it("refuses the acts that have none, by name", () => {
    for (const name of PRIMARY_TYPES.filter((type) => !(SENTENCED as readonly string[]).includes(type))) {
      const [order] = randomOrders("without", name, 1);
      expect(hasSentence(order!), name).to.equal(false);
      expect(() => sentence(order!, DOMAIN, words))
        .to.throw(NoSentenceError, name)
        .with.property("code", 64);
    }
  });

  it("refuses a case id that is no text", () => {
    const order = buildFreeze({ ...common, targets: [{ asset: USD, account: A, amount: 1n }], term: 1 });
    const wrong = { ...order, message: { ...order.message, caseId: DOCUMENT } };
    expect(() => sentence(wrong, DOMAIN, known)).to.throw(InvalidCaseIdError);
  });
});
