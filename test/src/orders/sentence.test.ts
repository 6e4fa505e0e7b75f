import { expect } from "chai";
import { type Address, type Hex } from "viem";
import { InvalidCaseIdError } from "../../../src/orders/caseId.ts";
import {
  buildAdmit,
  buildArrest,
  buildCancel,
  buildFreeze,
  buildLift,
  buildReturn,
  buildSeize,
} from "../../../src/orders/build.ts";
import { NoSentenceError, hasSentence, sentence, type Words } from "../../../src/orders/sentence.ts";
import { PRIMARY_TYPES } from "../../../src/orders/types.ts";
import { mutationsOf } from "./mutate.ts";
import { randomFrom, randomOrders } from "./random.ts";

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
const common = { caseId: "TUMAR-A-01", document: DOCUMENT, signBy: 1_759_212_000n, salt: SALT };

const known: Words = {
  asset: (address) => {
    if (address === USD) return { symbol: "KZTE", decimals: 6 };
    return address === EUR ? { symbol: "EURT)", decimals: 2 } : undefined;
  },
  agency: (index) => (index === 3 ? "COURT" : undefined),
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
    expect(sentence(order, known)).to.equal(
      `Freeze provisionally in case "TUMAR-A-01", on the document ${DOCUMENT}, for 10 days from execution, ` +
        `1,234,587.000001 KZTE of asset 0x1000000000000000000000000000000000000001 in 2 accounts ` +
        `(1,234,567.000001 KZTE in 0xA000000000000000000000000000000000000001, ` +
        `20 KZTE in 0xb000000000000000000000000000000000000002); ` +
        `no account may be blocked beyond these amounts; void after 2025-09-30T06:00:00Z.`,
    );
  });

  it("tells what an Arrest confirms and what it places, and its flags", () => {
    const place = [{ asset: EUR, account: A, amount: 7n }];
    const text = sentence(buildArrest({ ...common, place, upTo: 7, until: 1_774_764_000n, omnibus: true }), known);
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
    const told = (symbol: string) => sentence(order, { ...known, asset: () => ({ symbol, decimals: 0 }) });
    expect(told("USDT.b")).to.contain("5 USDT.b of asset 0x1000");
    for (const symbol of ["KZTE of asset 0x1", "KZTE ", "a\nb", "K,Z", "", "A".repeat(17), "K\u202eZTE"]) {
      expect(told(symbol)).to.contain("5 base units of the unknown asset 0x1000");
    }
  });

  it("tells which holds an Arrest, a Lift and a Seize can reach", () => {
    const holds = [{ asset: USD, account: A, amount: 5n }];
    const lift = { ...common, holds, upTo: 41 };
    expect(sentence(buildLift({ ...lift, arrested: false }), known)).to.contain(
      "the provisional holds with numbers up to 41 on",
    );
    expect(sentence(buildLift({ ...lift, arrested: true }), known)).to.contain(
      "the holds, arrested ones too, with numbers up to 41 on",
    );
    expect(sentence(buildSeize(lift), known)).to.contain("from its holds with numbers up to 41 into its vault");
    expect(sentence(buildArrest({ ...lift, confirm: holds, until: 9n }), known)).to.contain(
      "by confirming live holds with numbers up to 41 on",
    );
  });

  it("tells a Return in kind from one of proceeds", () => {
    const holders = [
      { taken: USD, asset: USD, account: A, amount: 1n },
      { taken: EUR, asset: USD, account: A, amount: 2_000_000n },
      { taken: USD, asset: EUR, account: A, amount: 9n },
    ];
    const text = sentence(buildReturn({ ...common, holders }), known);
    expect(text).to.contain(`0.000001 KZTE of asset ${USD}, in kind, to 1 holder (0.000001 KZTE to 0xA0`);
    expect(text).to.contain(`2 KZTE of asset ${USD}, as proceeds of the unknown asset ${EUR}, to 1 holder`);
    expect(text).to.contain(`9 base units of the unknown asset ${EUR}, as proceeds of KZTE, asset ${USD}, to 1 holder`);
  });

  it("tells Cancel and Admit", () => {
    const { signBy, salt } = common;
    expect(sentence(buildCancel({ order: DOCUMENT, signBy, salt }), known)).to.equal(
      `Withdraw for ever my own approval of the order ${DOCUMENT}, and nothing else; void after 2025-09-30T06:00:00Z.`,
    );
    const admit = buildAdmit({ agency: 3, kind: "key", signer: A, document: DOCUMENT, signBy, salt });
    expect(sentence(admit, known)).to.contain(
      "Admit as an officer of COURT (agency 3) the key 0xA000000000000000000000000000000000000001, on the document",
    );
  });

  for (const name of SENTENCED) {
    it(`changes with every field but the salt, over random orders: ${name}`, () => {
      const random = randomFrom(`sentences ${name}`);
      const paths = new Set<string>();
      for (const order of randomOrders("sentences", name, 200)) {
        const told = sentence(order, words);
        for (const { path, order: changed } of mutationsOf(order, random)) {
          if (path === "salt") expect(sentence(changed, words)).to.equal(told);
          else expect(sentence(changed, words), path).not.to.equal(told);
          paths.add(path);
        }
      }
      expect(paths).to.include("salt").and.to.include("signBy");
    });
  }

  it("tells no two of many random orders alike", () => {
    const told = SENTENCED.flatMap((name) => randomOrders("unlike", name, 500).map((order) => sentence(order, words)));
    expect(new Set(told).size).to.equal(told.length);
  });

  it("is one line of one sentence", () => {
    for (const name of SENTENCED) {
      for (const order of randomOrders("lines", name, 50)) expect(sentence(order, words)).to.match(/^[A-Z][^\n]*\.$/);
    }
  });

  it("refuses the acts that have none, by name", () => {
    for (const name of PRIMARY_TYPES.filter((type) => !(SENTENCED as readonly string[]).includes(type))) {
      const [order] = randomOrders("without", name, 1);
      expect(hasSentence(order!), name).to.equal(false);
      expect(() => sentence(order!, words))
        .to.throw(NoSentenceError, name)
        .with.property("code", 64);
    }
  });

  it("refuses a case id that is no text", () => {
    const order = buildFreeze({ ...common, targets: [{ asset: USD, account: A, amount: 1n }], term: 1 });
    const wrong = { ...order, message: { ...order.message, caseId: DOCUMENT } };
    expect(() => sentence(wrong, known)).to.throw(InvalidCaseIdError);
  });
});
