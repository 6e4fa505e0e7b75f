import { expect } from "chai";
import { clockIn, countIn, durationIn, isTimeZone, LANGUAGES, numberIn } from "../../../src/base/languages.ts";
import { amountsOf } from "../../../src/base/table.ts";

const DAY = { en: "day", ru: ["день", "дня", "дней"], kk: "күн" } as const;

describe("languages", () => {
  it("write numbers: with commas, or with blanks that break no line and a decimal comma", () => {
    const told = (decimal: string) => LANGUAGES.map((language) => numberIn(decimal, language));
    expect(told("1234567.5")).to.deep.equal(["1,234,567.5", "1\u00a0234\u00a0567,5", "1\u00a0234\u00a0567,5"]);
    expect(told("999")).to.deep.equal(["999", "999", "999"]);
    expect(told("1000.000001")).to.deep.equal(["1,000.000001", "1\u00a0000,000001", "1\u00a0000,000001"]);
    expect(amountsOf([125_000_000n, 5n], 2, "kk")).to.deep.equal(["1\u00a0250\u00a0000,00", "0,05"]);
    expect(amountsOf([125_000_000n, 5n], 2)).to.deep.equal(["1,250,000.00", "0.05"]);
  });

  it("write no number in Russian or Kazakh that is another one in English", () => {
    expect(LANGUAGES.map((language) => numberIn("1.234", language))).to.deep.equal(["1.234", "1,2340", "1,2340"]);
    expect(amountsOf([1_234n, 1_234_500n], 3, "ru")).to.deep.equal(["1,2340", "1\u00a0234,5000"]);
    const digits = [..."1234567".repeat(2)];
    const all = digits.flatMap((_, whole) =>
      digits.slice(0, 9).map((__, decimals) => {
        const [left, right] = [digits.slice(0, whole + 1).join(""), digits.slice(0, decimals).join("")];
        return right === "" ? left : `${left}.${right}`;
      }),
    );
    const english = new Set(all.map((it) => numberIn(it, "en")));
    for (const it of all.filter((text) => text.includes("."))) {
      for (const language of ["ru", "kk"] as const) expect(english).to.not.include(numberIn(it, language));
    }
  });

  it("count: in Russian as after 1, 2 or 5, in Kazakh without a plural", () => {
    const counts = (numbers: readonly (number | bigint)[], language: "ru" | "kk") =>
      numbers.map((n) => countIn(n, DAY, language));
    const one = [1, 21, 101, 1001n, 10n ** 30n + 1n];
    const few = [2, 3, 4, 22, 104, 10n ** 30n + 3n];
    const many = [0, 5, 11, 12, 14, 19, 20, 25, 100, 111, 1012n];
    for (const [numbers, noun] of [
      [one, "день"],
      [few, "дня"],
      [many, "дней"],
    ] as const) {
      expect(counts(numbers, "ru")).to.deep.equal(numbers.map((n) => `${n} ${noun}`));
    }
    expect(counts([1, 2, 5], "kk")).to.deep.equal(["1 күн", "2 күн", "5 күн"]);
    expect([1, 2].map((n) => countIn(n, DAY, "en"))).to.deep.equal(["1 day", "2 days"]);
    // A second opinion for Russian, which programs do know.
    const rules = new Intl.PluralRules("ru");
    const forms: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "день", few: "дня", many: "дней" };
    for (let n = 0; n < 1000; ++n) expect(countIn(n, DAY, "ru")).to.equal(`${n} ${forms[rules.select(n)]}`);
  });

  it("tell spans of time in their largest units", () => {
    const told = (seconds: number) => LANGUAGES.map((language) => durationIn(seconds, language));
    expect(told(864_000)).to.deep.equal(["10 days", "10 дней", "10 күн"]);
    expect(told(93_784)).to.deep.equal([
      "1 day 2 hours 3 minutes 4 seconds",
      "1 день 2 часа 3 минуты 4 секунды",
      "1 күн 2 сағат 3 минут 4 секунд",
    ]);
    expect(told(0)).to.deep.equal(["0 seconds", "0 секунд", "0 секунд"]);
  });

  it("tell the clock of a zone, with its date where that is not the one of UTC", () => {
    const time = (iso: string) => Date.parse(iso) / 1000;
    const noon = time("2026-01-02T03:04:05Z");
    expect(clockIn(noon, "Asia/Almaty", "en")).to.equal("08:04:05 in Almaty, UTC+5");
    expect(clockIn(noon, "Asia/Almaty", "ru")).to.equal("08:04:05, UTC+5, Asia/Almaty");
    const late = BigInt(time("2026-01-02T21:04:05Z"));
    const told = LANGUAGES.map((language) => clockIn(late, "Asia/Almaty", language));
    expect(told).to.deep.equal([
      "2026-01-03 02:04:05 in Almaty, UTC+5",
      "03.01.2026 02:04:05, UTC+5, Asia/Almaty",
      "03.01.2026 02:04:05, UTC+5, Asia/Almaty",
    ]);
    expect(clockIn(noon, "America/St_Johns", "en")).to.equal("2026-01-01 23:34:05 in St Johns, UTC-3:30");
    expect(clockIn(noon, "UTC", "en")).to.equal("03:04:05 in UTC, UTC+0");
    // Before the country had one time, and after.
    expect(clockIn(time("2024-02-01T00:00:00Z"), "Asia/Almaty", "en")).to.equal("06:00:00 in Almaty, UTC+6");
    expect(clockIn(2n ** 64n, "Asia/Almaty", "en")).to.equal(undefined);
  });

  it("know zones of the time zone database by their names", () => {
    for (const zone of ["Asia/Almaty", "America/Argentina/Buenos_Aires", "UTC"])
      expect(isTimeZone(zone)).to.equal(true);
    for (const zone of ["Almaty", "asia/almaty", "Asia/Nowhere", "+05:00", "UTC+5", ""]) {
      expect(isTimeZone(zone), zone).to.equal(false);
    }
  });
});
