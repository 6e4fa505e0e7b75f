import { expect } from "chai";
import { getBytes } from "ethers";
import { addressOf, ethers, loadFixture, networkHelpers } from "../system/chain.ts";
import { deploySystem } from "../system/deployed.ts";
import { deployFaultySystem } from "../system/faulty.ts";

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
/** What would let a contract run foreign code as itself, or vanish. */
const FORBIDDEN: Record<number, string> = { 0xf2: "CALLCODE", 0xf4: "DELEGATECALL", 0xff: "SELFDESTRUCT" };

/** EIP-170 allows 24,576. */
const MOST_BYTES = 23_000;

/** The forbidden instructions of runtime code. What is pushed is no instruction, nor is the metadata at the end. */
function forbiddenIn(code: Uint8Array): string[] {
  const metadata = code[code.length - 2]! * 256 + code[code.length - 1]! + 2;
  const found: string[] = [];
  for (let at = 0; at < code.length - metadata; ++at) {
    const instruction = code[at]!;
    if (FORBIDDEN[instruction] !== undefined) found.push(`${FORBIDDEN[instruction]} at ${at}`);
    if (instruction >= PUSH1 && instruction <= PUSH32) at += instruction - PUSH1 + 1;
  }
  return found;
}

describe("the deployed code", () => {
  for (const name of [...(["quorum", "docket", "disposal", "register", "vault", "tenge", "lens"] as const)]) {
    it(`of the ${name} runs no foreign code as its own, cannot vanish and leaves room to grow`, async () => {
      const system = await networkHelpers.loadFixture(deployFaultySystem);
      const code = getBytes(await ethers.provider.getCode(system[name]));
      expect(forbiddenIn(code)).to.deep.equal([]);
      expect(code.length).to.be.greaterThan(100).and.below(MOST_BYTES);
    });
  }

  it("is found out where it does: a vault's clone delegates to its implementation, to nothing else", async () => {
    const system = await networkHelpers.loadFixture(deployFaultySystem);
    const { docket, kzte, alice, vault, caseId } = system;
    await system.take([{ asset: kzte, account: addressOf(alice), amount: 1n }]);
    const code = await ethers.provider.getCode(await docket.vaultOf(caseId));
    const implementation = (await vault.getAddress()).slice(2).toLowerCase();
    expect(code.slice(0, 92)).to.equal(`0x363d3d373d3d3d363d73${implementation}5af43d82803e903d91602b57fd5bf3`);
    // The 45 bytes of ERC-1167, with two bytes behind them that name no metadata.
    expect(forbiddenIn(getBytes(`${code.slice(0, 92)}0000`))).to.deep.equal(["DELEGATECALL at 31"]);
  });
});

describe("The functions of the contracts", () => {
  it("there is no pause: no function of any contract could block a release", async () => {
    const { quorum, docket, disposal, tenge } = await loadFixture(deploySystem);
    for (const contract of [quorum, docket, disposal, tenge]) {
      contract.interface.forEachFunction(({ name, constant }) => {
        if (!constant) expect(name).not.to.match(/pause|halt|stop|upgrade|owner/i);
      });
    }
  });
});
