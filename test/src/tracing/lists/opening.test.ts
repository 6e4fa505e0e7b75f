import { expect } from "chai";
import { getAddress } from "viem";
import { readOpening } from "../../../../src/tracing/lists/opening.ts";
import { AccountTable } from "../../../../src/tracing/transfers/accounts.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import { account, fileOf, refused } from "../sources/inputs.ts";

const accounts = new AccountTable();
const [one, two] = [accounts.of(account(1)), accounts.of(account(2))];

describe("readOpening", () => {
  after(removeTemporaryFolders);

  it("reads balances of accounts that have transfers and counts the others", () => {
    const rows = [
      [getAddress(account(1)), String(2n ** 256n - 1n)],
      [account(2), "0"],
      [account(3), "7"],
    ];
    const csv = fileOf("o.csv", ["account,balance", ...rows.map((row) => row.join())].join("\n"));
    const json = fileOf("o.json", JSON.stringify(rows.map(([account, balance]) => ({ account, balance }))));
    for (const path of [csv, json]) {
      const { opening, file, withoutTransfers } = readOpening(path, accounts);
      expect([...opening]).to.deep.equal([
        [one, 2n ** 256n - 1n],
        [two, 0n],
      ]);
      expect([file.path, file.entries, withoutTransfers]).to.deep.equal([path, 3, 1]);
      expect(file.sha256).to.match(/^[0-9a-f]{64}$/);
    }
  });

  const BROKEN: [what: string, row: string, says: string][] = [
    ["of an account that is none", "0x12,5", "its account is no address"],
    [
      "of an account with a wrong checksum",
      "0xdAC17F958D2ee523a2206206994597C13D831ec8,5",
      "its account has a wrong checksum",
    ],
    ["of the zero address", `0x${"0".repeat(40)},5`, "its account is the zero address"],
    ["of an account that is there twice", `${getAddress(account(1))},5`, "its account is there twice"],
    ["below zero", `${account(2)},-5`, "its balance is negative"],
    ["in decimal units", `${account(2)},1.5`, "its balance is not a whole number"],
    ["of 2^256", `${account(2)},${2n ** 256n}`, "its balance is 2^256 or more"],
    ["that is missing", `${account(2)},`, "its balance is missing"],
    ["without a comma", account(2), "it has another number of fields"],
  ];
  for (const [what, row, says] of BROKEN) {
    it(`refuses a balance ${what}, with file and row`, async () => {
      const file = fileOf("o.csv", `account,balance\n${account(1)},1\n${row}\n`);
      expect((await refused(() => readOpening(file, accounts))).message).to.include(`${file}:3 is refused: ${says}`);
    });
  }

  it("refuses a header that is not known", async () => {
    const file = fileOf("o.csv", `address,amount\n${account(1)},1\n`);
    expect((await refused(() => readOpening(file, accounts))).message).to.include("account,balance");
  });
});
