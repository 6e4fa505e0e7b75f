import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { getAddress } from "viem";
import { readStops, stopsByAccount } from "../../../../src/tracing/lists/stops.ts";
import { AccountTable } from "../../../../src/tracing/transfers/accounts.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { account, fileOf, refused } from "../sources/inputs.ts";

const BITCOIN = "34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo";
const TRON = "TRYL7PKCG4b4xRCM554Q5J6o8f1UjUmfnY";
const SUI = `0x${"5".repeat(64)}`;
const PRECOMPILE = "0x0000000000000000000000000000000000000018";
const ZERO = `0x${"0".repeat(40)}`;

const PACK = `title: Wallets of an exchange
creator: A team
confidence: service_data
category: exchange
source: https://example.org/wallets
lastmod: 2022-11-16
label: "an exchange"
tags:
- address: ${account(1)}
  currency: ETH
- address: '${getAddress(account(2))} '
  label: "=HYPERLINK(\\"x\\")\\nits own"
  category: mixing_service
  source: elsewhere
  lastmod: 2023-01-02
- address: ${BITCOIN}
  currency: BTC
- address: '${ZERO}'
- address: 0x0000000000000000000000000000000000000018
- address: ${SUI}
- address: '${account(1).toUpperCase().replace("X", "x")}'
- address: ${TRON}
- address: 0xdAC17F958D2ee523a2206206994597C13D831ec8
- address: 0x1234
`;

describe("readStops", () => {
  after(removeTemporaryFolders);

  it("reads a TagPack as published: what a tag does not say is said by the head of the pack", () => {
    const file = fileOf("pack.yaml", PACK);
    const { stops, files, doubtful } = readStops([file]);
    expect(stops).to.deep.equal([
      {
        address: account(1),
        label: "an exchange",
        kind: "exchange",
        source: "https://example.org/wallets",
        date: "2022-11-16",
      },
      {
        address: account(2),
        label: '=HYPERLINK("x") its own',
        kind: "mixing_service",
        source: "elsewhere",
        date: "2023-01-02",
      },
    ]);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    const counts = { entries: 10, kept: 2, notAddresses: 5, notWallets: 2, duplicates: 1 };
    expect(files).to.deep.equal([{ path: file, sha256, form: "tagpack", ...counts, date: "2022-11-16" }]);
    expect(doubtful).to.deep.equal([
      `${file}:23: the address "0xdAC17F958D2ee523a2206206994597C13D831ec8" has a wrong checksum; it is left out.`,
      `${file}:24: the address "0x1234" is no address; it is left out.`,
    ]);
  });

  it("reads JSON and CSV of address, label, kind, source and date alike", () => {
    const rows = [
      [account(2), "B, Ltd", "exchange", "register", "2025-01-01"],
      [account(1), "", "", "", ""],
      [BITCOIN, "of Bitcoin", "exchange", "register", "2025-02-01"],
      [PRECOMPILE, "no wallet", "", "", ""],
      [account(2), "again", "", "", ""],
      [SUI, "of another chain", "", "", ""],
    ];
    const columns = ["address", "label", "kind", "source", "date"];
    const csv = fileOf("s.csv", [columns, ...rows].map((row) => row.map((it) => `"${it}"`).join()).join("\r\n"));
    const json = fileOf(
      "s.json",
      JSON.stringify(rows.map((row) => Object.fromEntries(row.map((it, i) => [columns[i] as string, it])) as unknown)),
    );
    for (const file of [csv, json]) {
      const { stops, files, doubtful } = readStops([file]);
      expect(stops).to.deep.equal([
        { address: account(1), label: "", kind: "", source: "", date: "" },
        { address: account(2), label: "B, Ltd", kind: "exchange", source: "register", date: "2025-01-01" },
      ]);
      const counts = { form: "list", entries: 6, kept: 2, notAddresses: 2, notWallets: 1, duplicates: 1 };
      expect(files[0]).to.include({ ...counts, date: "2025-02-01" });
      expect(doubtful).to.deep.equal([]);
    }
  });

  it("takes an address of the list that names it first, and tells of the others as duplicates", () => {
    const list = fileOf("s.csv", `address,label\n${account(1)},ours\n${account(3)},other\n`);
    const { stops, files } = readStops([list, fileOf("pack.yaml", PACK)]);
    expect(stops.map(({ label }) => label)).to.deep.equal(["ours", '=HYPERLINK("x") its own', "other"]);
    expect(files.map(({ kept, duplicates }) => [kept, duplicates])).to.deep.equal([
      [2, 0],
      [1, 2],
    ]);
  });

  it("gives the stops that have transfers by their accounts", () => {
    const accounts = new AccountTable();
    const id = accounts.of(account(2));
    const { stops } = readStops([fileOf("pack.yaml", PACK)]);
    expect([...stopsByAccount(stops, accounts)]).to.deep.equal([[id, stops[1]]]);
  });

  it("reads a thousand entries of JSON without looking for their lines", () => {
    const list = Array.from({ length: 1000 }, (_, i) => ({ address: account(i), label: `service ${i}` }));
    expect(readStops([fileOf("s.json", JSON.stringify(list))]).stops.length).to.equal(1000);
  });

  it("refuses an address of a list of ours that is mistyped, since money would pass it", async () => {
    for (const address of [
      "0x1234",
      account(1).slice(0, -1),
      `${account(1)}0`,
      "0xdAC17F958D2ee523a2206206994597C13D831ec8",
      "",
    ]) {
      const csv = fileOf("s.csv", `address,label\n${account(1)},one\n${address},two\n`);
      const error = await refused(() => readStops([csv]));
      expect(error.message).to.include(`${csv}:3 is refused: its address`);
      const json = fileOf("s.json", JSON.stringify([{ address: account(1) }, { address }], null, 1));
      expect((await refused(() => readStops([json]))).message).to.include(`${json}:5 is refused: its address`);
    }
  });

  it("refuses what is no list of stops", async () => {
    const cases: [text: string, name: string, says: string][] = [
      ["", "HeaderRefusedError", ":1 is refused"],
      ["wallet,label\n", "HeaderRefusedError", "a GraphSense TagPack"],
      ["title: no tags\n", "RowRefusedError", "it is no TagPack"],
      ["title: x\ntags:\n- label: without an address\n", "RowRefusedError", ":3 is refused"],
      ["title: x\ntags:\n- address: [1]\n", "RowRefusedError", ":3 is refused"],
      ["title: x\ntags:\n- address: 'open\n", "RowRefusedError", "it is no YAML"],
      ["a: &a [x, x]\ntags: [*missing]\n", "FileRefusedError", "it cannot be read as YAML"],
      [`{"address": "${account(1)}"}`, "FileRefusedError", "it is no list"],
      ["[{]", "FileRefusedError", "it is no JSON"],
    ];
    for (const [text, name, says] of cases) {
      const file = fileOf("list", text);
      const error = await refused(() => readStops([file]));
      expect(error.name, text).to.equal(name);
      expect(error.message).to.include(file).and.to.include(says);
    }
    expect((await refused(() => readStops(["no such file"]))).name).to.equal("FileAccessError");
  });

  it("refuses aliases of YAML that would grow without bound", async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    const file = fileOf("bomb.yaml", `l0: &l0 x\n${levels.join("\n")}\ntags: []\n`);
    expect((await refused(() => readStops([file]))).message).to.include("it cannot be read as YAML");
  });
});
