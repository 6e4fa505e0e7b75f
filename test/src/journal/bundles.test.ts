import { expect } from "chai";
import { zeroHash, type Address, type Hex } from "viem";
import { admissionsOf } from "../../../src/deployment/charter.ts";
import { powersOf, type Said } from "../../../src/journal/powers.ts";
import { buildCancel, buildFreeze, bundleOf, digestOf, OFFICER_KINDS, rangeOf } from "../../../src/orders/index.ts";
import { loadFixture, NEVER } from "../../system/chain.ts";
import { charterFor } from "../../system/charters.ts";
import { deployContracts } from "../../system/deployed.ts";
import { journalOf } from "../../system/journal.ts";
import { approvalsOf, keyOfficer, officerIdOf, safeOfficer, type TestOfficer } from "../../system/kinds.ts";
import { DOCUMENT, nextSalt, officer, struct } from "../../system/officers.ts";
import { OFFICERS, type OfficerName } from "../../system/parameters.ts";

const key = (name: OfficerName): TestOfficer => keyOfficer(officer(name));

async function deployWithSafe() {
  const system = await deployContracts();
  const safe = await safeOfficer();
  const usual = charterFor(system.addresses);
  const seat = { agency: 0, kind: OFFICER_KINDS.contract, signer: safe.signer };
  const charter = { ...usual, seats: [...usual.seats, seat] };
  const signers = new Map<string, TestOfficer>([
    ...OFFICERS.map(({ name }) => [officer(name as OfficerName).address, key(name as OfficerName)] as const),
    [safe.signer, safe],
  ]);
  const signatures = await Promise.all(
    admissionsOf(charter).map((it) => signers.get(it.message.signer)!.sign(digestOf(it, system.domain))),
  );
  await system.quorum.install(struct(charter), signatures);
  return { ...system, safe };
}

describe("approvals of orders and bundles in the replayed journal", () => {
  it("are what the Quorum stores, after every one of many random acts", async function () {
    this.timeout(60_000);
    const system = await loadFixture(deployWithSafe);
    const { quorum, docket, domain, kzte, alice, safe } = system;
    let seed = 20_261_130;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const bundles = ["A", "B", "C"].map((caseId) => {
      const orders = [1n, 2n, 3n].map((amount) => {
        const targets = [{ asset: kzte, account: alice.address as Address, amount }];
        return buildFreeze({ caseId, document: DOCUMENT, targets, term: 86_400, signBy: NEVER, salt: nextSalt() });
      });
      return { orders, bundle: bundleOf("Freeze", orders, domain) };
    });
    const officers = [key("FMA-1"), key("FMA-2"), key("GPO-1"), safe];
    const ids = officers.map(officerIdOf);
    const digests = bundles.flatMap(({ bundle }) => [bundle.digest, ...bundle.leaves]);
    const quorumAddress = await quorum.getAddress();

    const cancel = async (order: Hex, by: TestOfficer) => {
      const { message, ...rest } = buildCancel({ order, signBy: NEVER, salt: nextSalt() });
      await quorum.cancel(message, await approvalsOf(digestOf({ message, ...rest }, domain), [by]));
    };
    const bySafe = (call: "approve" | "revoke", digest: Hex) =>
      safe.execute(quorumAddress, quorum.interface.encodeFunctionData(call as "approve", [digest]));
    const execute = async ({ orders, bundle }: (typeof bundles)[number], index: number) => {
      const approvals = await approvalsOf(bundle.digest, officers.slice(0, 3));
      await docket.freeze([struct(orders[index]!.message)], [approvals], rangeOf(bundle, index, 1));
    };

    const expectStored = async (act: number) => {
      const { approved, withdrawn } = powersOf(await journalOf(system));
      const has = (said: Said, digest: Hex, id: Hex) => said.get(digest)?.has(id) ?? false;
      for (const digest of digests) {
        for (const id of ids) {
          const gone = has(withdrawn, digest, id);
          const told = [gone, has(approved, digest, id) && !gone];
          const stored = [await quorum.isWithdrawn(digest, id), await quorum.isApproved(digest, id)];
          expect(told, `act ${act}, ${digest}, ${id}`).to.deep.equal(stored);
        }
      }
      return { approved, withdrawn };
    };
    for (let act = 0; act < 40; act++) {
      const digest = digests[random(digests.length)]!;
      const acts = [
        () => cancel(digest, officers[random(4)]!),
        () => bySafe("approve", digest),
        () => bySafe("revoke", digest),
        () => execute(bundles[random(3)]!, random(3)),
      ];
      await acts[random(acts.length)]!().catch((error: unknown) => {
        if (!/revert|Quorum/.test(String(error))) throw error;
      });
      if (act % 8 === 7) await expectStored(act);
    }
    const { approved, withdrawn } = await expectStored(40);
    const executed = (await journalOf(system)).filter(({ order }) =>
      bundles.some(({ bundle }) => bundle.leaves.includes(order)),
    );
    const isBundle = (digest: Hex) => bundles.some(({ bundle }) => bundle.digest === digest);
    expect([...withdrawn.keys()].filter(isBundle), "bundles that somebody withdrew from").not.to.be.empty;
    expect(
      [...withdrawn.keys()].filter((it) => !isBundle(it) && it !== zeroHash),
      "orders",
    ).not.to.be.empty;
    expect([...approved.keys()], "approvals on chain").not.to.be.empty;
    expect(executed, "orders of bundles that were executed").not.to.be.empty;
  });
});
