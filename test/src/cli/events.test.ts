import { expect } from "chai";
import { eventsForReaders } from "../../../src/cli/events.ts";
import type { Statement } from "../../../src/operation/statement/statement.ts";

const ASSET = "0x1000000000000000000000000000000000000001";
const PAID = "0x2000000000000000000000000000000000000002";
const A = "0xa000000000000000000000000000000000000001";
const told = { at: "2026-01-05T09:00:00Z", case: "ONE" };
const amount = { asset: ASSET, account: A, amount: "123450" } as const;
const order = `0x${"ab".repeat(32)}` as const;

/** A statement of which only the lists and the assets count. */
const statementOf = (lists: Partial<Statement>): Statement =>
  ({
    assets: [
      { asset: ASSET, symbol: "USDX", decimals: 2 },
      { asset: PAID, symbol: "KZTE", decimals: 0 },
    ],
    lapses: [],
    wrongfulHolds: [],
    appeals: [],
    claims: [],
    exchangeHolds: [],
    conversions: [],
    transfers: [],
    stays: [],
    vetoes: [],
    ...lists,
  }) as unknown as Statement;

describe("events for readers", () => {
  it("are none where nothing happened", () => {
    expect(eventsForReaders(statementOf({}))).to.deep.equal([]);
  });

  it("are a list of each kind, with its number, amounts in decimal units and times in days", () => {
    const lines = eventsForReaders(
      statementOf({
        wrongfulHolds: [{ ...told, ...amount, since: told.at, seconds: 147_600, arrested: false }],
        stays: [{ ...told, order, act: "Forfeit", by: ["COURT"], start: told.at, deadline: told.at }],
      }),
      true,
    );
    expect(lines.map((line) => line.replace(/ +/g, " "))).to.deep.equal([
      "holds that were wrong and lifted: 1",
      "at case account amount held for by",
      `${told.at} ONE ${A} 1,234.50 USDX 1d17h freeze`,
      "",
      "stays: 1",
      "at case of a by postponed to",
      `${told.at} ONE Forfeit COURT ${told.at}`,
      "",
    ]);
  });

  it("say what is not known: no answer of a platform, no rate, no symbol, nobody who recorded it", () => {
    const text = eventsForReaders(
      statementOf({
        lapses: [{ ...told, ...amount, asset: A, since: told.at, recorded: null }],
        exchangeHolds: [
          {
            ...told,
            ...amount,
            wallet: A,
            subAccount: "client",
            acknowledged: null,
            answeredAfter: null,
            demanded: "0",
            surrendered: "0",
          },
        ],
        conversions: [
          {
            ...told,
            ...amount,
            order,
            proceedsAsset: PAID,
            worthAtSeizure: null,
            leastProceeds: "7000",
            proceeds: "7001",
          },
        ],
      }),
    ).join("\n");
    expect(text).to.match(new RegExp(`123,450 ${A} +by nobody`));
    expect(text).to.match(/client +1,234\.50 USDX +unknown +no answer +0\.00 USDX/);
    expect(text).to.match(/1,234\.50 USDX +unknown +7,000 KZTE +7,001 KZTE/);
  });
});
