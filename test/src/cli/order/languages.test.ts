import type { Server } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { isoOf } from "../../../../src/base/time.ts";
import { LANGUAGES } from "../../../../src/base/languages.ts";
import { labelsOf } from "../../../../src/cli/order/labels.ts";
import { NOTICE_WORDS } from "../../../../src/cli/noticeWords.ts";
import { digestOf } from "../../../../src/orders/digest.ts";
import { EXCEPTION_WORDS } from "../../../../src/orders/exceptions.ts";
import { parseOrderFile } from "../../../../src/orders/files.ts";
import { derivedAccount } from "../../../../src/deployment/keys.ts";
import { networkHelpers, now } from "../../../system/chain.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../operation/folders.ts";
import { foreignIn } from "../../orders/letters.ts";
import { answering, sequester, serve } from "../inProcess.ts";
import { deployKinds, furnish, SEED, type Kinds } from "./world.ts";

/** Letters that are the same in every language: names of hashes, files and commands, and UTC. */
const NAMES = /\b(?:UTC|SHA-256|EIP-712 Digest|Domain Hash|Message Hash|order show FILE|Safe|--\w+)\b/g;

describe("sequester order and notice, by --lang", () => {
  let system: Kinds;
  let server: Server;
  let url: string;
  let dir: string;
  let file: (name: string) => string;
  let alice: string;

  before(async () => {
    ({ server, url } = await serve());
    system = await networkHelpers.loadFixture(deployKinds);
    alice = await system.alice.getAddress();
    dir = temporaryFolder();
    file = await furnish(dir, system.deployment);
    writeFileSync(file("deployment.json"), JSON.stringify({ ...system.deployment, timeZone: "Asia/Almaty" }));
    for (const [caseId, amount] of [
      ["A-1", "1250.5"],
      ["A-2", "3"],
    ]) {
      const what = [
        "--case",
        caseId!,
        "--ruling",
        file("ruling.md"),
        "--term",
        "10d",
        "--target",
        `${alice}=${amount} KZTE`,
      ];
      const until = ["--valid", isoOf((await now()) + 90_000n)];
      const where = ["--deployment", file("deployment.json"), "-o", file(`${caseId}.order.json`)];
      const told = await sequester(["order", "new", "freeze", ...what, ...until, ...where, "--lang", "kk"]);
      expect(told.code, told.stderr).to.equal(0);
      expect(told.stderr).to.match(new RegExp(`^Билік етуді уақытша шектеу: "${caseId}" ісі бойынша`));
    }
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  const at = () => ["--deployment", file("deployment.json")];
  const told = async (...args: string[]) => {
    const { code, stdout, stderr } = await sequester([...args, ...at()]);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const order = () => parseOrderFile(readFileSync(file("A-1.order.json"), "utf8"), "A-1");

  it("shows an order in Russian and Kazakh, with its fields as they are signed and the clock of the deployment", async () => {
    const { order: signed, domain } = order();
    const ru = await told("order", "show", file("A-1.order.json"), "--lang", "ru");
    expect(ru).to.match(/^Временное ограничение распоряжения: по делу "A-1", на основании документа 0x/);
    expect(ru).to.include("срок: 10 дней с момента исполнения; сумма: 1\u00a0250,5 KZTE актива");
    expect(ru)
      .to.include("временное ограничение распоряжения (Freeze), акт 1")
      .and.match(/^wholeAccount +нет$/m);
    const kk = await told("order", "show", file("A-1.order.json"), "--lang", "kk");
    expect(kk).to.include("сомасы: 1\u00a0250,5 KZTE (актив ");
    expect(kk).to.include("билік етуді уақытша шектеу (Freeze), акт 1").and.include("\nдайджест ");
    for (const text of [ru, kk]) {
      expect(text).to.include(digestOf(signed, domain)).and.include(signed.message.salt);
      expect(text.split("\n")[1]).to.match(
        /^(?:местное время|жергілікті уақыт): \d{4}-\d\d-\d\dT[\d:]+Z \(.*[\d:]{8}, UTC\+5, Asia\/Almaty\)$/,
      );
    }
    const en = await told("order", "show", file("A-1.order.json"));
    expect(en.split("\n")[1]).to.match(/^local time: \d{4}-\d\d-\d\dT[\d:]+Z \(.*[\d:]{8} in Almaty, UTC\+5\)$/);
  });

  it("shows a folder in one table, exceptions first, in Kazakh", async () => {
    const targets = file("targets.csv");
    writeFileSync(
      targets,
      `case,account,asset,amount,platform,group\nA-1,${alice},KZTE,1250.5,,\nA-2,${alice},KZTE,4,,\n`,
    );
    const lines = (await told("order", "show", dir, "--targets", targets, "--lang", "kk")).split("\n");
    expect(lines[0]).to.equal("1 ерекше жағдай, алдымен тексеріңіз:");
    expect(lines[1]).to.include("targets[0]: тізімнен айырмашылық");
    expect(lines[2]).to.match(/^ {4}бары: 0x\w{40} шотында 3 KZTE \(актив 0x\w{40}\)$/);
    const table = lines.slice(5).map((line) => line.split(/ {2,}/));
    expect(table[0]).to.deep.equal(["іс", "акт", "нысана саны", "KZTE", "аяқталуы", "қол қою мерзімі"]);
    const [caseId, act, targetsOf, amount, ends] = table[1]!;
    expect([caseId, act, targetsOf, amount, ends]).to.deep.equal([
      "A-1",
      "билік етуді уақытша шектеу",
      "1",
      "1\u00a0250,50",
      "орындалған сәттен бастап 10 күн",
    ]);
    expect(table[3]).to.deep.equal(["барлығы", "2", "1\u00a0253,50"]);
    expect(lines.at(-2)).to.equal("2 бұйрық; біреуінің барлық өрістері: order show FILE");
  });

  it("has the same data for programs, but for the sentence and what is said of exceptions", async () => {
    const data = async (language: string) => {
      const { orders, ...rest } = JSON.parse(await told("order", "show", dir, "--json", "--lang", language)) as {
        orders: { sentence: string; ends: string }[];
      };
      return { ...rest, orders: orders.map(({ sentence: _, ends: _ends, ...fields }) => fields) };
    };
    expect(await data("kk")).to.deep.equal(await data("en"));
  });

  it("asks in Kazakh whether to sign what it shows in Kazakh", async () => {
    const terminal = answering("yes");
    const call = ["order", "sign", file("A-1.order.json"), "--account", "KNB-9", "--seed", SEED, "--lang", "kk"];
    const { code, stderr } = await sequester([...call, ...at()], terminal);
    expect(code, stderr).to.equal(0);
    expect(terminal.asked).to.deep.equal(["Қол қоясыз ба? yes деп теріңіз: "]);
    expect(stderr).to.match(/^Билік етуді уақытша шектеу: "A-1" ісі бойынша/);
    const { address } = derivedAccount(31_337, SEED, "KNB-9");
    expect(stderr).to.include(digestOf(order().order, order().domain)).and.include(address.toLowerCase());
  });

  it("shows a bundle in one table before it is signed", async () => {
    const bundle = ["order", "sign", "--bundle", dir, "--account", "KNB-9", "--seed", SEED, "--dry-run"];
    const { stderr } = await sequester([...bundle, "--lang", "ru", ...at()]);
    const [first, , head] = stderr.split("\n");
    expect(first).to.match(/^временное ограничение распоряжения \(Freeze\), приказов: 2; во всех: .*term 10 дней/);
    expect(head!.split(/ {2,}/)).to.deep.equal(["дело", "целей", "KZTE"]);
  });

  it("verifies and tells the state of orders in Russian", async () => {
    const verified = await told("order", "verify", file("A-1.order.json"), "--offline", "--lang", "ru");
    expect(verified).to.include("состояние").and.include("открыт, недействителен после");
    expect(verified).to.include("Всё, что проверено, сходится.").and.include("EIP-712 Digest");
    const status = await told("order", "status", dir, "--rpc", url, "--lang", "ru");
    const head = status.split("\n")[0]!.split(/ {2,}/);
    expect(head).to.deep.equal(["приказ", "дело", "акт", "состояние", "одобрили", "не хватает", "до"]);
    expect(status)
      .to.match(/2 приказа \(открыт: 2\); блок \d+, /)
      .and.include(", или ");
  });

  it("simulates and withdraws with sentences in the language that is asked for", async () => {
    const [first, sentence, clock] = (
      await told("order", "simulate", file("A-1.order.json"), "--rpc", url, "--lang", "ru")
    ).split("\n");
    expect(first).to.include(digestOf(order().order, order().domain));
    expect(sentence).to.match(/^ {2}Временное ограничение распоряжения: /);
    expect(clock).to.include("UTC+5, Asia/Almaty");
    const local = ["--account", "KNB-9", "--seed", SEED, "--dry-run", ...at()];
    const cancel = await sequester(["order", "cancel", file("A-1.order.json"), "--lang", "kk", ...local]);
    expect(cancel.code, cancel.stderr).to.equal(0);
    expect(cancel.stderr).to.match(/^Мақұлдауды қайтарып алу: 0x/);
    expect(cancel.stderr).to.match(/^Ол бұйрық: Билік етуді уақытша шектеу: /m);
  });

  it("tells a notice in Kazakh, amounts and times by its rules", async () => {
    const notice = await told("notice", "KZTE", alice, "--rpc", url, "--lang", "kk");
    expect(notice).to.match(new RegExp(`^Шот туралы хабарлама: ${alice}, KZTE \\(0x`));
    expect(notice).to.include("қалдық 1\u00a0000,00 KZTE").and.include("Мұнда ауыртпалық жоқ.");
    expect(notice).to.include("UTC+5, Asia/Almaty");
    expect(foreignIn(notice.replace(/UTC|Asia\/Almaty/g, ""), "kk")).to.deep.equal([]);
  });

  it("refuses a language that it does not speak, with 64", async () => {
    const { code, stdout, stderr } = await sequester([
      "order",
      "show",
      file("A-1.order.json"),
      "--lang",
      "de",
      ...at(),
    ]);
    expect([code, stdout]).to.deep.equal([64, ""]);
    expect(stderr).to.include("en, ru, kk");
  });

  it("has only letters of its language in every word of tables and notices", () => {
    const texts = (value: unknown): string[] => {
      if (typeof value === "string") return [value];
      if (typeof value === "function") return [(value as (...args: string[]) => string)(...Array<string>(6).fill("1"))];
      return Object.values(value as object).flatMap(texts);
    };
    for (const language of ["ru", "kk"] as const) {
      const all = [labelsOf({ language }), NOTICE_WORDS[language], EXCEPTION_WORDS[language]].flatMap(texts);
      expect(all).to.have.length.above(100);
      for (const text of all) expect(foreignIn(text.replace(NAMES, ""), language), text).to.deep.equal([]);
    }
    const keys = LANGUAGES.map((language) => Object.keys(labelsOf({ language })));
    expect(keys[1]).to.deep.equal(keys[0]);
    expect(keys[2]).to.deep.equal(keys[0]);
  });
});
