import { readFileSync } from "node:fs";
import { expect } from "chai";
import { encodeAbiParameters, zeroAddress } from "viem";
import {
  decodeEffects,
  dismissalOf,
  seatOf,
  timesOf,
  UnknownEffectError,
  UnreadableEffectsError,
  WHAT,
} from "../../../src/journal/effects.ts";
import { isLive, packHold, unpackHold, type Hold } from "../../../src/journal/holds.ts";

const EFFECTS = [
  { type: "tuple[]", components: ["uint8", "address", "address", "uint256", "uint256"].map((type) => ({ type })) },
];
const encode = (effects: readonly (readonly [number, string, string, bigint, bigint])[]) =>
  encodeAbiParameters(EFFECTS, [effects]);

const ASSET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const ACCOUNT = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

describe("effects", () => {
  it("are numbered as in contracts/types/Effect.sol", () => {
    const source = readFileSync(new URL("../../../contracts/types/Effect.sol", import.meta.url), "utf8");
    const numbers = [...source.matchAll(/uint8 internal constant ([A-Z_]+) = (\d+);/g)].map(([, name = "", what]) => [
      name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      Number(what),
    ]);
    expect(numbers).to.have.length.above(20);
    expect(Object.fromEntries(numbers)).to.deep.equal(WHAT);
  });

  it("are decoded by name", () => {
    const encoded = encode([
      [WHAT.held, ASSET, ACCOUNT, 5n, 7n],
      [WHAT.caseOpened, zeroAddress, zeroAddress, 0n, 1n],
    ]);
    expect(decodeEffects(encoded)).to.deep.equal([
      { what: "held", asset: ASSET, account: ACCOUNT, amount: 5n, value: 7n },
      { what: "caseOpened", asset: zeroAddress, account: zeroAddress, amount: 0n, value: 1n },
    ]);
    expect(decodeEffects(encode([]))).to.deep.equal([]);
  });

  it("tell seats, dismissals and the times of delayed orders", () => {
    expect(seatOf(0x0103n)).to.deep.equal({ kind: 1, agency: 3 });
    expect(seatOf(0x030en)).to.deep.equal({ kind: 3, agency: 14 });
    expect(dismissalOf(0x0103n)).to.deep.equal({ compromised: true, agency: 3 });
    expect(dismissalOf(3n)).to.deep.equal({ compromised: false, agency: 3 });
    const [start, deadline] = [2 ** 40 - 2, 2 ** 40 - 1];
    const both = (BigInt(start) << 40n) | BigInt(deadline);
    expect(timesOf({ what: "stayed", amount: 2n ** 256n - 1n, value: both })).to.deep.equal({ start, deadline });
    const scheduled = { what: "scheduled", amount: BigInt(start), value: BigInt(deadline) } as const;
    expect(timesOf(scheduled)).to.deep.equal({ start, deadline });
  });

  it("of an unknown kind are refused", () => {
    expect(() => decodeEffects(encode([[200, ASSET, ACCOUNT, 5n, 7n]])))
      .to.throw(UnknownEffectError, "unknown kind 200")
      .with.property("code", 3);
  });

  it("that are cut off, or no effects at all, are refused", () => {
    const encoded = encode([[WHAT.held, ASSET, ACCOUNT, 5n, 7n]]);
    for (const bytes of [encoded.slice(0, -64), "0x", "0x1234"]) {
      expect(() => decodeEffects(bytes as `0x${string}`), bytes)
        .to.throw(UnreadableEffectsError)
        .with.property("code", 3);
    }
  });
});

describe("holds", () => {
  const hold: Hold = {
    kind: 2,
    opens: true,
    caseNumber: 2 ** 32 - 1,
    number: 81,
    since: 2 ** 40 - 1,
    until: 1_759_989_600,
    amount: 2n ** 96n - 1n,
  };

  it("are packed and unpacked without loss, each field at its place", () => {
    expect(unpackHold(packHold(hold))).to.deep.equal(hold);
    for (const field of Object.keys(hold) as (keyof Hold)[]) {
      const only = {
        ...hold,
        kind: 0,
        opens: false,
        caseNumber: 0,
        number: 0,
        since: 0,
        until: 0,
        amount: 0n,
        [field]: hold[field],
      };
      expect(unpackHold(packHold(only)), field).to.deep.equal(only);
    }
  });

  it("are live up to and in the second of their end, and never without an amount", () => {
    expect(isLive(hold, hold.until)).to.equal(true);
    expect(isLive(hold, hold.until + 1)).to.equal(false);
    expect(isLive({ ...hold, amount: 0n }, hold.until)).to.equal(false);
  });
});
