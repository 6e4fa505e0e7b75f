import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import { numberToHex, sha256 as sha256Of, stringToHex } from "viem";
import { gather } from "../../../src/audit/gather.ts";
import { LIMITS } from "../../../src/audit/limits.ts";
import { packOf, type Pack } from "../../../src/audit/pack.ts";
import { reconcile } from "../../../src/audit/reconcile.ts";
import { heldSinceOf } from "../../../src/audit/report/ageing.ts";
import { filesOf } from "../../../src/audit/report/files.ts";
import { reportOf, type Report, type Subject } from "../../../src/audit/report/report.ts";
import { REPORT_WORDS } from "../../../src/audit/report/words.ts";
import { LANGUAGES, timeIn } from "../../../src/base/languages.ts";
import { isoOf } from "../../../src/base/time.ts";
import { encodeCaseId } from "../../../src/orders/caseId.ts";
import { addressOf, client, networkHelpers, now } from "../../system/chain.ts";
import { UNIT } from "../../system/money.ts";
import { sequester, serve } from "../cli/inProcess.ts";
import { furnish } from "../cli/order/world.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { deployHistory, type History } from "./world.ts";

const DAY = 86_400;
/** A case and a platform that were named by somebody who knows who will read of them. */
const HOSTILE = "=<img src=x onerror=alert(1)>";
const PLATFORM = "@<script>alert('p')</script>";
const SUB_ACCOUNT = stringToHex('+"><b>1', { size: 32 });
const FILE = sha256Of("0x01");
const SALT = numberToHex(7, { size: 32 });

async function deployReported() {
  const system = await deployHistory();
  const { bob, carol, kzte, register, disposal } = system;
  await system.license(bob, PLATFORM, { omnibus: true });
  await networkHelpers.time.increase(8 * DAY);
  await system.exchangeHold({ asset: kzte, wallet: addressOf(bob), subAccount: SUB_ACCOUNT, amount: 9n * UNIT });
  const asked = await now();
  await networkHelpers.time.increase(3600);
  await register.connect(bob).acknowledge(kzte, SUB_ACCOUNT, 9n * UNIT);
  const until = (await now()) + 90n * BigInt(DAY);
  await system.arrest(
    { place: [{ asset: kzte, account: addressOf(carol), amount: 5n * UNIT }], until },
    { caseId: HOSTILE },
  );
  await disposal.open(encodeCaseId(HOSTILE), SALT, FILE);
  await networkHelpers.time.increase(40 * DAY);
  return { ...system, asked: Number(asked) };
}

