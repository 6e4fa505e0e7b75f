import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parseParameters, ParametersError, readParameters } from "../../src/deployment/parameters.ts";
import { reasonsAgainstRules } from "../../src/deployment/rules.ts";

const DAY = 86_400;

/**
 * Who decides in Kazakhstan: the one copy by hand of what every other test derives from the parameters, as an oracle. Every
 * act but SetAdapter, which nothing executes yet.
 */
const TABLE = {
  Freeze: ["FMA 2 + GPO 1, 10 days", "FMA 1 + GPO 1 + KNB 1, 10 days"],
  Arrest: ["COURT 1 + FMA 1 + GPO 1, 180 days"],
  Lift: ["COURT 2", "COURT 1 + GPO 1", "FMA 1 + GPO 1"],
  LiftArrested: ["COURT 1 + GPO 1", "COURT 2"],
  Seize: ["COURT 1 + FMA 1 + GPO 1 + NBK 1"],
  Return: ["COURT 1 + NBK 1", "COURT 2", "FMA 1 + GPO 1 + NBK 1"],
  Forfeit: ["COURT 1 + GPO 1 + MOF 1, delay 15 days, grace 90 days"],
  Compensate: ["COURT 1 + GPO 1 + MOF 1, delay 15 days, grace 30 days"],
  Convert: ["COURT 1 + GPO 1 + MOF 1 + NBK 2, delay 2 days, grace 7 days"],
  Transfer: ["COURT 2 + GPO 2 + MOF 1 + NBK 1, delay 30 days, grace 30 days"],
  ExchangeHold: ["FMA 2 + GPO 1, 10 days", "FMA 1 + GPO 1 + KNB 1, 10 days"],
  Stay: ["COURT 1, 90 days", "GPO 1, 30 days", "FMA 1, 3 days", "KNB 1, 3 days", "NBK 1, 3 days", "MOF 1, 3 days"],
  Veto: ["COURT 1", "SELF 1"],
  Admit: [
    "COURT 1 + GPO 1 + SELF 1, delay 2 days, grace 30 days",
    "COURT 2 + GPO 1, delay 21 days, grace 30 days",
    "FMA 1 + KNB 1 + MOF 1 + NBK 1, delay 21 days, grace 30 days",
  ],
  Dismiss: ["SELF 2", "COURT 1 + GPO 1", "COURT 2 + FMA 1 + NBK 1", "GPO 2 + KNB 1 + MOF 1"],
  Configure: ["COURT 2 + FMA 1 + GPO 1 + MOF 1 + NBK 1, delay 30 days, grace 30 days"],
  SetTreasury: ["COURT 2 + FMA 1 + GPO 1 + MOF 1 + NBK 1, delay 30 days, grace 30 days"],
  License: ["AFSA 2"],
  Suspend: ["AFSA 1"],
};

const text = readFileSync(new URL("../../deploy/parameters/kazakhstan.json5", import.meta.url), "utf8");

