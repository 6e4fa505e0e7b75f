import { expect } from "chai";
import { AccountNotTouchedError, explain } from "../../../../src/tracing/evidence/explain.ts";
import { Evidence } from "../../../../src/tracing/evidence/read.ts";
import { removeTemporaryFolders } from "../../operation/folders.ts";
import * as h from "./harness.ts";

const { victim, thief, mule, friend, platform, THEFT, sequester } = h;

describe("the explanation of an account", () => {
  after(removeTemporaryFolders);

  const lines = (dir: string, account: string, method: "fifo" | "taint-first") =>
    explain(new Evidence(dir), account, method).steps.map(({ from, to, taint }) => [from, to, Number(taint)]);

  it("follows the money back to the stolen transfer, in order, bounces with it", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo", "--method", "taint-first");
    expect(lines(dir, friend, "taint-first")).to.deep.equal([
      [victim, thief, 600],
      [thief, mule, 450],
      [mule, friend, 200],
    ]);
    // What came back to the thief could have gone on to the platform.
    expect(lines(dir, platform, "taint-first")).to.deep.equal([
      [victim, thief, 600],
      [thief, mule, 450],
      [mule, thief, 50],
      [thief, platform, 120],
    ]);
    expect(lines(dir, mule, "fifo")).to.deep.equal([
      [victim, thief, 600],
      [thief, mule, 150],
    ]);
  });

  it("has no transfer that came after the money had gone on", async () => {
    const dir = await h.traced(
      {
        transfers: [
          [h.ZERO, victim, 1_000],
          [victim, thief, 100],
          [thief, mule, 100],
          [mule, friend, 100],
          [victim, mule, 300], // stolen too, later
        ],
        seeds: [[1], [4]],
      },
      "--method",
      "fifo",
    );
    expect(lines(dir, friend, "fifo")).to.deep.equal([
      [victim, thief, 100],
      [thief, mule, 100],
      [mule, friend, 100],
    ]);
  });

  it("ends, however often money went back and forth", async () => {
    const bounces = Array.from(
      { length: 2_000 },
      (_, i) => (i % 2 === 0 ? [thief, mule, 50] : [mule, thief, 50]) as h.Sent,
    );
    const dir = await h.traced(
      { transfers: [[h.ZERO, victim, 90], [victim, thief, 90], ...bounces, [thief, friend, 70]], seeds: [[1]] },
      "--method",
      "fifo",
    );
    expect(lines(dir, friend, "fifo")).to.have.length(2_002);
  });

  it("is told in words, with amounts, places and who is a service", async () => {
    const dir = await h.traced(THEFT, "--method", "taint-first", "--decimals", "2");
    const { stdout } = await sequester("trace", "explain", dir, friend.toUpperCase().replace("0X", "0x"));
    expect(stdout.split("\n")).to.deep.equal([
      `${friend} has 1.23 at block 111; by taint-first, 1.23 of it is traced money.`,
      "It came from 1 stolen transfer, through 3 transfers in all:",
      "",
      `   1. ${victim} sent 6 to ${thief}: all of it is stolen money.`,
      `      block 102, log index 7, ${h.hash(3)}`,
      `   2. ${thief} sent 4.5 to ${mule}: all of it traced money by taint-first.`,
      `      block 103, log index 7, ${h.hash(4)}`,
      `   3. ${mule} sent 2 to ${friend}: all of it traced money by taint-first.`,
      `      block 110, log index 7, ${h.hash(11)}`,
      "",
    ]);
    const service = await sequester("trace", "explain", dir, platform);
    expect(service.stdout).to.include(
      `${platform} (licensed platform 1) is a service: 1.2 of the traced money reached it`,
    );
    const data = JSON.parse((await sequester("trace", "explain", dir, platform, "--json")).stdout) as object;
    expect(data).to.deep.include({
      schema: "sequester.explanation/1",
      method: "taint-first",
      balance: null,
      taint: "120",
    });
  });

  it("says that nothing came by the method, where something came by another", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo", "--method", "taint-first");
    const { stdout, code } = await sequester("trace", "explain", dir, friend, "--method", "fifo");
    expect([code, stdout]).to.deep.equal([
      0,
      `${friend} has 123 base units at block 111; by fifo, 0 base units of it is traced money.\nNone ever reached it by fifo.\n`,
    ]);
  });

  it("refuses accounts that nothing reached, what is no address, and evidence without ledgers", async () => {
    const dir = await h.traced(THEFT, "--method", "fifo");
    expect(() => explain(new Evidence(dir), h.wallet(99), "fifo")).to.throw(AccountNotTouchedError, "no traced money");
    expect((await sequester("trace", "explain", dir, "0x12")).code).to.equal(64);
    expect((await sequester("trace", "explain", dir, friend, "--method", "haircut")).code).to.equal(64);
    const bare = await h.traced(THEFT, "--method", "fifo", "--no-ledgers");
    expect((await sequester("trace", "explain", bare, thief)).stderr).to.include("evidence without ledgers");
    expect((await sequester("trace", "verify", bare)).code).to.equal(0);
  });
});