describe("audit report", () => {
  let system: History & { asked: number };
  let pack: Pack;
  let server: Server;
  let url: string;
  let file: (name: string) => string;
  const origin = { version: "0.0.0", source: "a test" };

  before(async () => {
    system = await networkHelpers.loadFixture(deployReported);
    ({ server, url } = await serve());
    file = await furnish(temporaryFolder(), system.deployment);
    pack = await packOf(await gather(client, system.deployment, "latest"));
    writeFileSync(file("pack.zip"), pack.bytes);
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const ofPeriod = (subject = {}): Report => reportOf(pack, subject, origin);
  const filesIn = (report: Report, language: "en" | "ru" | "kk" = "en") =>
    Object.fromEntries(filesOf(report, pack.evidence.deployment, language));
  const subjects = (caseId: string): Subject[] => [{ caseId: encodeCaseId(caseId) }, {}];
  /** What a reader sees and copies: without markup, and what stood for it. */
  const textIn = (html: string) => html.replace(/<[^>]*>/g, "");

  it("tells the same sums as reconcile does, of all time and of a period, and totals that are their sums", async () => {
    const blockNumber = pack.shown.header.number;
    const middle = Number(pack.evidence.entries.at(-4)!.timestamp);
    for (const since of [0, middle]) {
      const { flows } = await reconcile(client, system.deployment, { block: blockNumber, since });
      const { movements } = ofPeriod({ after: since });
      expect(movements).to.have.length(flows.length).above(2);
      for (const { suspense, inVault, ...flow } of flows) {
        const { balance, beyond, ...movement } = movements.find(
          ({ caseId, asset }) => caseId === flow.caseId && asset === flow.asset,
        )!;
        expect(movement).to.deep.equal(flow);
        expect([balance, beyond]).to.deep.equal([inVault, suspense]);
      }
    }
    const report = ofPeriod();
    for (const totals of report.totals!) {
      const rows = pack.custody.filter(({ asset }) => asset === totals.asset);
      for (const name of ["placed", "held", "lapsed", "lifted", "seized", "returned", "inCustody"] as const) {
        expect(totals[name], name).to.equal(rows.reduce((sum, row) => sum + row[name], 0n));
      }
      const drawn = report.custody.find(({ asset }) => asset === totals.asset)?.points.at(-1)?.amount ?? 0n;
      expect(drawn).to.equal(totals.inCustody);
    }
    expect(report.totals![0]).to.include({ inCustody: 35n * UNIT, returned: 25n * UNIT });
    expect(report.custody[0]!.points.map(({ amount }) => amount)).to.include.members([0n, 35n * UNIT]);
  });

  it("ends where the period does: what came later is not in it, and no balance of another time", () => {
    const seized = pack.evidence.entries.find(({ act }) => act === 5)!;
    const until = Number(seized.timestamp) - 1;
    const { movements, holds, totals, entries } = ofPeriod({ until });
    expect(entries).to.equal(Number(seized.seq) - 1);
    expect(movements.every(({ closing, balance }) => closing === 0n && balance === undefined)).to.equal(true);
    expect(totals![0]).to.include({ held: 147n * UNIT, inCustody: 0n });
    expect(holds).to.have.length(3);
    const end = Number(pack.shown.header.timestamp);
    expect(() => ofPeriod({ until: end + 1 })).to.throw(/period cannot be reported/);
    expect(() => ofPeriod({ after: end, until: end })).to.throw(/period cannot be reported/);
    expect(() => reportOf(pack, { caseId: encodeCaseId("NONE") }, origin)).to.throw(/no case NONE/);
  });

  it("tells every step of a case: who of which agency, when, on which document, by which order and transaction", () => {
    const caseId = encodeCaseId("CASE-1");
    const { timeline } = reportOf(pack, { caseId }, origin);
    const entries = pack.evidence.entries.filter((entry) => entry.caseId === caseId);
    expect(timeline!.map(({ entry }) => BigInt(entry))).to.deep.equal(entries.map(({ seq }) => seq));
    for (const [i, { at, document, order, transaction, approvals }] of timeline!.entries()) {
      const entry = entries[i]!;
      expect([BigInt(at), document, order, transaction]).to.deep.equal([
        entry.timestamp,
        entry.document,
        entry.order,
        entry.transactionHash,
      ]);
      expect(approvals.map(({ officer }) => officer)).to.deep.equal(entry.officerIds);
      expect(approvals.length).to.be.above(1);
      for (const { agency } of approvals) expect(["FMA", "GPO", "COURT", "NBK"]).to.include(agency);
    }
    expect(timeline!.flatMap(({ changes }) => changes)).to.deep.include({
      what: "returned",
      asset: system.kzte,
      account: addressOf(system.alice),
      amount: 25n * UNIT,
    });
  });

  it("names holds by age without a gap, officers who are silent, and how long a platform took to answer", () => {
    const { holds, officers, answers } = ofPeriod();
    const old = holds.filter(({ beyondDays }) => beyondDays === 30);
    expect(old).to.have.length(1);
    expect(old[0]).to.include({ caseId: encodeCaseId(HOSTILE), opened: false, account: addressOf(system.carol) });
    expect(officers!.filter(({ silent }) => silent).length)
      .to.equal(officers!.length)
      .and.above(20);
    expect(officers!.some(({ lastSigned }) => lastSigned === undefined)).to.equal(true);
    expect(answers).to.have.length(1);
    expect(answers![0]).to.include({ platform: PLATFORM, asked: system.asked, subAccount: SUB_ACCOUNT });
    expect(answers![0]!.answered! - system.asked).to.be.within(3600, 3602);
    const hold = (number: number, until: number) => ({ number, until }) as never;
    const span = (number: number, from: number, to: number) => ({ number, from, to, caseNumber: number });
    const joined = [span(1, 10, 20), span(2, 21, 50), span(3, 30, 0)];
    expect(heldSinceOf({ holds: [hold(3, 100)], spans: joined }, 90)).to.equal(10);
    const apart = [span(1, 10, 20), span(2, 22, 50), span(3, 30, 0)];
    expect(heldSinceOf({ holds: [hold(3, 100)], spans: apart }, 90)).to.equal(22);
  });

  it("keeps every hash whole in the page, in groups of four, with the hash of its JSON, the block and what it does not prove", () => {
    for (const language of LANGUAGES) {
      for (const subject of subjects("CASE-1")) {
        const report = reportOf(pack, subject, origin);
        const files = filesIn(report, language);
        const html = files["report.html"]!;
        const json = files["report.json"]!;
        const text = textIn(html);
        const hashes = new Set(json.match(/0x[0-9a-fA-F]{40,64}(?![0-9a-fA-F])/g));
        for (const symbol of [system.kzte, system.usdx]) hashes.delete(symbol);
        hashes.delete(encodeCaseId("CASE-1"));
        for (const row of report.movements) hashes.delete(row.caseId);
        for (const { caseId } of report.holds) hashes.delete(caseId);
        hashes.delete(SUB_ACCOUNT);
        for (const { wallet, account } of report.answers ?? []) [wallet, account].forEach((it) => hashes.delete(it));
        for (const { account } of report.holds) hashes.add(account);
        expect(hashes.size).to.be.above(8);
        for (const hash of hashes) expect(text, hash).to.include(hash);
        expect(html).to.match(/<code>0x<i>[0-9a-f]{4}<\/i><wbr><i>[0-9a-f]{4}<\/i>/);
        expect(text)
          .to.include(`0x${sha256(json)}`)
          .and.include(pack.shown.header.hash);
        expect(text)
          .to.include(timeIn(isoOf(pack.shown.header.timestamp), language))
          .and.include("0.0.0");
        expect(html).to.include(`<html lang="${language}">`).and.include("<thead>").and.include("<svg");
        expect(html).to.include("size:A4").and.include("table-header-group");
        const { provesNot } = LIMITS[language];
        for (const limit of provesNot) expect(text.replaceAll("&#39;", "'")).to.include(limit);
        for (const name of Object.keys(files).filter((it) => it.endsWith(".csv"))) {
          const csv = files[name]!;
          expect(csv, name).to.include(sha256(json)).and.include(provesNot[0]!.slice(0, 20));
          expect(csv.startsWith("\uFEFF")).to.equal(true);
        }
      }
    }
  });

  it("asks no host for anything, and has no script", () => {
    const html = filesIn(ofPeriod())["report.html"]!;
    const tags = html.match(/<[^>]*>/g)!.join("\n");
    expect(tags).not.to.match(/<(?:script|link|img|iframe|object|embed|base|form|a)\b|\bon\w+=|url\(|@import|\bsrc=/i);
    expect(html.match(/https?:[^"]*/g)!.every((it) => it === "http://www.w3.org/2000/svg")).to.equal(true);
    expect(html).to.include("default-src 'none'");
  });

  it("takes names of cases, platforms and sub-accounts for text, in the page and in a spreadsheet", () => {
    for (const subject of subjects(HOSTILE)) {
      const files = filesIn(reportOf(pack, subject, origin));
      const html = files["report.html"]!;
      expect(html).not.to.match(/<img|<script|"><b>1/);
      expect(html).to.include("=&lt;img src=x onerror=alert(1)&gt;");
      expect(files["holds.csv"]).to.include(`'${HOSTILE}`);
      for (const [name, csv] of Object.entries(files).filter(([name]) => name.endsWith(".csv"))) {
        expect(csv, name).not.to.match(/(?:^|,)"?[=+\-@]/m);
      }
    }
    const files = filesIn(ofPeriod());
    expect(files["report.html"]).to.include("@&lt;script&gt;");
    expect(files["answers.csv"]).to.include(`"'${PLATFORM}"`);
    const { deployment } = pack.evidence;
    const assets = { [HOSTILE + "\u202e"]: deployment.addresses.assets["KZTE"]! };
    const named = { ...deployment, addresses: { ...deployment.addresses, assets } };
    const page = Object.fromEntries(filesOf(ofPeriod(), named, "kk"))["report.html"]!;
    expect(page).not.to.match(/<img|\u202e/);
  });

  it("has every word in all three languages", () => {
    const keysOf = (value: unknown, at = ""): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => keysOf(item, `${at}.${key}`))
        : [at];
    const textsIn = (value: unknown): string[] =>
      typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [String(value)];
    for (const language of LANGUAGES) {
      expect(keysOf(REPORT_WORDS[language])).to.deep.equal(keysOf(REPORT_WORDS.en));
      expect(keysOf(LIMITS[language])).to.deep.equal(keysOf(LIMITS.en));
      expect(textsIn(REPORT_WORDS[language]).every((text) => text.trim() !== "")).to.equal(true);
    }
    for (const language of ["ru", "kk"] as const) {
      for (const text of textsIn({ ...REPORT_WORDS[language].columns, ...REPORT_WORDS[language].changes })) {
        expect(text).to.match(/\p{Script=Cyrillic}/u);
      }
    }
    expect(timeIn("2026-03-01T02:03:04Z", "kk")).to.equal("01.03.2026 02:03:04 UTC");
  });

  it("is written from a node and from a pack, the same but for where it came from, and never over a file", async () => {
    const deployed = ["--deployment", file("deployment.json")];
    const ofCase = ["audit", "report", "--case", "CASE-1", "--lang", "kk"];
    const told = await sequester([...ofCase, "--rpc", url, ...deployed, "-o", file("node")]);
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stdout).to.equal(`${path.join(file("node"), "report.html")}\n`);
    expect((await sequester([...ofCase, "--pack", file("pack.zip"), "-o", file("packed")])).code).to.equal(0);
    expect(readdirSync(file("node"))).to.deep.equal(readdirSync(file("packed")));
    const [one, other] = ["node", "packed"].map((name) => {
      const { origin, ...report } = JSON.parse(readFileSync(path.join(file(name), "report.json"), "utf8")) as Report;
      return { origin, report };
    });
    expect(one!.report).to.deep.equal(other!.report);
    expect([one!.origin.source, other!.origin.source.slice(0, 13)]).to.deep.equal([url, "pack, SHA-256"]);
    expect((await sequester([...ofCase, "--pack", file("pack.zip"), "-o", file("packed")])).code).to.equal(64);
  });

  it("takes days and times for a period, and refuses what is none", async () => {
    const day = (shift: number) => isoOf(Number(pack.shown.header.timestamp) + shift * DAY).slice(0, 10);
    const ask = (...more: string[]) =>
      sequester(["audit", "report", "--pack", file("pack.zip"), ...more, "-o", file(`asked${n++}`)]);
    let n = 0;
    const told = await ask("--period", `${day(-20)}..${day(-1)}`);
    expect(told.code, told.stderr).to.equal(0);
    const report = JSON.parse(readFileSync(path.join(file("asked0"), "report.json"), "utf8")) as Report;
    expect([isoOf(report.after), isoOf(report.until)]).to.deep.equal([`${day(-21)}T23:59:59Z`, `${day(-1)}T23:59:59Z`]);
    expect((await ask("--period", "..")).code).to.equal(0);
    for (const wrong of ["2026", "2026-01-01..soon", "2026-01-01..2026-01-02..", `..${day(3)}`]) {
      expect((await ask("--period", wrong)).code, wrong).to.equal(64);
    }
    expect((await ask()).code).to.equal(64);
    expect((await ask("--case", "CASE-1", "--period", "..")).code).to.equal(64);
    expect((await ask("--case", "NO-SUCH")).code).to.equal(64);
    expect((await ask("--case", "CASE-1", "--rpc", url)).code).to.equal(64);
  });

  it("is not written from a pack that is refused", async () => {
    const bytes = Uint8Array.from(pack.bytes);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file("forged.zip"), bytes);
    const told = await sequester([
      "audit",
      "report",
      "--case",
      "CASE-1",
      "--pack",
      file("forged.zip"),
      "-o",
      file("no"),
    ]);
    expect(told.code).to.equal(3);
    expect(existsSync(file("no"))).to.equal(false);
  });
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
