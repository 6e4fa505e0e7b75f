import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { Server } from "node:http";
import path from "node:path";
import { expect } from "chai";
import type { Deployment } from "../../../src/chain/deployments.ts";
import type { Notice } from "../../../src/notice/notice.ts";
import { networkHelpers } from "../../system/chain.ts";
import { type Crowd, deployCrowd } from "../../system/crowd.ts";
import { deploymentOf } from "../../system/deployment.ts";
import { UNIT } from "../../system/money.ts";
import { removeTemporaryFolders, temporaryFolder } from "../operation/folders.ts";
import { sequester, serve } from "./inProcess.ts";

describe("sequester notice", () => {
  let system: Crowd;
  let server: Server;
  let url: string;
  let file: string;

  const notice = (...args: string[]) => sequester(["notice", ...args]);

  before(async () => {
    ({ server, url } = await serve());
    system = await networkHelpers.loadFixture(deployCrowd);
    file = path.join(temporaryFolder(), "deployment.json");
    writeFileSync(file, JSON.stringify(await deploymentOf(system)));
  });
  after(() => {
    server.close();
    removeTemporaryFolders();
  });

  it("prints it as JSON in base units, by the asset's symbol or its address", async () => {
    const { alice, kzte } = system;
    const told = await notice("KZTE", alice.address, "--rpc", url, "--deployment", file, "--json");
    expect([told.code, told.stderr]).to.deep.equal([0, ""]);
    const found = JSON.parse(told.stdout) as Notice;
    expect(found).to.include({ schema: "sequester.notice/1", symbol: "KZTE", held: String(150n * UNIT) });
    expect(found.holds).to.have.length(2);
    expect(told.stdout).to.equal(`${JSON.stringify(found)}\n`);
    const byAddress = await notice(kzte, alice.address.toLowerCase(), "--rpc", url, "--deployment", file, "--json");
    expect(byAddress.stdout).to.equal(told.stdout);
  });

  it("prints it to read", async () => {
    const { stdout } = await notice("KZTE", system.alice.address, "--rpc", url, "--deployment", file);
    expect(stdout).to.match(/^Notice about 0x\w+ in KZTE/);
    expect(stdout).to.include("held 150.00 KZTE").and.include("Checked against the journal's");
  });

  describe("where to contest", () => {
    const contact = { en: "the judge <of> Astana", kk: "Астана судьясы" };
    let told: string;
    before(() => {
      told = path.join(temporaryFolder(), "deployment.json");
      writeFileSync(told, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), contact }));
    });
    const ask = (...more: string[]) =>
      notice("KZTE", system.alice.address, "--rpc", url, "--deployment", told, ...more);

    it("is told in the reader's language, else in one that there is", async () => {
      expect((await ask()).stdout).to.include("\nWhere to contest: the judge <of> Astana\n");
      expect((await ask("--lang", "kk")).stdout).to.include(": Астана судьясы\n");
      expect((await ask("--lang", "ru")).stdout).to.include("\nГде оспорить: the judge <of> Astana\n");
      expect((JSON.parse((await ask("--json")).stdout) as Notice).contact).to.deep.equal(contact);
      const none = await notice("KZTE", system.alice.address, "--rpc", url, "--deployment", file);
      expect(none.stdout).not.to.include("Where to contest");
    });

    it("stands with all the rest on a page to print, which asks nobody for anything and has no markup of others", async () => {
      for (const language of ["en", "ru", "kk"]) {
        const page = path.join(temporaryFolder(), "notice.html");
        const { stdout } = await ask("--lang", language);
        const made = await ask("--lang", language, "-o", page);
        expect([made.code, made.stdout, made.stderr]).to.deep.equal([0, "", `The notice is in ${page}.\n`]);
        const html = readFileSync(page, "utf8");
        const shown = html.slice(html.indexOf("<body>")).replace(/<[^>]*>/g, "");
        const words = (text: string) => text.split(/\s+/).filter(Boolean);
        expect(words(shown.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#39;", "'"))).to.deep.equal(
          words(stdout),
        );
        expect(html).to.include(`<html lang="${language}">`).and.include("size:A4").and.include("default-src 'none'");
        expect(html).not.to.match(/<of>|<script|https?:/);
      }
    });

    it("is one line that is seen, as is a symbol: else the deployment's file is refused", async () => {
      const { addresses, codeHashes, ...others } = JSON.parse(readFileSync(file, "utf8")) as Deployment;
      const odd = path.join(temporaryFolder(), "odd.json");
      const ask = () => notice("KZTE", system.alice.address, "--rpc", url, "--deployment", odd);
      for (const text of ["here\nNo case holds anything here.", "\u001b[2Jhere", "\u202ehere", "he\u200bre"]) {
        for (const [what, deployment] of [
          ["contact.en", { ...others, addresses, codeHashes, contact: { en: text } }],
          [
            "addresses.assets",
            {
              ...others,
              addresses: { ...addresses, assets: { ...addresses.assets, [text]: addresses.assets["KZTE"] } },
              codeHashes: { ...codeHashes, assets: { ...codeHashes.assets, [text]: codeHashes.assets["KZTE"] } },
            },
          ],
        ] as const) {
          writeFileSync(odd, JSON.stringify(deployment));
          const { code, stdout, stderr } = await ask();
          expect([code, stdout], JSON.stringify(text)).to.deep.equal([64, ""]);
          expect(stderr).to.include(what);
        }
      }
    });

    it("is written over nothing, and not as JSON", async () => {
      const page = path.join(temporaryFolder(), "notice.html");
      writeFileSync(page, "mine");
      const again = await ask("-o", page);
      expect([again.code, readFileSync(page, "utf8")]).to.deep.equal([64, "mine"]);
      const both = await ask("-o", `${page}.2`, "--json");
      expect([both.code, both.stdout, existsSync(`${page}.2`)]).to.deep.equal([64, "", false]);
    });
  });

  it("ends with 5 where no node answers", async () => {
    const gone = await serve();
    gone.server.close();
    await once(gone.server, "close");
    const told = await notice("KZTE", system.alice.address, "--rpc", gone.url, "--deployment", file);
    expect([told.code, told.stdout]).to.deep.equal([5, ""]);
    expect(told.stderr).to.include("No node answers at");
  });

  for (const [what, args, says] of [
    ["an unknown asset", ["EURO", "0x000000000000000000000000000000000000dEaD"], 'has: "EURO"'],
    ["no address", ["KZTE", "0x12"], "The account is no address."],
    ["a wrong checksum", ["KZTE", "0x000000000000000000000000000000000000dEAD"], "The account is no address."],
  ] as const) {
    it(`ends with 64 for ${what}`, async () => {
      const told = await notice(...args, "--rpc", url, "--deployment", file);
      expect([told.code, told.stdout]).to.deep.equal([64, ""]);
      expect(told.stderr).to.include(says);
    });
  }

  it("ends with 64 without a deployment's file, and with 3 where the node has another", async () => {
    const { alice } = system;
    const missing = await notice("KZTE", alice.address, "--rpc", url, "--deployment", `${file}.gone`);
    expect(missing.code).to.equal(64);
    const deployment = await deploymentOf(system);
    const other = path.join(temporaryFolder(), "deployment.json");
    const codeHashes = { ...deployment.codeHashes, docket: deployment.codeHashes.lens };
    writeFileSync(other, JSON.stringify({ ...deployment, codeHashes }));
    const differs = await notice("KZTE", alice.address, "--rpc", url, "--deployment", other);
    expect(differs.code).to.equal(3);
    expect(differs.stderr).to.include("code of docket");
  });
});