describe("Parameters", () => {
  it("of Kazakhstan are the table that stands in this file by hand", () => {
    const { name, agencies, court, prosecutor, timeZone, contact, rules, numbers } = readParameters("kazakhstan");
    expect({ name, court, prosecutor }).to.deep.equal({ name: "kazakhstan", court: "COURT", prosecutor: "GPO" });
    expect(timeZone).to.equal("Asia/Almaty");
    expect(contact).to.have.all.keys("en", "ru", "kk");
    expect(agencies).to.deep.equal(["FMA", "KNB", "GPO", "COURT", "NBK", "MOF", "AFSA", "AUDIT"]);
    const table = Object.entries(rules).map(([act, alternatives]) => {
      const lines = alternatives.map(({ officers, delay, grace, term }) => {
        const needs = Object.entries(officers).map(([agency, count]) => `${agency} ${count}`);
        const times = Object.entries({ delay, grace, "": term }).filter(([, seconds]) => seconds > 0);
        const days = times.map(([name, seconds]) => `, ${name} ${seconds / DAY} days`.replace("  ", " "));
        return needs.sort().join(" + ") + days.join("");
      });
      return [act, lines];
    });
    expect(Object.fromEntries(table)).to.deep.equal(TABLE);
    expect(numbers).to.deep.equal({ freezesPerDay: 1000, cooling: 40 * DAY, longestArrest: 730 * DAY });
  });

  it("of Exemplum are those of another country, and what the contracts take", () => {
    const { rules, numbers, ...law } = readParameters("exemplum");
    expect(law).to.deep.equal({
      name: "exemplum",
      file: "deploy/parameters/exemplum.json5",
      court: "TRIBUNAL",
      prosecutor: "PROSECUTOR",
      agencies: ["POLICE", "PROSECUTOR", "TRIBUNAL", "TREASURY", "CUSTODIAN", "REGULATOR"],
    });
    expect(reasonsAgainstRules({ ...law, rules, numbers })).to.deep.equal([]);
    expect([rules.Freeze![0]!.term, rules.Forfeit![0]!.delay, numbers.cooling]).to.deep.equal(
      [5, 20, 20].map((n) => n * DAY),
    );
  });

  it("are read from a file by its path, which errors name", () => {
    expect(readParameters("deploy/parameters/exemplum.json5")).to.deep.equal(readParameters("exemplum"));
    expect(() => readParameters("elsewhere/none.json5"))
      .to.throw(ParametersError, /elsewhere\/none\.json5 cannot be used/)
      .with.property("code", 64);
  });

  it("are the only place of a country: none of their agencies stands in src/", () => {
    const agencies = ["kazakhstan", "exemplum"].flatMap((name) => readParameters(name).agencies);
    const named = new RegExp(`\\b(${agencies.join("|")})\\b`);
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(sources).to.have.length.above(50);
    const naming = sources.filter((file) => named.test(readFileSync(path.join("src", file), "utf8")));
    expect(naming).to.deep.equal([]);
  });

  const refused: [what: string, change: [string | RegExp, string], reason: RegExp][] = [
    [
      "an agency that a rule names and nobody knows",
      ["KNB: 1", "KGB: 1"],
      /rules\.Freeze: the agency KGB is not among/,
    ],
    ["an unknown court", ['court: "COURT"', 'court: "JURY"'], /court: the agency JURY is not among/],
    ["an unknown prosecutor", ['prosecutor: "GPO"', 'prosecutor: "DA"'], /prosecutor: the agency DA is not among/],
    ["a digit above 7", ["FMA: 2", "FMA: 8"], /rules.*Freeze.*officers.*FMA.*7/],
    ["a digit of 0", ["FMA: 2", "FMA: 0"], /rules.*Freeze.*officers.*FMA.*1/],
    ["a fraction of an officer", ["FMA: 2", "FMA: 1.5"], /rules.*Freeze.*officers.*FMA.*needs a whole number/],
    ["an agency twice", ['"AUDIT"', '"FMA"'], /twice/],
    ["an agency without a name", ['"AUDIT"', '""'], /agencies.*printable/],
    ["more agencies than digits", ['"AUDIT"', '"A","B","C","D","E","F","G","H","I"'], /agencies.*15/],
    ["an act that there is not", ["Seize: [", "Steal: ["], /rules.*Steal/],
    ["a rule of an act that needs none", ["Seize: [", "lapse: ["], /rules.*lapse/],
    ["an act without an alternative", [/Seize: \[.*\]/, "Seize: []"], /rules.*Seize/],
    ["a term that is none", ['"180d"', '"half a year"'], /rules.*Arrest.*term.*half a year/],
    ["more freezes than the window counts", ["freezesPerDay: 1000", "freezesPerDay: 65536"], /freezesPerDay.*65535/],
    ["a time zone that there is not", ["Asia/Almaty", "Asia/Atlantis"], /timeZone.*time zone database/],
    ["an offset for a time zone", ["Asia/Almaty", "+05:00"], /timeZone.*time zone database/],
    ["a contact in no language", [/contact: \{[^}]*\}/, "contact: {}"], /contact.*en, ru, kk/],
    ["a contact that says nothing", [/en: "[^"]*"/, 'en: " "'], /contact.*en/],
    ["a word that nobody reads", ["numbers: {", "extra: 1, numbers: {"], /extra/],
    ["another schema", ["sequester.parameters/1", "sequester.parameters/2"], /schema/],
    ["text that is no JSON5", ["rules: {", "rules: {{"], /JSON5/],
    ["a file that breaks off", [/rules:[\s\S]*/, ""], /JSON5/],
  ];
  for (const [what, [from, to], reason] of refused) {
    it(`refuse ${what}`, () => {
      const changed = text.replace(from, to);
      expect(changed).not.to.equal(text);
      expect(() => parseParameters("kazakhstan", changed))
        .to.throw(ParametersError, reason)
        .with.property("code", 64);
      expect(() => parseParameters("kazakhstan", changed)).to.throw("deploy/parameters/kazakhstan.json5");
    });
  }

  it("refuse a jurisdiction that has no file", () => {
    expect(() => readParameters("atlantis"))
      .to.throw(ParametersError, /deploy\/parameters\/atlantis\.json5.*\n.*no such file/)
      .with.property("code", 64);
  });
});
